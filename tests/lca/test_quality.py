import pytest
from lca_cast import emission, factor, made, process, system, taken

from tanbiao.lca.footprint import calculate_footprint
from tanbiao.lca.model import DataKind, DataQuality, GasClass
from tanbiao.lca.quality.assessment import assess_quality, primary_data_share

ORE, LIME = factor("ore", 1, "kg"), factor("lime", 1, "kg")


def quality_of(*rows, emissions=()):
    mill = process("mill", made(1, "t"), inputs=rows, emissions=emissions)
    return assess_quality(calculate_footprint(system(("1", "t"), "mill", mill, factors=[ORE, LIME])))


def test_the_rating_is_the_mean_of_three_scores():
    (line,) = quality_of(taken(1, "kg", factor="ore", quality=DataQuality(1, 2, 5))).dqr_by_line
    assert line.dqr == 8 / 3


def test_ratings_are_weighted_by_contribution():
    summary = quality_of(
        taken(75, "kg", "矿石", factor="ore", quality=DataQuality(1, 1, 1), data_kind=DataKind.MEASURED),
        taken(25, "kg", "石灰", factor="lime", quality=DataQuality(3, 4, 5)),
    )
    assert summary.dqr == pytest.approx(0.75 * 1 + 0.25 * 4)
    assert summary.technological == pytest.approx(0.75 * 1 + 0.25 * 3)
    assert summary.geographical == pytest.approx(0.75 * 1 + 0.25 * 4)
    assert summary.temporal == pytest.approx(0.75 * 1 + 0.25 * 5)
    assert summary.primary_share == pytest.approx(0.75)
    assert summary.coverage == pytest.approx(1)
    assert [(line.line, line.dqr, line.weight) for line in summary.dqr_by_line] == [
        ("矿石", 1, 0.75),
        ("石灰", 4, 0.25),
    ]


def test_what_has_no_scores_lowers_the_coverage_and_not_the_rating():
    summary = quality_of(
        taken(40, "kg", "矿石", factor="ore", quality=DataQuality(2, 2, 2)),
        taken(60, "kg", "石灰", factor="lime"),
    )
    assert summary.dqr == pytest.approx(2)
    assert summary.coverage == pytest.approx(0.4)
    assert [line.dqr for line in summary.dqr_by_line] == [2, None]


def test_nothing_scored_is_no_rating():
    summary = quality_of(taken(1, "kg", factor="ore"))
    assert summary.dqr is None
    assert summary.technological is None
    assert summary.coverage == 0


@pytest.mark.parametrize("kind", DataKind)
def test_only_secondary_data_are_not_primary(kind):
    summary = quality_of(taken(1, "kg", factor="ore", data_kind=kind))
    assert summary.primary_share == (kind is not DataKind.SECONDARY)


def test_removals_weigh_by_their_size():
    removal = emission(
        50, gas_class=GasClass.BIOGENIC_REMOVAL, quality=DataQuality(5, 5, 5), data_kind=DataKind.SECONDARY
    )
    summary = quality_of(
        taken(50, "kg", factor="ore", quality=DataQuality(1, 1, 1), data_kind=DataKind.SUPPLIER), emissions=[removal]
    )
    assert summary.dqr == pytest.approx(3)
    assert summary.primary_share == pytest.approx(0.5)


def test_an_empty_footprint_has_no_shares():
    summary = quality_of()
    assert (summary.dqr, summary.primary_share, summary.coverage, summary.dqr_by_line) == (None, 0, 0, ())


def test_the_primary_share_of_suppliers_counts_by_their_own_shares():
    """60 kg of own data, 30 kg of a supplier whose own share is 0.5, 10 kg of a database."""
    assert primary_data_share([60, 30, 10], [1, 0.5, 0]) == pytest.approx(0.75)
    assert primary_data_share([-50, 50], [1, 0]) == pytest.approx(0.5)
    assert primary_data_share([], []) == 0

"""The same model on another database: proposals per row, both results beside each other, the difference explained."""

from math import fsum

import pytest
from library_cast import factor

from tanbiao.platform.kernel.actions import Invalid
from tanbiao.platform.products.queries import factor_rows

#: (id, Chinese, English, value, unit, more) of a small database of another country
ROWS = [
    ("el", "电力，低压", "Electricity, low voltage", 0.42, "kWh", {"kind": "electricity_footprint"}),
    ("lime", "石灰", "Lime", 1.1, "kg", {}),
    ("dolomite", "白云石", "Dolomite", 2.0, "kg", {}),
    ("pig", "生铁", "Pig iron", 1.9, "kg", {}),
    ("road", "公路运输", "Road transport", 0.08, "t·km", {"kind": "transport"}),
    ("water", "新水", "Tap water", 0.0003, "kg", {"kind": "water"}),  # another dimension than m3
]


@pytest.fixture
def version(cast, begin, a_file, reads):
    """Published for the maker alone."""
    from tanbiao.platform.library.actions import import_into, publish_version

    reads(*(factor(id, zh, en, value, unit, **more) for id, zh, en, value, unit, more in ROWS))
    staged = import_into(cast.researcher, begin(cast.researcher, "别国数据库"), a_file())
    return publish_version(cast.researcher, staged)


@pytest.fixture
def proposed(cast, draft_study, version):
    """What is proposed for each supply factor: name of the row -> names of data sets."""
    from tanbiao.platform.footprints.proposing import proposals

    rows = [row for row in factor_rows(draft_study.workbook) if row.column == "factor"]
    return {row: proposals(cast.maker, draft_study, row, version).datasets for row in rows}


@pytest.fixture
def chosen(proposed):
    return [{**row.address, "key": found[0].key} for row, found in proposed.items() if found]


@pytest.fixture
def second(cast, draft_study, version, chosen):
    from tanbiao.platform.footprints.actions import study_on_background

    return study_on_background(cast.maker, draft_study, version=version, chosen=chosen, reason="出口到该国，按当地数据")


def test_a_row_is_offered_what_fits_by_name_and_unit_or_nothing(proposed):
    names = {row.input.name: [d.name for d in found] for row, found in proposed.items()}
    assert names["网购电力（热轧）"] == ["电力，低压"]
    assert names["活性石灰"] == ["石灰"] and names["生铁"] == ["生铁"]
    assert names["外购废钢公路运输"] == ["公路运输"]
    assert names["新水"] == [] and names["硅锰合金"] == []  # per kg, not m3; not there


def test_what_is_far_off_is_offered_and_not_taken_for_granted(cast, draft_study, version):
    from tanbiao.platform.footprints.proposing import proposals

    rows = {r.input.name: r for r in factor_rows(draft_study.workbook) if r.column == "factor"}
    assert proposals(cast.maker, draft_study, rows["生铁"], version).likely.name == "生铁"
    dolomite = proposals(cast.maker, draft_study, rows["白云石"], version)  # 2 kg/kg, where 0.01 is in use
    assert [d.name for d in dolomite.datasets] == ["白云石"] and dolomite.likely is None


@pytest.mark.parametrize(
    ("rows", "likely", "offered"),
    [
        # neither an aeroplane nor a ship is a lorry, though all of them are transport
        ([("a", "航空运输", "Transport, aircraft", 0.08), ("b", "海运", "Transport, ship", 0.01)], None, 0),
        # the kind of lorry in use before another kind
        (
            [
                ("a", "垃圾车运输", "Transport, refuse truck", 0.09),
                ("b", "半挂车运输", "Transport, combination truck, diesel", 0.1),
            ],
            "b",
            2,
        ),
        # two that rank the same and say something else: the reader decides
        ([("a", "货车一", "Truck A", 0.05), ("b", "货车二", "Truck B", 0.2)], None, 2),
    ],
)
def test_a_proposal_fits_the_special_words(cast, draft_study, begin, a_file, reads, rows, likely, offered):
    from tanbiao.platform.footprints.proposing import proposals
    from tanbiao.platform.library.actions import import_into, publish_version

    reads(*(factor(id, zh, en, value, "t·km", kind="transport") for id, zh, en, value in rows))
    version = publish_version(cast.researcher, import_into(cast.researcher, begin(cast.researcher, "运输库"), a_file()))
    by_name = {r.input.name: r for r in factor_rows(draft_study.workbook) if r.column == "factor"}
    found = proposals(cast.maker, draft_study, by_name["外购废钢公路运输"], version)
    assert len(found.datasets) == offered
    assert (found.likely.uid if found.likely else None) == likely
    assert not proposals(cast.maker, draft_study, by_name["生铁铁路运输"], version).datasets


def test_the_second_study_says_what_was_changed_and_why(second, chosen, version):
    assert len(second.workbook.choices) == len(chosen)
    assert {c["to"]["id"] for c in second.workbook.choices} == {c["key"] for c in chosen}
    assert all(key["key"].startswith(f"{version.source.name}@1:") for key in chosen)
    assert {c["reason"] for c in second.workbook.choices} == {"出口到该国，按当地数据"}


def test_the_difference_is_explained_to_the_last_gram(draft_study, second):
    from tanbiao.platform.footprints.queries import beside

    found = beside(draft_study, second)
    for side, study in enumerate((draft_study, second)):
        assert fsum(line.kg[side] for line in found.changes) == pytest.approx(study.result["total_kg_co2e"], rel=1e-12)
    assert fsum(line.change for line in found.changes) == pytest.approx(found.change, rel=1e-9)
    assert fsum(line.share for line in found.changes) == pytest.approx(1, rel=1e-9)
    sizes = [abs(line.change) for line in found.changes]
    assert sizes == sorted(sizes, reverse=True)
    electricity = next(line for line in found.changes if line.line == "网购电力（热轧）")
    assert electricity.kg[1] / electricity.kg[0] == pytest.approx(0.42 / 0.5777, rel=1e-9)
    assert electricity.other_factor and not next(c for c in found.changes if c.line == "硅锰合金").other_factor


def test_a_study_beside_itself_has_no_difference(draft_study):
    from tanbiao.platform.footprints.queries import beside

    found = beside(draft_study, draft_study)
    assert found.change == 0 and not found.moved


def test_nothing_chosen_or_of_another_version_is_refused(cast, draft_study, version, chosen):
    from tanbiao.platform.footprints.actions import study_on_background
    from tanbiao.platform.library.actions import ensure_starter

    other = ensure_starter()
    for wrong in ([], [{**chosen[0], "key": "cn-electricity-footprint-2023"}]):
        with pytest.raises(Invalid):
            study_on_background(cast.maker, draft_study, version=version, chosen=wrong, reason="试")
    with pytest.raises(Invalid):
        study_on_background(cast.maker, draft_study, version=other, chosen=chosen, reason="试")


# pages


@pytest.fixture
def browser(cast, signed_in):
    return signed_in(cast.maker)


def test_the_databases_are_offered_and_another_firms_is_not(cast, browser, signed_in, draft_study, version):
    page = browser.get(f"/studies/{draft_study.pk}/background/").content.decode()
    assert "别国数据库" in page
    assert signed_in(cast.rival).get(f"/studies/{draft_study.pk}/background/").status_code == 404


def test_proposals_are_confirmed_changed_or_left(browser, draft_study, version):
    address = f"/studies/{draft_study.pk}/background/?version={version.pk}"
    page = browser.get(address).content.decode()
    assert "电力，低压" in page and 'value="活性石灰"' in page
    form = browser.get(address).context["form"]
    data = {name: form[name].value() or "" for name in form.fields} | {"reason": ""}
    assert browser.post(address, data).status_code == 400
    searched = browser.post(address, data | {"term-0": "石灰", "again": "1"})
    assert searched.status_code == 200
    assert [key for key, _label in searched.context["form"].fields["key-0"].choices] == [""]  # in 10^4 kWh: no lime
    answer = browser.post(address, data | {"reason": "按当地数据"}, follow=True)
    assert "/beside/" in answer.redirect_chain[-1][0]
    page = answer.content.decode()
    for words in ("两份结果并列", "差别最大的一行", "电力，低压", "合计", 'data-chart="changes"'):
        assert words in page


def test_the_comparison_is_ones_own(cast, browser, signed_in, draft_study, second):
    address = f"/studies/{draft_study.pk}/beside/{second.pk}/"
    assert browser.get(address).status_code == 200
    assert signed_in(cast.rival).get(address).status_code == 404
    assert browser.get(f"/studies/{draft_study.pk}/beside/{draft_study.pk}/").status_code == 200

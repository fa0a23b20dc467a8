"""A database of processes: linked, solved, kept as files; its data sets are factors gas by gas."""

import pytest

from tanbiao.lca.datasets.linking import LinkRule
from tanbiao.lca.datasets.records import Direction, ExchangeRecord, FlowKind, FlowRecord, ProcessRecord
from tanbiao.lca.faults import NoFactor
from tanbiao.platform.kernel.actions import Refused
from tanbiao.platform.library.actions import import_into, publish_version
from tanbiao.platform.library.models import Compiled
from tanbiao.platform.library.queries import (
    compiled_of,
    factor_of,
    intensities_of,
    record_of,
    records_of,
)

FLOWS = (
    FlowRecord("steel", {"zh": "钢板", "en": "Steel plate"}, FlowKind.PRODUCT, "kg"),
    FlowRecord("power", {"en": "Electricity, grid"}, FlowKind.PRODUCT, "kWh"),
    FlowRecord("scrap", {"en": "Scrap"}, FlowKind.PRODUCT, "kg"),
    FlowRecord("co2", {"en": "Carbon dioxide, fossil"}, FlowKind.ELEMENTARY, "kg", ("Emission to air",), "124-38-9"),
    FlowRecord("ch4", {"en": "Methane, fossil"}, FlowKind.ELEMENTARY, "kg", ("Emission to air",), "74-82-8"),
)


def process(id, name, product, unit, *exchanges, **more):
    given = {"location": "China", "year_from": 2019, "year_until": 2022, "category": ("金属", "钢铁")} | more
    made = ExchangeRecord(product, Direction.OUT, 1.0, unit, reference=True)
    return ProcessRecord(id, {"en": name}, (made, *exchanges), **given)


def takes(flow, amount, unit, provider=""):
    return ExchangeRecord(flow, Direction.IN, amount, unit, provider=provider)


def releases(flow, amount):
    return ExchangeRecord(flow, Direction.OUT, amount, "kg")


STEEL = process("s", "Plate mill", "steel", "kg", takes("power", 2.0, "kWh"), releases("co2", 0.5))
POWER = process("p", "Power plant", "power", "kWh", releases("co2", 0.6), releases("ch4", 0.001),
                category=("Electricity",), location="CN")  # fmt: skip
NO_REFERENCE = ProcessRecord("n", {"en": "Nothing"}, (releases("co2", 1.0),))


@pytest.fixture
def import_these(cast, begin, a_file, reads):
    def run(*records):
        reads(*FLOWS, *records)
        return import_into(cast.researcher, begin(cast.researcher), a_file())

    return run


def test_a_process_becomes_a_factor_gas_by_gas(import_these):
    version = import_these(STEEL, POWER, NO_REFERENCE)
    steel = version.datasets.get(uid="s")
    factor = factor_of(steel)
    released = {e.substance: float(e.quantity.amount) for e in factor.emissions}
    assert released == pytest.approx({"CO2": 0.5 + 2 * 0.6, "CH4": 2 * 0.001})
    assert steel.value == pytest.approx(1.7 + 0.002 * 29.8)
    assert (steel.unit, steel.region, steel.year_from, steel.year, steel.kind) == ("kg", "CN", 2019, 2022, "material")
    assert (steel.category, steel.complete, steel.dimension) == ("金属 / 钢铁", True, "mass")
    assert version.datasets.get(uid="p").kind == "electricity_footprint"


def test_what_cannot_be_solved_has_no_value_and_says_why(import_these):
    loop = process("l", "Loop", "scrap", "kg", takes("scrap", 1.0, "kg"))
    version = import_these(STEEL, POWER, NO_REFERENCE, loop)
    for uid in ("n", "l"):
        row = version.datasets.get(uid=uid)
        assert (row.value, row.factor) == (None, None) and row.not_usable["zh"] and row.not_usable["en"]
        with pytest.raises(NoFactor):
            factor_of(row)
    assert version.datasets.get(uid="s").value is not None


def test_what_lacks_something_upstream_says_so(import_these):
    version = import_these(STEEL)
    assert version.datasets.get(uid="s").complete is False
    assert version.report["counts"]["unlinked"] == 1


def test_matrices_are_kept_by_hash_and_read_again(import_these):
    version = import_these(STEEL, POWER)
    compiled = compiled_of(version)
    assert set(compiled.processes) == {"s", "p"}
    found = intensities_of(version)
    assert found.co2e("AR6")[compiled.index["s"]] == pytest.approx(version.datasets.get(uid="s").value)
    assert Compiled.objects.count() == 1


def test_another_link_rule_is_compiled_when_it_is_asked_for_and_kept(cast, import_these):
    version = publish_version(cast.researcher, import_these(STEEL, POWER))
    assert set(compiled_of(version, LinkRule.MAIN_PRODUCT).processes) == {"s", "p"}
    compiled_of(version, "main-product")
    assert Compiled.objects.filter(version=version).count() == 2


def test_records_come_back_as_they_were(import_these):
    version = import_these(STEEL, POWER)
    assert record_of(version.datasets.get(uid="s")) == STEEL
    assert list(records_of(version)) == [*FLOWS, POWER, STEEL]


def test_the_gate_looks_at_every_process(cast, import_these):
    version = import_these(NO_REFERENCE, POWER)
    flag = version.flags.get(check_code="no_reference")
    assert flag.dataset.uid == "n" and flag.zh and flag.en
    if flag.severity == "blocking":
        with pytest.raises(Refused):
            publish_version(cast.researcher, version)


def test_every_process_has_a_page_whatever_it_comes_to(cast, import_these, signed_in):
    """Nothing, zero, less than zero, supplied by what has no value."""
    loop = process("l", "Loop", "scrap", "kg", takes("scrap", 1.0, "kg"))
    above = process("s", "Plate mill", "steel", "kg", takes("scrap", 2.0, "kg"), takes("power", 1.0, "kWh"))
    version = import_these(above, process("p", "Wind power", "power", "kWh"), NO_REFERENCE, loop)
    browser = signed_in(cast.researcher)
    pages = {row.uid: browser.get(f"/library/f/{row.pk}/") for row in version.datasets.all()}
    assert {uid: page.status_code for uid, page in pages.items()} == dict.fromkeys("slpn", 200)

"""How processes of several products share their burdens."""

from dataclasses import replace

import numpy as np
import pytest
from database_cast import CO2, compiled_of, gives, makes, process, product, takes, waste
from hypothesis import given
from hypothesis import strategies as st

from tanbiao.lca.datasets.allocating import declared_shares, measured_shares
from tanbiao.lca.datasets.columns import FlowFacts, Shared
from tanbiao.lca.datasets.compiling import Compiled
from tanbiao.lca.datasets.inventory import life_cycle_inventory
from tanbiao.lca.datasets.linking import LinkRule, Reason
from tanbiao.lca.datasets.records import AllocationRecord, Direction, ExchangeRecord

POSITIVE = st.floats(1e-6, 1e6)


def joint(*allocation: AllocationRecord, default: str = "", unit: str = "kg", **more: object) -> list[object]:
    """3 kg of a and 1 (kg) of b for 8 kg of CO2; C takes 2 of b."""
    exchanges = (makes("a", 3.0), gives("b", 1.0), gives("co2", 8.0, internal_id="7"))
    return [
        CO2,
        product("a"),
        product("b", unit, **more),
        product("c"),
        process("J", *exchanges, allocation=allocation, default_allocation=default),
        process("C", makes("c"), takes("b", 2.0)),
    ]


def per_unit(compiled: Compiled, product: str) -> float:
    return life_cycle_inventory(compiled, product).kg_co2e


def test_by_mass_where_the_data_set_says_nothing():
    compiled, report = compiled_of(joint())
    assert compiled.processes == ("J", "J:b", "C")
    assert per_unit(compiled, "J") == per_unit(compiled, "J:b") == pytest.approx(2.0)
    assert report.seen["allocated_by_mass"] == 1


def test_by_energy_where_there_is_no_common_mass():
    records = joint(unit="MJ")
    records[1] = product("a", "kg", properties={"energy": (2.0, "MJ")})
    compiled, report = compiled_of(records)
    assert per_unit(compiled, "J") == pytest.approx(8 * 6 / 7 / 3)
    assert per_unit(compiled, "J:b") == pytest.approx(8 / 7)
    assert report.seen["allocated_by_energy"] == 1


def test_properties_give_the_mass_of_what_is_counted_otherwise():
    compiled, _ = compiled_of(joint(unit="m3", properties={"mass": (9.0, "kg")}))
    assert per_unit(compiled, "J:b") == pytest.approx(8 * 9 / 12)


def test_all_to_the_reference_product_where_there_is_no_common_measure():
    compiled, report = compiled_of(joint(unit="piece"))
    assert compiled.processes == ("J", "C")
    assert per_unit(compiled, "J") == pytest.approx(8 / 3)
    assert report.seen["not_allocated"] == 1
    assert compiled.unlinked[0].reason is Reason.ONLY_CO_PRODUCT


@pytest.mark.parametrize("default", ["physical", "economic", ""])
def test_as_the_data_set_says(default):
    method = default or "physical"
    said = (AllocationRecord(method, "a", 0.6), AllocationRecord(method, "b", 0.4))
    compiled, _ = compiled_of(joint(*said, default=default))
    assert per_unit(compiled, "J") == pytest.approx(8 * 0.6 / 3)
    assert per_unit(compiled, "J:b") == pytest.approx(8 * 0.4)
    main, _ = compiled_of(joint(*said, default=default), LinkRule.MAIN_PRODUCT)
    assert main.processes == ("J", "C")
    assert per_unit(main, "J") == pytest.approx(8 * (0.6 if default else 1.0) / 3)


def test_exchange_by_exchange():
    said = (AllocationRecord("causal", "a", 0.9, "7"), AllocationRecord("causal", "b", 0.1, "7"))
    compiled, _ = compiled_of(joint(*said, default="causal"))
    assert per_unit(compiled, "J") == pytest.approx(8 * 0.9 / 3)
    assert per_unit(compiled, "J:b") == pytest.approx(0.8)


def test_shares_that_do_not_sum_to_one_are_not_used():
    said = (AllocationRecord("physical", "a", 0.6), AllocationRecord("physical", "b", 0.6))
    _, report = compiled_of(joint(*said, default="physical"))
    assert report.seen["allocated_by_mass"] == 1


def test_co_products_are_taken_only_where_named_or_asked_for():
    compiled, report = compiled_of(joint())
    assert compiled.unlinked[0].reason is Reason.ONLY_CO_PRODUCT
    assert compiled.unlinked[0].makers == ("生产J",)
    compiled, report = compiled_of(joint(), LinkRule.CO_PRODUCTS)
    assert per_unit(compiled, "C") == pytest.approx(4.0)
    assert report.facts["linking"]["linked_by_co_product"] == 1
    records = joint()
    records[5] = process("C", makes("c"), takes("b", 2.0, "J"))
    compiled, _ = compiled_of(records)
    assert per_unit(compiled, "C") == pytest.approx(4.0)


def test_a_product_given_twice_is_one_product():
    records = joint()
    records[4] = process("J", makes("a", 3.0), gives("a", 1.0), gives("co2", 8.0))
    compiled, _ = compiled_of(records)
    assert per_unit(compiled, "J") == 2.0
    main, _ = compiled_of(records, LinkRule.MAIN_PRODUCT)
    assert per_unit(main, "J") == pytest.approx(8 / 3)


@given(st.lists(st.tuples(POSITIVE, POSITIVE), min_size=1, max_size=6))
def test_measured_shares_sum_to_one(products):
    facts = [FlowFacts(CO2.text, CO2.kind, "kg", mass=mass) for mass, _ in products]
    shares = measured_shares(facts, [amount for _, amount in products])
    assert shares.method == "mass"
    assert sum(shares.shares) == pytest.approx(1.0, abs=1e-12)
    assert min(shares.shares) >= 0


@given(st.lists(st.floats(0.0, 1.0), min_size=2, max_size=5), st.sampled_from(["physical", "economic", "causal"]))
def test_declared_shares_sum_to_one_or_are_not_used(shares, method):
    flows = list(range(len(shares)))
    by_flow = dict(zip(flows, shares, strict=True))
    shared = Shared(method, {method: by_flow}) if method != "causal" else Shared(method)
    shared.causal.update({f: {9: share} for f, share in by_flow.items()} if method == "causal" else {})
    found = declared_shares(shared, flows, [9], default_only=False)
    if abs(sum(shares) - 1) > 0.02:
        assert found is None
    else:
        used = found.by_exchange[9] if method == "causal" else found.shares
        assert sum(used) == pytest.approx(1.0, abs=1e-12)


@given(st.lists(st.tuples(POSITIVE, st.booleans()), min_size=1, max_size=5), POSITIVE)
def test_nothing_is_lost_or_made_by_sharing(side, released):
    """What a process releases is what its products, in the amounts it makes, carry together."""
    exchanges = [gives(f"p{i}", amount) for i, (amount, _) in enumerate(side)]
    flows = [product(f"p{i}", "kg" if mass else "piece") for i, (_, mass) in enumerate(side)]
    records = [CO2, product("a"), *flows, process("J", makes("a", 2.0), *exchanges, gives("co2", released))]
    compiled, _ = compiled_of(records)
    carried = np.asarray(compiled.network.flows.sum(axis=1)) * compiled.made
    assert carried.sum() == pytest.approx(released, rel=1e-12)


def test_a_treatment_shares_with_what_it_makes_only_as_the_data_set_says():
    taken = ExchangeRecord("w", Direction.IN, 2.0, "kg", reference=True)
    flows = [CO2, waste("w"), product("a")]
    exchanges = (taken, gives("a", 4.0), gives("co2", 8.0))
    compiled, report = compiled_of([*flows, process("W", *exchanges)])
    assert compiled.processes == ("W",)
    assert per_unit(compiled, "W") == 4.0
    assert report.seen["not_allocated"] == 1
    given = (AllocationRecord("economic", "w", 0.75), AllocationRecord("economic", "a", 0.25))
    compiled, report = compiled_of([*flows, process("W", *exchanges, allocation=given)])
    assert (per_unit(compiled, "W"), per_unit(compiled, "W:a")) == (3.0, 0.5)
    assert not report.seen


def test_exchanges_of_one_number_are_shared_alike():
    """EcoSpold 1 numbers flows: who gives one twice has two exchanges of that number."""
    again = gives("co2", 4.0, internal_id="7")
    given = (AllocationRecord("causal", "a", 0.75, "7"), AllocationRecord("causal", "b", 0.25, "7"))
    *flows, j, c = joint(*given, default="causal")
    compiled, _ = compiled_of([*flows, replace(j, exchanges=(*j.exchanges, again)), c])
    assert (per_unit(compiled, "J"), per_unit(compiled, "J:b")) == (3.0, 3.0)

"""Who supplies what in a database, and what is said of every input that nobody supplies."""

import numpy as np
import pytest
from database_cast import CO2, compiled_of, compiler_of, gives, makes, process, product, takes, two, waste

from tanbiao.lca.datasets.compiling import Compiled
from tanbiao.lca.datasets.inventory import life_cycle_inventory
from tanbiao.lca.datasets.linking import LinkRule, Reason
from tanbiao.lca.datasets.records import Direction, ExchangeRecord, FlowKind
from tanbiao.lca.datasets.report import KEPT, Report, SourceRefused
from tanbiao.lca.network.arrays import Network


def co2_of(compiled: Compiled, process: str) -> float:
    rows = life_cycle_inventory(compiled, process).rows
    return sum(row.amount for row in rows if row.flow.id == "co2")


@pytest.mark.parametrize("provider", ["B", ""])
@pytest.mark.parametrize("rule", list(LinkRule))
def test_an_input_is_linked_to_its_provider_or_to_its_only_maker(provider, rule):
    compiled, report = compiled_of(two(provider=provider), rule)
    assert co2_of(compiled, "A") == 6.5
    assert compiled.unlinked == ()
    assert report.counts["linked"] == 1
    assert report.counts["unlinked"] == 0
    assert report.facts["linking"]["linked_by_provider"] == (provider == "B")
    assert isinstance(compiled.network, Network)
    assert not compiled.incomplete.any()


def test_an_absent_provider_is_named_and_never_replaced():
    records = two(provider="X")
    records[3] = process("A", makes("a"), takes("b", 2.0, "X", provider_name="Lost process"), gives("co2", 0.5))
    compiled, report = compiled_of(records)
    assert co2_of(compiled, "A") == 0.5
    (unlinked,) = compiled.unlinked
    assert unlinked.reason is Reason.PROVIDER_MISSING
    (notice,) = report.notices
    assert notice.code == "unlinked_provider_missing"
    assert notice.place == "生产A"
    assert "Product b" in notice.text.en
    assert "Lost process" in notice.text.en
    assert compiled.incomplete.tolist() == [True, False]
    assert report.facts["linking"]["provider_named_but_missing"] == 1
    assert report.facts["linking"]["unlinked_inputs"] == 0  # B makes it, so in the data it is made


def test_several_makers_without_a_word_are_not_guessed():
    records = [*two(provider=""), process("C", makes("b"))]
    compiled, report = compiled_of(records)
    assert compiled.unlinked[0].reason is Reason.SEVERAL_MAKERS
    assert compiled.unlinked[0].makers == ("生产B", "生产C")
    assert report.facts["linking"]["ambiguous_inputs"] == 1
    assert report.facts["linking"]["strict_products"] == 2


def test_what_nobody_makes_makes_all_that_takes_it_incomplete():
    records = [*two(), product("ore")]
    records[4] = process("B", makes("b"), takes("ore", 1.0), takes("ore", 0.0))
    compiled, report = compiled_of(records)
    assert [u.reason for u in compiled.unlinked] == [Reason.NO_MAKER, Reason.NO_MAKER]
    assert compiled.incomplete.tolist() == [True, True]
    assert report.facts["linking"]["inputs_without_link_total"] == 2


def test_a_maker_without_usable_output_is_linked_to_and_said():
    records = two(provider="")
    records[4] = process("B", takes("b", 1.0, reference=True))
    compiled, report = compiled_of(records)
    assert compiled.unlinked[0].reason is Reason.MAKER_UNUSABLE
    assert report.seen["reference_is_input"] == 1
    assert report.counts["linked"] == 1
    assert compiled.incomplete.tolist() == [True]


def test_a_provider_that_makes_nothing_is_refused_by_name():
    records = two()
    records[4] = process("B", makes("b", 0.0))
    with pytest.raises(SourceRefused, match='"Make B" has the reference amount 0'):
        compiled_of(records)


def test_a_second_process_of_one_id_is_refused():
    with pytest.raises(SourceRefused, match="Make A"):
        compiler_of([*two(), process("A", makes("a"))])


def test_a_provider_of_something_else_is_not_taken():
    compiled, _ = compiled_of([*two(provider="C"), product("c"), process("C", makes("c"))])
    assert compiled.unlinked[0].reason is Reason.PROVIDER_MAKES_OTHER


def test_units_of_another_kind_are_not_linked():
    records = two(provider="")
    records[3] = process("A", makes("a"), takes("b", 2.0, counted_in="m3"), gives("co2", 0.5))
    compiled, report = compiled_of(records)
    assert compiled.unlinked[0].reason is Reason.OTHER_UNIT
    assert compiled.unlinked[0].unit == "m3"
    assert report.facts["linking"]["unit_mismatch"] == 1
    records[4] = process("B", makes("b", counted_in="m3"), gives("co2", 3.0))  # and now both are in m3
    compiled, _ = compiled_of(records)
    assert co2_of(compiled, "A") == 6.5
    assert compiled.units == ("kg", "m3")


def test_amounts_are_brought_to_the_unit_of_the_flow():
    records = two()
    records[3] = process("A", makes("a", 2.0, factor=1000.0), takes("b", 4.0, factor=0.5), gives("co2", 0.0))
    compiled, _ = compiled_of(records)
    assert co2_of(compiled, "A") == pytest.approx(3.0 * 2 / 2000)


def test_avoided_products_are_negative_inputs():
    records = two()
    records[3] = process("A", makes("a"), takes("b", 2.0, "B", avoided=True), gives("co2", 0.5))
    compiled, _ = compiled_of(records)
    assert co2_of(compiled, "A") == 0.5 - 6.0
    assert life_cycle_inventory(compiled, "A").negative == ()  # it displaces, which is meant


def test_waste_goes_to_its_only_treatment_except_under_main_product():
    records = [
        CO2,
        product("a"),
        waste("w"),
        process("A", makes("a"), gives("w", 3.0)),
        process("T", takes("w", 2.0, reference=True), gives("co2", 1.0)),
    ]
    compiled, report = compiled_of(records)
    assert co2_of(compiled, "A") == 1.5
    assert report.facts["linking"]["waste_outputs"] == report.facts["linking"]["wastes_linked"] == 1
    assert co2_of(compiled, "T") == 0.5  # of treating one unit
    assert compiled.made.tolist() == [1.0, -2.0]
    main, report = compiled_of(records, LinkRule.MAIN_PRODUCT)
    assert co2_of(main, "A") == 0.0
    assert main.processes == ("A",)
    assert report.facts["linking"]["usable_processes"] == 1


def test_waste_without_treatment_is_listed():
    compiled, _ = compiled_of([product("a"), waste("w"), process("A", makes("a"), gives("w", 3.0))])
    assert compiled.unlinked[0].reason is Reason.NO_TREATMENT
    assert compiled.incomplete.tolist() == [True]


def test_a_flow_without_data_set_is_handled_like_a_product():
    compiled, report = compiled_of([product("a"), process("A", makes("a"), takes("?", 1.0), gives("!", 1.0))])
    assert [u.flow for u in compiled.unlinked] == ["?"]
    assert report.facts["linking"]["product_inputs"] == 1


def test_the_first_of_several_reference_flows_counts():
    compiled, _ = compiled_of([product("a"), product("b"), process("A", makes("a"), makes("b"))])
    assert compiled.product_flows == ("a", "b")
    assert compiled.processes == ("A", "A:b")


def test_processes_without_reference_are_kept_out_and_said():
    compiled, report = compiled_of([*two(), process("N", takes("a", 1.0)), process("Z", makes("z", 0.0))])
    assert compiled.processes == ("A", "B")
    assert report.seen["no_reference"] == report.seen["zero_reference"] == 1


def test_a_flow_in_and_out_are_two_rows_and_kinds_of_exchanges_count():
    both = (takes("water", 2.0, kind=FlowKind.ELEMENTARY), gives("water", 0.5, kind=FlowKind.ELEMENTARY))
    compiled, _ = compiled_of([product("water"), product("a"), process("A", makes("a"), *both)])
    found = {(row.flow.id, row.flow.direction.value): row.amount for row in life_cycle_inventory(compiled, "A").rows}
    assert found == {("water", "in"): 2.0, ("water", "out"): 0.5}
    assert compiled.unlinked == ()


def test_notices_are_bounded_and_all_counted():
    inputs = [takes(f"x{i}", 1.0) for i in range(KEPT + 50)]
    compiled, report = compiled_of([product("a"), process("A", makes("a"), *inputs)])
    assert len(report.notices) == KEPT
    assert report.seen["unlinked_no_maker"] == len(compiled.unlinked) == KEPT + 50


def test_a_compiled_database_travels_as_plain_arrays(tmp_path):
    records = [*two(provider=""), process("C", makes("b")), waste("w"), process("D", makes("d"), gives("w", 1.0))]
    compiled, _ = compiled_of(records)
    np.savez(tmp_path / "kept.npz", **compiled.arrays())
    with np.load(tmp_path / "kept.npz", allow_pickle=False) as arrays:
        again = Compiled.from_arrays(arrays)
    assert again.sha256 == compiled.sha256
    assert again.unlinked == compiled.unlinked
    assert again.flow_rows == compiled.flow_rows
    assert again.names == compiled.names
    assert co2_of(again, "A") == co2_of(compiled, "A")
    other, _ = compiled_of([*records, process("E", makes("e"))])
    assert other.sha256 != compiled.sha256


def test_one_compiler_serves_every_rule_and_an_empty_one_too():
    compiler = compiler_of(two())
    assert len({compiler.compiled(rule, Report()).sha256 for rule in LinkRule}) == 1
    empty, report = compiled_of([])
    assert empty.processes == ()
    assert report.counts["linked"] == 0


def treating(*exchanges: ExchangeRecord, **more: object) -> list[object]:
    """A and a treatment of w, which gives 7 kg of CO2 for each."""
    taken = ExchangeRecord("w", Direction.IN, 1.0, "kg", reference=True)
    return [
        CO2,
        product("a"),
        product("b"),
        waste("w"),
        process("A", makes("a"), gives("co2", 1.0), *exchanges),
        process("W", taken, gives("co2", 7.0), gives("b", 2.0), **more),
    ]


@pytest.mark.parametrize("direction", list(Direction))
def test_a_waste_that_is_avoided_is_a_treatment_that_is_saved(direction):
    compiled, report = compiled_of(treating(ExchangeRecord("w", direction, 3.0, "kg", avoided=True)))
    assert co2_of(compiled, "A") == 1.0 - 21.0
    assert report.facts["linking"]["wastes_linked"] == 1


@pytest.mark.parametrize(
    ("left_out", "code"),
    [(ExchangeRecord("w", Direction.IN, 3.0, "kg"), "waste_taken_in"), (gives("b", -2.0), "negative_output")],
)
def test_an_exchange_that_does_not_count_is_said(left_out, code):
    compiled, report = compiled_of(treating(left_out))
    assert co2_of(compiled, "A") == 1.0
    assert report.seen[code] == 1
    assert next(n for n in report.notices if n.code == code).place == "生产A"


def test_amounts_beyond_all_numbers_are_refused():
    with pytest.raises(SourceRefused, match="not finite in the unit of its flow"):
        compiled_of([CO2, process("A", makes("a"), gives("co2", 1e308, factor=1e3))])
    with pytest.raises(SourceRefused, match="not finite per unit of what it makes"):
        compiled_of([CO2, process("A", makes("a", 1e-300), gives("co2", 1e300))])

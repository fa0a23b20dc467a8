"""Shared burdens: the key, and what mass would give."""

from dataclasses import replace
from decimal import Decimal

import pytest
from steelworks import WORKS, finding, under, with_processes

from tanbiao.lca import Allocation, OutputKind, ProductSystem
from tanbiao.rules import Verdict


def slag_sold(allocation: Allocation, billet: str = "3500", slag: str = "35") -> ProductSystem:
    prices = {"钢坯": Decimal(billet), "炉渣": Decimal(slag)}

    def sell(process):
        if process.id != "eaf":
            return process
        outputs = tuple(
            replace(
                o,
                kind=OutputKind.COPRODUCT if o.item == "slag" else o.kind,
                allocation_value=prices[o.name] if allocation is not Allocation.MASS else None,
            )
            for o in process.outputs
        )
        return replace(process, outputs=outputs, allocation=allocation)

    return with_processes(WORKS, sell)


@pytest.mark.parametrize("clause", ["EAF-6.1", "EAF-6.2"])
def test_nothing_to_share_passes(clause):
    assert finding(clause, WORKS).verdict is Verdict.PASS


def test_a_permitted_key_passes():
    said = finding("EAF-6.1", slag_sold(Allocation.ECONOMIC))
    assert (said.verdict, said.value) == (Verdict.PASS, "economic")


def test_a_property_is_put_to_a_person_with_its_values():
    said = finding("EAF-6.1", slag_sold(Allocation.PROPERTY, billet="1", slag="1000"))
    assert (said.verdict, said.places) == (Verdict.JUDGEMENT, ("过程!A2",))
    assert "炉渣 1000/t" in said.text.zh


def test_a_key_the_rule_does_not_permit_fails_and_names_the_process():
    physical_only = under("allocation", permitted=(Allocation.MASS, Allocation.ENERGY))
    said = finding("EAF-6.1", slag_sold(Allocation.ECONOMIC), under=physical_only)
    assert (said.verdict, said.limit, said.places) == (Verdict.FAIL, "mass / energy", ("过程!A2",))


def test_the_result_by_mass_is_shown_beside_another_key():
    economic, mass = slag_sold(Allocation.ECONOMIC), slag_sold(Allocation.MASS)
    said = finding("EAF-6.2", economic)
    by_mass = finding("EAF-6.2", mass).value.removesuffix(" kg CO2e")
    assert said.verdict is Verdict.JUDGEMENT
    assert said.value.endswith(f"→ {by_mass} kg CO2e (mass)")
    assert by_mass in said.text.zh


def test_mass_itself_is_put_to_a_person_without_an_alternative():
    said = finding("EAF-6.2", slag_sold(Allocation.MASS))
    assert said.verdict is Verdict.JUDGEMENT
    assert "→" not in said.value


def test_no_alternative_is_shown_where_a_coproduct_is_not_weighed():
    from tanbiao.lca import quantity

    def in_pieces(process):
        outputs = tuple(replace(o, quantity=quantity("5", "piece")) if o.item == "slag" else o for o in process.outputs)
        return replace(process, outputs=outputs)

    said = finding("EAF-6.2", with_processes(slag_sold(Allocation.ECONOMIC), in_pieces))
    assert said.verdict is Verdict.JUDGEMENT
    assert "→" not in said.value

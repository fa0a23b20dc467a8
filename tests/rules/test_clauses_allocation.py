"""Shared burdens: the key, and what mass would give."""

from dataclasses import replace
from decimal import Decimal

import pytest
from steelworks import WORKS, finding, footprint_of, under, with_processes

from tanbiao.lca import Allocation, OutputKind, ProductSystem
from tanbiao.lca.model import Displaced, FactorKind
from tanbiao.rules import Verdict
from tanbiao.rules.study import Study


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


def slag_displacing(ratio: str = "0.5") -> ProductSystem:
    """The furnace by system expansion: its slag displaces a material of the works' own suppliers."""
    displaced = next(f for f in WORKS.factors if f.kind is FactorKind.MATERIAL and f.unit.dimension == "mass")

    def expand(process):
        if process.id != "eaf":
            return process
        outputs = tuple(
            replace(o, kind=OutputKind.COPRODUCT, displaces=Displaced(displaced.id, ratio=Decimal(ratio)))
            if o.item == "slag"
            else o
            for o in process.outputs
        )
        return replace(process, outputs=outputs, allocation=Allocation.SUBSTITUTION)

    return with_processes(WORKS, expand)


EXPANSION = under("allocation", permitted=(Allocation.SUBSTITUTION, Allocation.MASS))


def test_system_expansion_the_rule_does_not_permit_fails_both_clauses():
    method, credit = finding("EAF-6.1", slag_displacing()), finding("EAF-10.3", slag_displacing())
    assert (method.verdict, method.value, method.places) == (Verdict.FAIL, "substitution", ("过程!A2",))
    assert "系统扩展" in method.text.zh and "system expansion" in method.text.en
    assert credit.verdict is Verdict.FAIL
    assert "规则不允许系统扩展" in credit.text.zh and "does not permit system expansion" in credit.text.en


def test_permitted_system_expansion_is_put_to_a_person_with_its_claim_and_credit():
    claim = finding("EAF-6.1", slag_displacing(), under=EXPANSION)
    assert claim.verdict is Verdict.JUDGEMENT
    assert "× 0.5" in claim.text.zh and "炉渣" in claim.text.zh
    credit = finding("EAF-10.3", slag_displacing(), under=EXPANSION)
    assert credit.verdict is Verdict.JUDGEMENT
    assert "系统扩展" in credit.text.zh and credit.places


def test_a_credit_hides_no_other_row_that_sets_off():
    """The engine takes no negative amount; a footprint from elsewhere may hold one."""
    sound = footprint_of(slag_displacing())
    offset = replace(sound.contributions[0], line="碳汇抵消", kg=-9.0, kg_co2e=-9.0, place="废物!C3")
    study = Study(EXPANSION, replace(sound, contributions=(*sound.contributions, offset)))
    said = next(c for c in EXPANSION.clauses if c.id == "EAF-10.3").check(study)
    assert (said.verdict, said.places) == (Verdict.FAIL, ("废物!C3",))
    assert "不允许" not in said.text.zh


def test_every_method_the_data_allow_is_shown():
    said = finding("EAF-6.2", slag_displacing())
    assert "按质量" in said.text.zh and said.value.endswith("(mass)")
    assert said.verdict is Verdict.JUDGEMENT


def test_a_named_property_is_said_by_its_name():
    def named(process):
        return replace(process, allocation_property="铁含量") if process.id == "eaf" else process

    said = finding("EAF-6.1", with_processes(slag_sold(Allocation.PROPERTY, billet="1", slag="1000"), named))
    assert "铁含量" in said.text.zh

"""Every kWh covered once. Numbers: China's life-cycle factors of 2024; wind plus transmission with losses is 0.0651."""

import csv
import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lca_cast import GRID, SHARED, factor, made, needs_shared, process, system

from tanbiao.lca.electricity.account import account_electricity
from tanbiao.lca.electricity.data import (
    Consumption,
    ContractualInstrument,
    DirectLine,
    ElectricityPolicy,
    InstrumentScheme,
    OwnGeneration,
    PeriodMatch,
    Stated,
)
from tanbiao.lca.electricity.instruments import Criterion
from tanbiao.lca.electricity.lines import ElectricitySource
from tanbiao.lca.electricity.use import (
    ElectricityUse,
    electricity_inputs,
    grid_sensitivity,
    kg_co2e_per_kwh,
    with_electricity,
)
from tanbiao.lca.faults import (
    CodeUsedTwice,
    FactorNotPermitted,
    NoFactor,
    NoProvider,
    NoSupply,
    Unbuildable,
    WrongAmount,
    WrongDimension,
    WrongFactorKind,
    WrongPeriod,
)
from tanbiao.lca.footprint import calculate_footprint
from tanbiao.lca.model import DataKind, DataQuality, FactorKind, GasClass, GasScope, InputKind, LifeCycleScope, Stage
from tanbiao.lca.units import quantity
from tanbiao.words import Problems

OWN, LINE, GREEN = ElectricitySource.OWN_GENERATION, ElectricitySource.DIRECT_LINE, ElectricitySource.INSTRUMENT
RESIDUAL, MIX = ElectricitySource.RESIDUAL_MIX, ElectricitySource.GRID_MIX


def life_cycle(id, amount, kind=FactorKind.ELECTRICITY_FOOTPRINT, **more):
    return factor(id, amount, "kWh", kind, life_cycle_scope=LifeCycleScope.LIFE_CYCLE, **more)


FACTORS = {
    f.id: f
    for f in (
        life_cycle("electricity", "0.5777"),
        life_cycle("wind", "0.0324"),
        life_cycle("pv", "0.0520"),
        life_cycle("residual", "0.6500"),
        life_cycle("transmission", "0.0327", FactorKind.TRANSMISSION),
        life_cycle("line", "0.0046", FactorKind.TRANSMISSION),
        GRID,
    )
}
POLICY = ElectricityPolicy(grid="electricity", transmission="transmission")
CONTRACT = InstrumentScheme("contract", ".+", None, "test")
ANY_AMOUNT = replace(POLICY, schemes=(CONTRACT,))
USER = "91310000MA1FL00000"
JAN, DEC = dt.date(2024, 1, 1), dt.date(2024, 12, 31)


def month(m):
    start = dt.date(2024, m, 1)
    return start, (start + dt.timedelta(31)).replace(day=1) - dt.timedelta(1)


def used(amount, symbol="MWh", start=JAN, end=DEC, market="CN", **more):
    return Consumption(start, end, quantity(amount, symbol), market, **more)


def own(amount, sold=0, start=JAN, end=DEC, **more):
    supply = {"factor": "pv", **more}
    return OwnGeneration(
        "屋顶光伏", start, end, quantity(amount, "MWh"), instruments_sold=quantity(sold, "MWh"), **supply
    )


def line(amount, sold=0, start=JAN, end=DEC, **more):
    supply = {"factor": "wind", **more}
    return DirectLine("专线风电", start, end, quantity(amount, "MWh"), instruments_sold=quantity(sold, "MWh"), **supply)


def codes(count, project="1" * 17):
    return tuple(f"{project}{n:015}" for n in range(count))


def green(count, start=JAN, end=DEC, project="1" * 17, **more):
    fields = {
        "name": "某风电场",
        "codes": codes(count, project),
        "quantity": quantity(count, "MWh"),
        "factor": "wind",
        "market": "CN",
        "unique_claim": True,
        "retired_on": dt.date(2025, 3, 1),
        "retired_for": USER,
        "evidence": "核销单 2025-001",
        **more,
    }
    return ContractualInstrument(start=start, end=end, **fields)


def contract(amount, code, **more):
    return green(1, **{"codes": (code,), "quantity": quantity(amount, "kWh"), "scheme": "contract", **more})


def account(consumptions, supplies=(), instruments=(), policy=POLICY, factors=FACTORS):
    given_ = consumptions if isinstance(consumptions, list) else [consumptions]
    return account_electricity(given_, supplies, instruments, policy=policy, factors=factors, user=USER)


def mean(*of, **more):
    return kg_co2e_per_kwh(account(*of, **more), FACTORS)


def kwh(account):
    return {source: int(amount) for source, amount in account.kwh_by_source().items()}


# Hand-solved


def test_without_instruments_all_is_the_grid_mix():
    plain = account(used(1000))
    assert kwh(plain) == {MIX: 1_000_000}
    assert kg_co2e_per_kwh(plain, FACTORS) == pytest.approx(0.5777, rel=1e-12)
    assert plain.at_grid().lines[0].factor == "electricity"


def test_the_grid_mix_takes_no_transmission_unless_a_source_says_it_lacks_it():
    assert [row.factor for row in electricity_inputs(account(used(1)), FACTORS)] == ["electricity"]
    lacks = replace(POLICY, mix_lacks_transmission=Stated(True, "编制说明"))
    assert mean(used(1), policy=lacks) == pytest.approx(0.5777 + 0.0327, rel=1e-12)


def test_certificates_take_the_factor_of_their_technology_and_transmission_never_zero():
    covered = account(used(10), (), [green(10)])
    assert kwh(covered) == {GREEN: 10_000}
    assert kg_co2e_per_kwh(covered, FACTORS) == pytest.approx(0.0324 + 0.0327, rel=1e-12)
    assert "11111111111111111000000000000000 (+9); 核销单 2025-001" in covered.lines[0].evidence


def test_a_year_of_a_site_by_hand():
    """1,000 MWh: 100 own PV with 20 sold, 200 by a wind line, 300 certificates of wind, 400 of the grid."""
    site = account(used(1000), [own(100, 20), line(200)], [green(300)])
    assert kwh(site) == {OWN: 80_000, LINE: 200_000, GREEN: 300_000, MIX: 420_000}
    assert [l.source for l in site.lines] == [OWN, LINE, GREEN, MIX, MIX]  # noqa: E741
    assert "20" in f"{site.lines[-1].kwh}" and "sold" in site.lines[-1].reason.en
    by_hand = (80 * 0.0520 + 200 * 0.0324 + 300 * (0.0324 + 0.0327) + 420 * 0.5777) / 1000
    assert kg_co2e_per_kwh(site, FACTORS) == pytest.approx(by_hand, rel=1e-12)
    assert all("6.4.9.4" in covered.clause for covered in site.lines)


def test_the_residual_mix_covers_the_rest_where_there_is_one():
    rest = account(used(10), [own(4, 4)], [green(3)], policy=replace(POLICY, residual="residual"))
    assert kwh(rest) == {GREEN: 3_000, RESIDUAL: 7_000}
    assert kg_co2e_per_kwh(rest.at_grid(), FACTORS) == pytest.approx(0.5777)


def test_certificates_may_cover_own_power_whose_certificates_were_sold():
    covered = account(used(10), [own(4, 4)], [green(8)])
    assert kwh(covered) == {GREEN: 8_000, MIX: 2_000}
    assert "sold" in covered.lines[-1].reason.en  # bought power is covered first


def test_a_direct_line_carries_its_own_losses_where_they_are_known():
    assert mean(used(1), [line(1)]) == pytest.approx(0.0324)
    assert mean(used(1), [line(1, transmission="line")]) == pytest.approx(0.0370)


def test_what_is_generated_beyond_the_consumption_is_exported():
    exporting = account(used(60), [own(100)])
    assert kwh(exporting) == {OWN: 60_000}
    assert [(e.supply.name, e.kwh) for e in exporting.exports] == [("屋顶光伏", 40_000)]


@pytest.mark.parametrize(("exports_first", "claimed"), [(True, 50), (False, 10)])
def test_the_policy_says_whose_certificates_were_sold_first(exports_first, claimed):
    policy = replace(POLICY, exports_carry_sold=Stated(exports_first, "test"))
    split = account(used(60), [own(100, 50)], policy=policy)
    assert kwh(split) == {OWN: claimed * 1000, MIX: (60 - claimed) * 1000}


def test_surplus_certificates_are_reported_and_not_counted():
    rich = account(used(3), (), [green(2), green(4, project="2" * 17)])
    assert kwh(rich) == {GREEN: 3_000}
    assert [(s.instrument.codes[0][:1], s.kwh) for s in rich.surplus] == [("2", 3_000)]


def test_no_consumption_is_still_an_answer():
    nothing = account(used(0, item="electricity"), [own(5)])
    assert [(row.item, row.quantity.amount) for row in electricity_inputs(nothing, FACTORS)] == [("electricity", 0)]
    assert kg_co2e_per_kwh(nothing, FACTORS) == 0


# Months


def by_months(*amounts):
    return [used(amount, start=month(m)[0], end=month(m)[1]) for m, amount in enumerate(amounts, start=1)]


def of_month(m, count, **more):
    period = dict(zip(("start", "end"), month(m), strict=True))
    return green(count, project=f"{m:017}", **{**period, **more})


def policy_of(match, days=0):
    return replace(POLICY, period=Stated(match, "test"), tolerance_days=days)


def test_own_generation_of_a_month_covers_that_month_only():
    start, end = month(2)
    year = account(by_months(10, 10), [own(15, start=start, end=end)])
    assert kwh(year) == {OWN: 10_000, MIX: 10_000}
    assert year.exports[0].kwh == 5_000


def test_within_the_data_period_a_certificate_covers_any_month():
    year = account(by_months(2, 2), (), [of_month(1, 4)])
    assert kwh(year) == {GREEN: 4_000}


def test_in_the_same_month_it_covers_no_other():
    year = account(by_months(2, 2), (), [of_month(1, 4)], policy_of(PeriodMatch.SAME_MONTH))
    assert kwh(year) == {GREEN: 2_000, MIX: 2_000}
    assert year.surplus[0].kwh == 2_000


def test_month_by_month_needs_consumption_by_month():
    failed = account(used(4), (), [of_month(1, 4)], policy_of(PeriodMatch.SAME_MONTH)).rejections
    assert [f.criterion for f in failed] == [Criterion.PERIOD]


def test_january_of_another_year_is_another_month():
    before = of_month(1, 2, start=dt.date(2023, 1, 1), end=dt.date(2023, 1, 31))
    assert kwh(account(by_months(2), (), [before], policy_of(PeriodMatch.SAME_MONTH))) == {MIX: 2_000}


def test_days_of_tolerance_reach_into_the_neighbouring_month():
    """February's reach January and March, whose far ends are 29 days away; January's reach February, 31 days away."""
    months = by_months(1, 1, 1)
    for made_in, days, covered in ((2, 29, 3_000), (2, 28, 1_000), (1, 31, 2_000), (1, 30, 1_000)):
        year = account(months, (), [of_month(made_in, 3)], policy_of(PeriodMatch.TOLERANCE, days))
        assert kwh(year)[GREEN] == covered


def test_certificates_that_run_out_first_are_used_first():
    """The one of February reaches January to March, the one of January only January and February."""
    policy = policy_of(PeriodMatch.TOLERANCE, 31)
    year = account(by_months(1, 1, 1), (), [of_month(2, 1), of_month(1, 2)], policy)
    assert kwh(year) == {GREEN: 3_000}


def test_markets_are_kept_apart():
    here, there = month(1), month(2)
    rows = [used(2, start=here[0], end=here[1]), used(2, start=there[0], end=there[1], market="EU")]
    assert kwh(account(rows, (), [of_month(1, 4)])) == {GREEN: 2_000, MIX: 2_000}


# The five criteria

FAILING = [
    ("i", "factor", {"factor": ""}),
    ("i", "quantity", {"quantity": quantity(3000, "kWh")}),
    ("ii", "unique_claim", {"unique_claim": False}),
    ("iii", "scheme", {"scheme": "I-REC"}),
    ("iii", "codes", {"codes": ("1" * 31, "2" * 32)}),
    ("iii", "codes", {"codes": ("1" * 32, "A" + "2" * 31)}),
    ("iii", "retired_on", {"retired_on": None}),
    ("iii", "retired_on", {"retired_on": dt.date(2024, 12, 30)}),
    ("iii", "retired_for", {"retired_for": "别家公司"}),
    ("iii", "evidence", {"evidence": " "}),
    ("iv", "start, end", {"start": dt.date(2023, 12, 31)}),
    ("iv", "start, end", {"end": dt.date(2025, 1, 1)}),
    ("v", "market", {"market": "EU"}),
]


@pytest.mark.parametrize(("criterion", "field", "changed"), FAILING)
def test_an_instrument_that_fails_one_criterion_is_not_counted_and_we_say_why(criterion, field, changed):
    refused = account(used(5), (), [replace(green(2), place="绿证!A3", **changed)])
    assert kwh(refused) == {MIX: 5_000}
    assert not refused.surplus
    assert [(r.criterion, r.field) for r in refused.rejections] == [(criterion, field)]
    said = refused.rejections[0].text
    for text in (said.zh, said.en):
        assert text.startswith("绿证!A3") and refused.rejections[0].instrument.codes[0] in text and field in text
    assert "未计入" in said.zh and "not counted" in said.en


def test_all_that_is_wrong_is_said_at_once_and_the_others_still_count():
    bad = green(2, codes=(), quantity=quantity(0, "kWh"), unique_claim=False, retired_for="", market="")
    mixed = account(used(5), (), [bad, green(3)])
    assert kwh(mixed) == {GREEN: 3_000, MIX: 2_000}
    assert [r.criterion for r in mixed.rejections] == ["ii", "iii", "iii", "v"]


def test_nobody_in_particular_retires_nothing():
    nobody = account_electricity([used(2)], (), [green(2, retired_for="")], policy=POLICY, factors=FACTORS)
    assert [r.field for r in nobody.rejections] == ["retired_for"]


@pytest.mark.parametrize("batch", [[green(2), green(2)], [green(2, codes=("1" * 32, "1" * 32))]])
def test_a_code_is_claimed_once(batch):
    with pytest.raises(Problems) as refused:
        account(used(5), (), [*batch, green(1)])
    assert "111111" in refused.value.text.zh and "already claimed" in refused.value.text.en
    with pytest.raises(CodeUsedTwice):
        account(used(5), (), [green(1), replace(green(1), retired_on=None)])


# What is refused


def refusal(kind, *of, **more):
    with pytest.raises(kind) as refused:
        account(*of, **more)
    return refused.value


@pytest.mark.parametrize(
    "policy", [replace(POLICY, grid="grid"), replace(POLICY, residual="grid"), replace(POLICY, transmission="grid")]
)
def test_a_combustion_factor_is_no_grid_mix_and_the_right_one_is_named(policy):
    refused = refusal(FactorNotPermitted, used(1), policy=policy)
    assert refused.use_instead == "electricity"
    assert "0.5777 kgCO2e/kWh" in refused.text.zh and "0.5777 kgCO2e/kWh" in refused.text.en


def test_nor_does_it_stand_for_a_technology_or_a_supply():
    for supplies, instruments in (
        ([own(1, factor="grid")], []),
        ([line(1, factor="grid")], []),
        ([], [green(1, factor="grid")]),
    ):
        refusal(FactorNotPermitted, used(1), supplies, instruments)
    disguised = {**FACTORS, "wind": life_cycle("wind", "0.0324", gas_scope=GasScope.CO2_ONLY)}
    refusal(FactorNotPermitted, used(1), (), [green(1)], factors=disguised)


@pytest.mark.parametrize(
    "wind",
    [
        life_cycle("wind", "0"),
        factor("wind", "0.0324", "kWh", FactorKind.ELECTRICITY_FOOTPRINT, life_cycle_scope=LifeCycleScope.DIRECT),
        life_cycle("wind", "0.0324", FactorKind.TRANSMISSION),
        life_cycle("wind", "0.0324", FactorKind.HEAT),
    ],
)
def test_green_power_is_neither_zero_nor_direct_only_nor_something_else(wind):
    refused = refusal(WrongFactorKind, used(1), (), [green(1)], factors={**FACTORS, "wind": wind})
    assert "因子 wind" in refused.text.zh and "Factor wind" in refused.text.en


def test_generation_is_no_transmission_and_transmission_must_be_known():
    refusal(WrongFactorKind, used(1), policy=replace(POLICY, transmission="wind"))
    refusal(NoFactor, used(1), (), [green(1)], policy=ElectricityPolicy("electricity"))
    refusal(NoFactor, used(1), policy=ElectricityPolicy("nowhere"))
    account(used(1), policy=ElectricityPolicy("electricity"))
    holds = ElectricityPolicy("electricity", technology_lacks_transmission=Stated(False, "编制说明"))
    assert mean(used(1), (), [green(1)], policy=holds) == pytest.approx(0.0324)


def test_amounts_units_and_periods_must_be_sound():
    refusal(WrongAmount, used(-1))
    refusal(WrongAmount, used("NaN"))
    refusal(WrongAmount, used(1), [own(1, 2)])
    refusal(WrongDimension, used(1, "t"))
    refusal(WrongDimension, used(1, "tce"))
    refusal(WrongPeriod, [])
    refusal(WrongPeriod, used(1, start=DEC, end=JAN))
    refusal(WrongPeriod, [used(1), used(1, start=DEC)])
    refusal(WrongPeriod, by_months(1, 1), [own(1, start=JAN, end=month(2)[1])])
    refusal(NoSupply, used(1), [own(1, factor="")])
    refusal(NoSupply, used(1), [own(1, provider="chp")])
    refusal(NoFactor, used(1), [own(1, factor="nowhere")])


# Laws

whole = st.integers(min_value=0, max_value=10**6)
some = st.decimals(min_value=0, max_value=10**6, places=3)


@st.composite
def sites(draw):
    """A few months with own generation, a line and contracts, any of them too small or too large."""
    amounts = draw(st.lists(some, min_size=1, max_size=4))
    rows = by_months(*amounts)
    supplies = [
        make(
            amount,
            (amount * draw(st.sampled_from([0, 1, 2, 3, 4])) / 4).quantize(Decimal("0.001"), "ROUND_DOWN"),
            c.start,
            c.end,
        )
        for c in rows
        for make, amount in ((own, draw(some)), (line, draw(some)))
    ]
    instruments = [
        contract(draw(whole), str(n), start=(c := draw(st.sampled_from(rows))).start, end=c.end)
        for n in range(draw(st.integers(0, 4)))
    ]
    match = draw(st.sampled_from(PeriodMatch))
    policy = replace(policy_of(match, 31), schemes=(CONTRACT,), residual=draw(st.sampled_from(["", "residual"])))
    return rows, supplies, instruments, replace(policy, exports_carry_sold=Stated(draw(st.booleans()), "test"))


@given(sites())
def test_every_kwh_is_covered_exactly_once(site):
    rows, supplies, instruments, policy = site
    found = account(*site[:3], policy)
    for row in rows:
        parts = [covered.kwh for covered in found.lines if covered.consumption == row]
        assert sum(parts) == row.quantity.amount * 1000
        assert all(part > 0 for part in parts) or parts == [0]
    sources = found.kwh_by_source()
    claimed, held = sources.get(OWN, 0) + sources.get(LINE, 0), sum(s.quantity.amount for s in supplies) * 1000
    assert claimed <= held - sum(s.instruments_sold.amount for s in supplies) * 1000
    assert sources.get(GREEN, 0) + sum(s.kwh for s in found.surplus) == sum(i.quantity.amount for i in instruments)
    assert claimed + sum(e.kwh for e in found.exports) <= held
    assert sum(c.kwh for c in found.at_grid().lines) == found.kwh


@given(sites(), st.integers(1, 1000))
def test_it_is_linear_and_knows_no_units(site, times):
    rows, supplies, instruments, policy = site

    def scaled(row, k, symbol):
        changed = {"quantity": quantity((row.quantity.to(quantity(1, symbol).unit).amount) * k, symbol)}
        if hasattr(row, "instruments_sold"):
            changed["instruments_sold"] = quantity(row.instruments_sold.to(quantity(1, symbol).unit).amount * k, symbol)
        return replace(row, **changed)

    first = account(rows, supplies, instruments, policy)
    for k, symbol in ((times, "MWh"), (1, "kWh"), (1, "10^4kWh")):
        other = account(*([scaled(row, k, symbol) for row in group] for group in (rows, supplies, instruments)), policy)
        assert [covered.kwh for covered in other.lines] == [covered.kwh * k for covered in first.lines]
        assert kg_co2e_per_kwh(other, FACTORS) == pytest.approx(kg_co2e_per_kwh(first, FACTORS), rel=1e-12)


@given(sites(), whole)
def test_one_more_instrument_never_covers_less_nor_one_more_sale_more(site, more):
    rows, supplies, instruments, policy = site
    added = [*instruments, contract(more, "more", start=rows[0].start, end=rows[0].end)]
    before, after = account(*site[:3], policy), account(rows, supplies, added, policy)
    assert after.kwh_by_source().get(GREEN, 0) >= before.kwh_by_source().get(GREEN, 0)
    assert kg_co2e_per_kwh(after, FACTORS) <= kg_co2e_per_kwh(before, FACTORS) * (1 + 1e-12)
    all_sold = [replace(s, instruments_sold=s.quantity) for s in supplies]
    sold = account(rows, all_sold, (), policy)
    assert kg_co2e_per_kwh(sold, FACTORS) == pytest.approx(
        0.65 if policy.residual and sold.kwh else 0.5777 * bool(sold.kwh)
    )


# Into a product system


def mill(*inputs):
    return system(("1", "t"), "mill", process("mill", made(100, "t"), inputs=inputs))


def test_lines_become_inputs_that_carry_what_was_said_of_the_consumption():
    quality = DataQuality(1, 2, 3)
    row = used(
        10,
        name="轧钢用电",
        data_kind=DataKind.MEASURED,
        quality=quality,
        item="electricity",
        source="电表",
        place="能源!D5",
    )
    wind, transmission, rest = electricity_inputs(account(row, (), [green(4)]), FACTORS)
    assert (wind.factor, transmission.factor, rest.factor) == ("wind", "transmission", "electricity")
    assert [i.quantity.amount for i in (wind, transmission, rest)] == [4000, 4000, 6000]
    assert (wind.item, transmission.item, rest.item) == ("electricity", "", "electricity")
    for made_of in (wind, transmission, rest):
        assert (made_of.kind, made_of.stage, made_of.quality) == (InputKind.ENERGY, Stage.PRODUCTION, quality)
        assert made_of.data_kind.primary and made_of.place == "能源!D5" and "6.4.9.4" in made_of.note
        assert made_of.name.startswith("轧钢用电 · ") and made_of.source.startswith("电表")
    assert "核销单 2025-001" in wind.source


def test_the_footprint_as_accounted_and_at_the_grid_mix():
    use = ElectricityUse("mill", account(used(10), [own(2)], [green(3)]))
    found = grid_sensitivity(mill(), [use], FACTORS)
    by_hand = 10 * (2 * 0.0520 + 3 * 0.0651 + 5 * 0.5777)  # kg per t: a hundredth of 10 MWh
    assert found.footprint.total_kg_co2e == pytest.approx(by_hand, rel=1e-12)
    assert found.at_grid.total_kg_co2e == pytest.approx(57.77, rel=1e-12)
    assert found.difference_kg_co2e == pytest.approx(57.77 - by_hand)
    assert found.relative == pytest.approx(57.77 / by_hand - 1)
    assert grid_sensitivity(mill(), [], FACTORS).relative is None


def test_a_process_takes_its_part_with_the_mix_of_the_site():
    site = account(used(10), (), [green(3)])
    part = ElectricityUse("mill", site, quantity(4, "MWh"))
    assert calculate_footprint(with_electricity(mill(), [part], FACTORS)).total_kg_co2e == pytest.approx(
        40 * kg_co2e_per_kwh(site, FACTORS), rel=1e-12
    )
    with pytest.raises(WrongAmount):
        electricity_inputs(site, FACTORS, quantity(11, "MWh"))
    with pytest.raises(Unbuildable, match="furnace"):
        with_electricity(mill(), [ElectricityUse("furnace", site)], FACTORS)


def test_two_uses_of_one_factor_bring_it_once():
    use = ElectricityUse("mill", account(used(1)))
    both = with_electricity(with_electricity(mill(), [use], FACTORS), [use], FACTORS)
    assert [f.id for f in both.factors] == ["electricity"]
    assert calculate_footprint(both).total_kg_co2e == pytest.approx(2 * 5.777)


def test_own_generation_may_be_a_process_of_the_system():
    burnt = {"emissions": [factor("x", "0", "kWh").emissions[0]]}
    chp = process("chp", made(1, "kWh", "电"), **burnt)
    chp = replace(chp, emissions=(replace(chp.emissions[0], quantity=quantity("0.9", "kg")),))
    site = account(used(10), [own(4, factor="", provider="chp")])
    base = replace(mill(), processes=(*mill().processes, chp))
    found = grid_sensitivity(base, [ElectricityUse("mill", site)], FACTORS)
    assert found.footprint.total_kg_co2e == pytest.approx(10 * (4 * 0.9 + 6 * 0.5777))
    assert found.at_grid.total_kg_co2e == pytest.approx(57.77)
    assert kg_co2e_per_kwh(site, FACTORS, provided={"chp": 0.9}) == pytest.approx(0.4 * 0.9 + 0.6 * 0.5777)
    with pytest.raises(NoProvider, match="chp"):
        kg_co2e_per_kwh(site, FACTORS)


@needs_shared
def test_the_hand_solved_factors_are_those_announced():
    with (SHARED / "domain/starter-factors.csv").open(encoding="utf-8") as rows:
        announced = {row["name_zh"]: row["value"] for row in csv.DictReader(rows)}
    for name, id in (
        ("2024年全国电力平均碳足迹因子", "electricity"),
        ("2024年风力发电碳足迹因子", "wind"),
        ("2024年光伏发电碳足迹因子", "pv"),
        ("2024年输配电（含线损）碳足迹因子", "transmission"),
        ("2024年输配电（不含线损）碳足迹因子", "line"),
    ):
        assert Decimal(announced[name]) == FACTORS[id].emissions[0].quantity.amount


def test_every_open_choice_says_where_it_comes_from():
    choices = [v for v in (getattr(POLICY, name) for name in POLICY.__slots__) if isinstance(v, Stated)]
    assert len(choices) == 4
    assert all(choice.source for choice in (*choices, *POLICY.schemes))


def test_no_factor_of_the_system_stands_in_for_the_one_accounted():
    uses = [ElectricityUse("mill", account([used(100, "kWh")]))]
    cheap = replace(mill(), factors=(replace(FACTORS["electricity"], emissions=FACTORS["wind"].emissions),))
    with pytest.raises(Unbuildable, match="electricity"):
        with_electricity(cheap, uses, FACTORS)
    assert with_electricity(replace(mill(), factors=(FACTORS["electricity"],)), uses, FACTORS)


def test_an_account_is_used_once_and_a_code_by_one_account():
    one = account([used(10)], instruments=[green(5)])
    half = quantity(6, "MWh")
    with pytest.raises(WrongAmount, match="12000 kWh"):
        with_electricity(mill(), [ElectricityUse("mill", one, half), ElectricityUse("mill", one, half)], FACTORS)
    other = account([used(20)], instruments=[green(5)])
    with pytest.raises(Problems, match="已用于另一处"):
        with_electricity(mill(), [ElectricityUse("mill", one), ElectricityUse("mill", other)], FACTORS)


def test_green_power_does_not_cancel_itself_to_nothing():
    taken_up = replace(FACTORS["wind"].emissions[0], substance="CO2", gas_class=GasClass.BIOGENIC_REMOVAL)
    wind = replace(FACTORS["wind"], emissions=(*FACTORS["wind"].emissions, taken_up))
    assert refusal(WrongFactorKind, [used(10)], instruments=[green(5)], factors={**FACTORS, "wind": wind})

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tanbiao.lca.distributions.making import combine, lognormal, normal, uniform
from tanbiao.lca.distributions.sampling import Sampler
from tanbiao.lca.faults import (
    CyclicFormulas,
    Fault,
    NotComputable,
    UnknownParameter,
    WrongDistribution,
    WrongFormula,
    WrongParameter,
)
from tanbiao.lca.uncertainty.formulas import DEEPEST, LONGEST, read_formula
from tanbiao.lca.uncertainty.parameters import Parameter, ParameterSet, name_key
from tanbiao.words import Problems

VALUES = {"a": 2.0, "b": 3.0, "c": -4.0, "距离": 600.0, "zero": 0.0}


def worked_out(text, **values):
    return read_formula(text).evaluate({**VALUES, **values})


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 + 2 * 3", 7), ("(1 + 2) * 3", 9), ("2 ** 3 ** 2", 512), ("-2 ** 2", -4), ("2 ** -1", 0.5),
        ("7 - 2 - 1", 4), ("8 / 2 / 2", 2), ("+-+2", -2), (".5 + 5. + 1e-3 + 1E3", 1005.501),
        ("min(a, b, c)", -4), ("max(a, b)", 3), ("abs(c)", 4), ("sqrt(16)", 4), ("exp(1)", math.e),
        ("log(exp(a))", 2), ("log10(1000)", 3),
        ("a < b", 1), ("a >= b", 0), ("a == 2", 1), ("a != 2", 0), ("not a", 0), ("not zero", 1),
        ("a < b and b < 5", 1), ("a > b or c", 1), ("zero or zero", 0), ("not a > b", 1),
        ("if(距离 > 500, a, b)", 2), ("if(距离>=1000,a,b)", 3), ("if(c, if(zero, 1, 2), 3)", 2),
        ("（１＋２）×３÷ａ", 4.5), ("a ≤ b", 1), ("距离−１", 599), ("max（a，b）", 3),
        ("a\n  + b", 5),
    ],
)  # fmt: skip
def test_formulas_mean_what_they_say(text, value):
    assert worked_out(text) == pytest.approx(value)
    assert isinstance(worked_out(text), float)


REFUSED = [
    "__import__('os').system('true')", "().__class__", "(1).real", "a.b", "a[0]", "[1] * 9", "{a}", "'a' * 9", 'f"{a}"',
    "lambda: 1", "a if b else c", "(a := 1)", "eval(1)", "print(1)", "min(*a, b)", "abs(*a)", "abs(x=1)", "abs(**a)",
    "1j", "0x10", "1_000", "0b1", "1or 2", "1if a", "True", "None", "...", "yield a", "await a", "a; b", "a\\", "# a",
    "1 # a", "", "  ", "()", "1, 2", "a, b", "abs", "if", "_if_(1, 2, 3)", "min()", "min(1)", "abs(1, 2)", "if(1, 2)",
    "a(1)", "1(2)", "(a)(b)", "abs(1)(2)", "a < b < c", "a = b", "a ^ 2", "5%", "1 // 2", "1 @ 2", "~1", "1 << 9",
    "a is b", "a in b", "a not in b", "not", "a and", "1)(", "((1)", "1.5.2", "1..2", "2a", "a b", "2e3x", "١", "𝒂",
    "x²", "ﬁ", "\u200b1", "a\x00", "1e400", "9" * 400,
]  # fmt: skip


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_no_formula_is_refused(text):
    with pytest.raises(WrongFormula) as refused:
        read_formula(text, "投入!C7")
    assert refused.value.place == "投入!C7"
    assert refused.value.text.zh != refused.value.text.en


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [("a ^ 2", "请改用 **", "Write ** instead"), ("a = b", "请改用 ==", "Write == instead"),
     ("sqr(2)", "可用：sqrt", "available: sqrt"), ("a.b", "“.b”", '".b"'), ("1 // 2", "“1 // 2”", '"1 // 2"'),
     ("if(1, 2)", "需要3", "takes 3")],
)  # fmt: skip
def test_a_refusal_says_what_to_do(text, zh, en):
    with pytest.raises(WrongFormula) as refused:
        read_formula(text)
    assert zh in refused.value.text.zh.replace("需要 ", "需要")
    assert en in refused.value.text.en


def test_length_and_depth_are_bounded_and_long_sums_are_not_deep():
    assert worked_out("+".join(["1"] * (LONGEST // 2))) == LONGEST // 2
    assert worked_out("-" * (LONGEST - 1) + "1") == (-1) ** (LONGEST - 1)
    assert worked_out(" and ".join(["a"] * 300)) == 1
    assert worked_out("(" * DEEPEST + "1" + ")" * DEEPEST) == 1
    for text in ("(" * (DEEPEST + 1) + "1" + ")" * (DEEPEST + 1), "1" * (LONGEST + 1), "abs(" * 60 + "1" + ")" * 60):
        with pytest.raises(WrongFormula, match="several parameters"):
            read_formula(text)


@given(st.text(max_size=60) | st.text("ab01.+-*/(),<>=! ifandorlogxp_", max_size=60))
def test_any_text_is_a_formula_with_a_finite_value_or_a_fault(text):
    try:
        assert math.isfinite(read_formula(text).evaluate(VALUES))
    except Fault as fault:
        assert fault.text.zh
        assert fault.text.en


def sound(value):
    if not math.isfinite(value):
        raise OverflowError
    return float(value)


BY_HAND = {
    "+": lambda x, y: x() + y(), "-": lambda x, y: x() - y(), "*": lambda x, y: x() * y(), "/": lambda x, y: x() / y(),
    "**": lambda x, y: math.pow(x(), y()), "<": lambda x, y: x() < y(), "==": lambda x, y: x() == y(),
    "and": lambda x, y: bool(x() and y()), "or": lambda x, y: bool(x() or y()),
}  # fmt: skip
# each a formula beside a function that works it out another way, one number at a time, by the math of the library
atoms = st.sampled_from(["1", "2.5", "0.1", *VALUES]).map(
    lambda t: (t, lambda: VALUES.get(t) if t in VALUES else float(t))
)
expressions = st.recursive(
    atoms,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(list(BY_HAND)), inner).map(
            lambda t: (f"({t[0][0]} {t[1]} {t[2][0]})", lambda: sound(BY_HAND[t[1]](t[0][1], t[2][1])))
        ),
        inner.map(lambda x: (f"(-{x[0]})", lambda: -x[1]())),
        inner.map(lambda x: (f"(not {x[0]})", lambda: float(not x[1]()))),
        st.tuples(inner, inner).map(
            lambda t: (f"min({t[0][0]}, abs({t[1][0]}))", lambda: min(t[0][1](), abs(t[1][1]())))
        ),
        st.tuples(inner, inner, inner).map(
            lambda t: (f"if({t[0][0]}, {t[1][0]}, {t[2][0]})", lambda: t[1][1]() if t[0][1]() else t[2][1]())
        ),
    ),
    max_leaves=12,
)


@given(expressions)
def test_formulas_agree_with_a_reckoning_by_hand(pair):
    text, by_hand = pair
    try:
        expected = by_hand()
    except (ArithmeticError, ValueError):
        with pytest.raises(NotComputable):
            worked_out(text)
    else:
        assert worked_out(text) == pytest.approx(expected, rel=1e-12)


@given(expressions, st.lists(st.floats(-10, 10), min_size=1, max_size=5))
def test_many_values_are_each_as_one(pair, column):
    text, _ = pair
    try:
        one_by_one = [worked_out(text, a=x) for x in column]
    except NotComputable:
        with pytest.raises(NotComputable):
            worked_out(text, a=np.array(column))
    else:
        together = worked_out(text, a=np.array(column))
        assert np.broadcast_to(together, (len(column),)).tolist() == pytest.approx(one_by_one, rel=1e-12)


@pytest.mark.parametrize(
    ("text", "part"),
    [("1 + a / zero", "a / zero"), ("1 / (1 / zero)", "1 / zero"), ("if(1 / zero > 1, 1, 2)", "1 / zero"),
     ("1 ** (zero / zero)", "zero / zero"), ("(zero / zero) ** 0", "zero / zero"), ("min(1, log(zero))", "log(zero)"),
     ("sqrt(c)", "sqrt(c)"), ("log(c)", "log(c)"), ("c ** 0.5", "c ** 0.5"), ("zero ** -1", "zero ** -1"),
     ("9 ** 9 ** 9 ** 9", "9 ** 9 ** 9"), ("exp(1000)", "exp(1000)"), ("1 / exp(1000)", "exp(1000)"),
     ("if(if(a, zero, 1), 1 / zero, 2 / zero)", "2 / zero"), ("a and 1 / zero", "1 / zero"),
     ("1e308 * 10", "1e308 * 10")],
)  # fmt: skip
def test_the_part_without_a_finite_value_is_named(text, part):
    with pytest.raises(NotComputable) as refused:
        worked_out(text)
    assert f"“{part}”" in refused.value.text.zh
    assert f'"{part}"' in refused.value.text.en


def test_branches_that_are_not_taken_do_no_harm():
    assert worked_out("if(zero == 0, 0, a / zero)") == 0
    assert worked_out("zero and a / zero") == 0
    assert worked_out("a or a / zero") == 1
    assert worked_out("if(x == 0, 0, a / x)", x=np.array([0.0, 2.0])).tolist() == [0, 1]


def test_the_value_at_fault_is_counted():
    with pytest.raises(NotComputable) as refused:
        worked_out("a / x", x=np.array([1.0, 0.0, 0.0]))
    assert "第 2 个取值" in refused.value.text.zh
    assert "x = 0" in refused.value.text.en


@pytest.mark.parametrize("value", [math.nan, math.inf, np.array([1.0, math.nan])])
def test_a_value_that_is_not_finite_is_named(value):
    with pytest.raises(NotComputable, match='"x" has no finite value'):
        worked_out("x", x=value)
    with pytest.raises(NotComputable):
        worked_out("x > 1", x=value)


def test_columns_are_of_one_length():
    with pytest.raises(NotComputable, match="one length"):
        worked_out("x + y", x=np.ones(2), y=np.ones(3))
    assert worked_out("x * y", x=np.ones((2, 1)), y=np.ones(3)).shape == (2, 3)


def test_names_are_listed_once_and_unknown_ones_get_a_suggestion():
    assert read_formula("用电量 * 因子 + 用电量 * exp(a)").names == ("用电量", "因子", "a")
    with pytest.raises(UnknownParameter) as refused:
        read_formula("电耗量 * 2", "生产!C3").evaluate({"电耗": 1.0, "水耗": 2.0})
    assert refused.value.place == "生产!C3"
    assert "是否为 电耗？" in refused.value.text.zh
    assert "Did you mean 电耗" in refused.value.text.en


# --- parameters

STEEL = ParameterSet([
    Parameter("总耗", "(电耗 + 辅助) * 产量", note="kWh"),
    Parameter("电耗", 450.0, lognormal(450, 1.1), "kWh/t"),
    Parameter("辅助", "电耗 * 比例"),
    Parameter("比例", 0.1, uniform(0.05, 0.15)),
    Parameter("产量", 20),
])  # fmt: skip


def test_formulas_are_worked_out_in_the_order_of_their_dependence():
    assert STEEL.resolve() == {"总耗": 9900, "电耗": 450, "辅助": 45, "比例": 0.1, "产量": 20}
    assert list(STEEL.resolve()) == [p.name for p in STEEL.parameters]


def test_a_scenario_sets_values_and_formulas_alike():
    assert STEEL.resolve({"产量": 10})["总耗"] == 4950
    assert STEEL.resolve({"辅助": 0})["总耗"] == 9000
    assert STEEL.resolve({"比例": np.array([0.0, 0.1])})["总耗"].tolist() == [9000, 9900]
    with pytest.raises(UnknownParameter, match="是否为 产量"):
        STEEL.resolve({"总产量": 10})
    with pytest.raises(WrongParameter, match="nan"):
        STEEL.resolve({"产量": math.nan})


def test_draws_follow_the_formulas():
    drawn = STEEL.sample(seed=7, draws=500)
    assert all(column.shape == (500,) for column in drawn.values())
    assert drawn["总耗"] == pytest.approx((drawn["电耗"] * (1 + drawn["比例"])) * 20)
    assert np.unique(drawn["产量"]).tolist() == [20]
    assert np.median(drawn["电耗"]) == pytest.approx(450, rel=0.02)
    assert abs(np.corrcoef(drawn["电耗"], drawn["比例"])[0, 1]) < 4 / math.sqrt(500)
    still = STEEL.sample(seed=7, draws=3, scenario={"电耗": 400})
    assert still["电耗"].tolist() == [400] * 3
    assert still["比例"].tolist() == drawn["比例"][:3].tolist()


def test_a_new_parameter_changes_no_draw_of_the_others():
    before = STEEL.sample(7, 20)
    added = ParameterSet([Parameter("新", 1, normal(1, 0.1)), *reversed(STEEL.parameters)]).sample(7, 20)
    for name, column in before.items():
        assert added[name] == pytest.approx(column, rel=1e-12)


def test_a_draw_is_that_of_the_sampler_with_the_key_of_the_name():
    keys = np.array([name_key("电耗"), name_key("比例")], dtype=np.uint64)
    one = Sampler(combine([lognormal(450, 1.1), uniform(0.05, 0.15)]), [450, 0.1], keys).draw(7, 3)
    drawn = STEEL.sample(7, 4)
    assert [drawn["电耗"][3], drawn["比例"][3]] == pytest.approx(one.tolist(), rel=1e-12)
    assert name_key("电耗") == 0x2E5878F7E2B17EE2  # the first 64 bits of its SHA-256


def test_what_varies_is_counted():
    assert STEEL.uncertain == 2
    assert ParameterSet([Parameter("x", 1), Parameter("y", 1, normal(1, 0))]).uncertain == 0
    assert ParameterSet([]).sample(1, 5) == {}


def test_circles_are_named():
    with pytest.raises(CyclicFormulas) as refused:
        ParameterSet([Parameter("甲", "乙 + 1"), Parameter("乙", "丙"), Parameter("丙", "甲"), Parameter("丁", "甲")])
    assert set(refused.value.names) == {"甲", "乙", "丙"}
    assert any(f"{x} → {y} → {z} → {x}" in refused.value.text.en for x, y, z in ("甲乙丙", "乙丙甲", "丙甲乙"))
    with pytest.raises(CyclicFormulas, match="x → x"):
        ParameterSet([Parameter("x", "x + 1")])


@pytest.mark.parametrize(
    ("parameters", "fault", "says"),
    [
        ([Parameter("2x", 1)], WrongParameter, "begin with a digit"),
        ([Parameter("min", 1)], WrongParameter, "function"),
        ([Parameter("a b", 1)], WrongParameter, "letters"),
        ([Parameter("x²", 1)], WrongParameter, "letters"),
        ([Parameter("x", 1), Parameter("x", 2)], WrongParameter, "twice"),
        ([Parameter("x", math.inf)], WrongParameter, "inf"),
        ([Parameter("x", "1 + 1", normal(1, 1))], WrongParameter, "distribution"),
        ([Parameter("x", 1, combine([normal(1, 1), normal(1, 1)]))], WrongParameter, "one distribution"),
        ([Parameter("x", "yy"), Parameter("y", 1)], UnknownParameter, "Did you mean y"),
        ([Parameter("x", "1 +")], WrongFormula, "x: "),
    ],
)
def test_parameters_that_do_not_do_are_refused(parameters, fault, says):
    with pytest.raises(fault) as refused:
        ParameterSet(parameters)
    assert says in str(refused.value)


def test_all_that_is_wrong_is_said_at_once():
    with pytest.raises(Problems) as refused:
        ParameterSet([Parameter("1x", 1), Parameter("y", "z"), Parameter("w", math.nan)])
    assert [p.place for p in refused.value.problems] == ["1x", "y", "w"]


def test_wrong_distributions_are_not_drawn_from():
    d = normal(1, 1)
    d.scale[0] = -1
    with pytest.raises(WrongDistribution):
        ParameterSet([Parameter("x", 1, d)]).sample(1, 1)

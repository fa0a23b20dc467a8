"""Reading a rule document: every mistake with its place, in both languages."""

import subprocess
import sys
from importlib.resources import files

import pytest

from tanbiao.rules import UnknownRule, available_rules, load_rule, read_rule
from tanbiao.rules.documents import MAX_BYTES
from tanbiao.words import Problem, Problems

STEEL = (files("tanbiao.rules") / "documents" / "steel-eaf.yaml").read_text("utf-8")


def mistakes(document: str | bytes) -> tuple[Problem, ...]:
    given = document if isinstance(document, bytes) else document.encode()
    with pytest.raises(Problems) as caught:
        read_rule(given, "x.yaml")
    return caught.value.problems


def line_of(words: str) -> int:
    return STEEL[: STEEL.index(words)].count("\n") + 1


MISTAKES = {
    # what is written: (what is written instead, the place said, a word of the message)
    "single_max: {value: 0.01,": ("single_max: {value: 1.5,", "cutoff.single_max.value", "less than or equal to 1"),
    "total_max: {value: 0.05,": ("total_max: {value: many,", "cutoff.total_max.value", "valid decimal"),
    "total_max: {value: 0.05, source: 国内": (
        "total_max: {value: 0.05, sauce: 国内",
        "cutoff.total_max.source",
        "Field required",
    ),
    "dqr_max: {value: 3,": ("dqr_max: {value: .nan,", "data_quality.dqr_max.value", "finite"),
    "kind: cradle_to_gate": ("kind: cradle_to_moon", "boundary.kind", "cradle_to_gate"),
    "included: [raw_materials, production]": ("included: [raw_materials]", "boundary.excluded", "production"),
    'version: "0.2"': ("version: 0.2", "version", "valid string"),
    "significant_digits: 3": ("significant_digits: 0", "rounding.significant_digits", "greater than"),
    "declared_unit: {amount: 1, unit: t}": ("declared_unit: {amount: 1, unit: 方}", "declared_unit.unit", "方"),
    "gwp_set: AR6": ("gwp_set: AR7", "gwp_set", "AR6"),
    "en: Steel scrap}": ("en: ' '}", "required_items.0.name", "both"),
    "en: Pig iron}": ("fr: Fonte}", "required_items.1.name.en", "Field required"),
    "    kind: material\n": ("    kind: mineral\n", "required_items.0.kind", "mineral"),
    "    dimension: mass\n": ("    dimension: gas_volume\n", "required_items.0.unit", "gas_volume"),
    "    process: steelmaking\n": ("    process: smelting\n", "required_items", "smelting"),
    "code: pig_iron": ("code: scrap", "required_items", "scrap"),
    "    kind: statement\n": ("    kind: statment\n", "clauses.0", "statment"),
    "    look_at:\n": ("    lookat:\n", "clauses.0.look_at", "Field required"),
    "id: EAF-2.1": ("id: EAF-1.1", "clauses", "EAF-1.1"),
    "items: [electricity]": ("items: [power]", "clauses", "power"),
}


@pytest.mark.parametrize("right", MISTAKES)
def test_a_mistake_is_told_with_its_place(right):
    wrong, place, word = MISTAKES[right]
    assert right in STEEL
    problems = mistakes(STEEL.replace(right, wrong, 1))
    said = {p.place.split(" ", 1)[1]: p.text for p in problems}
    assert place in said, [str(p) for p in problems]
    assert any(word in text.en or word in path for path, text in said.items())
    assert all(max(text.zh) >= "一" for text in said.values()), "said in Chinese as well"


def test_the_place_has_the_line_of_the_document():
    wrong = STEEL.replace("single_max: {value: 0.01,", "single_max: {value: 1.5,")
    assert mistakes(wrong)[0].place == f"x.yaml:{line_of('single_max')} cutoff.single_max.value"


def test_all_mistakes_are_told_at_once():
    wrong = STEEL.replace("single_max: {value: 0.01,", "single_max: {value: 1.5,").replace("gwp_set: AR6", "gwp_set: X")
    assert {p.place.split()[1] for p in mistakes(wrong)} == {"cutoff.single_max.value", "gwp_set"}


def test_a_repeated_field_is_told_with_its_line():
    problems = mistakes(STEEL.replace("gwp_set: AR6", "gwp_set: AR6\ngwp_set: AR5"))
    assert [p.place for p in problems] == [f"x.yaml:{line_of('gwp_set: AR6') + 1}"]


BAD_FORM = {
    "empty": b"",
    "list": b"- a",
    "not UTF-8": "规则".encode("gb18030"),
    "not YAML": b"a: [",
    "a date that is none": b"a: 2024-02-31",
    "a very long number": b"a: " + b"1" * 5000,
    "deep nesting": b"[" * 5000,
    "alias": b"a: &x [1]\nb: *x",
    "tag": b"a: !!python/object/apply:os.system [ls]",
    "unhashable key": b"? [a]\n: b",
    "too large": b"#" * (MAX_BYTES + 1),
}


@pytest.mark.parametrize("document", BAD_FORM.values(), ids=BAD_FORM)
def test_a_document_of_bad_form_is_refused_in_both_languages(document):
    (problem,) = mistakes(document)
    assert problem.place.startswith("x.yaml")
    assert problem.text.zh != problem.text.en


def test_an_unknown_rule_names_those_there_are():
    for name in ("steel", "../steel-eaf", "", "STEEL-EAF"):
        with pytest.raises(UnknownRule, match="steel-eaf"):
            load_rule(name)


def test_every_rule_stands_in_the_file_of_its_id():
    assert [rule.id for rule in available_rules()] == sorted(
        d.name.removesuffix(".yaml") for d in (files("tanbiao.rules") / "documents").iterdir()
    )


def test_the_digest_follows_the_content_and_not_the_layout():
    same = read_rule(("\n# another comment\n" + STEEL.replace("amount: 1,", "amount:   1,")).encode())
    other = read_rule(STEEL.replace("value: 0.01,", "value: 0.02,").encode())
    reworded = read_rule(STEEL.replace("zh: 现场检查,", "zh: 现场查看,").encode())
    assert same.digest == load_rule("steel-eaf").digest
    assert len({same.digest, other.digest, reworded.digest}) == 3


def test_importing_tanbiao_loads_neither_yaml_nor_pydantic():
    said = "import sys, tanbiao, tanbiao.words; print([m for m in ('yaml', 'pydantic', 'scipy') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"

"""Words to find things by: what is kept of a row, what is asked for, and that the two meet."""

from __future__ import annotations

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tanbiao.platform.kernel.search import MOST_TOKENS, query_of, tokens_of, vector

SYNONYMS = {
    "电力": ["electricity", "用电"],
    "上海": ["Shanghai", "沪"],
    "天然气": ["natural gas"],
    "natural gas": ["天然气"],
    "钢": ["steel"],
}


@pytest.fixture
def found(db):
    """Does a row with these texts answer to this query?"""

    def ask(query, *texts, synonyms=SYNONYMS):
        kept, asked = vector(tokens_of(*texts)), query_of(query, synonyms)
        with connection.cursor() as cursor:
            left, left_values = compiled(kept)
            right, right_values = compiled(asked)
            cursor.execute(f"SELECT {left} @@ {right}", [*left_values, *right_values])
            return cursor.fetchone()[0]

    return ask


def compiled(expression):
    compiler = connection.ops.compiler("SQLCompiler")(None, connection, None)
    return compiler.compile(expression)


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("电力", ["电力", "电", "力"]),
        ("水", ["水"]),
        ("热轧钢", ["热轧", "轧钢", "热", "轧", "钢"]),
        ("Batteries, processes & glass", ["battery", "process", "glass"]),
        ("houses house gases gas", ["hous", "gas"]),
        ("CO₂ ＣＨ４ 0.5703 1,234 2024", ["co2", "ch4", "0.5703", "1,234", "2024"]),
        ("CN-SH 电力2024年", ["cn", "sh", "电力", "电", "力", "2024", "年"]),
        ("", []),
        ("!!! -- ()&|", []),
    ],
)
def test_a_text_becomes_words(text, tokens):
    assert tokens_of(text) == tokens


def test_a_row_keeps_so_many_words_and_no_more():
    assert len(tokens_of(" ".join(map(str, range(5 * MOST_TOKENS))))) == MOST_TOKENS
    assert max(map(len, tokens_of("x" * 100_000))) < 100


@pytest.mark.parametrize(
    ("query", "row"),
    [
        ("电力", "华东区域电力平均"),
        ("电", "华东区域电力平均"),
        ("华东 电力", "华东区域电力平均"),
        ("electricity", "电力"),
        ("电力", "Electricity, at grid"),
        ("上海电力", "Shanghai grid electricity"),
        ("沪电力2024", "沪 2024 用电"),
        ("Natural Gas", "管道天然气"),
        ("天然气", "natural gas, at consumer"),
        ("batteries", "Lithium battery"),
        ("battery", "Batteries"),
        ("co2", "CO₂ only"),
        ("钢", "Steel"),
    ],
)
def test_a_row_is_found(found, query, row):
    assert found(query, row)


@pytest.mark.parametrize(
    ("query", "row"),
    [
        ("电力", "电解液 动力"),
        ("华东 蒸汽", "华东区域电力平均"),
        ("natural", "gas"),
        ("上海电力", "上海蒸汽"),
        ("2024", "2023"),
        ("", "anything"),
        ("&|!():*<->'\\", "anything"),
    ],
)
def test_a_row_is_not_found(found, query, row):
    assert not found(query, row)


def test_without_synonyms_the_words_themselves_are_asked_for(found):
    assert found("电力", "电力", synonyms=None)
    assert not found("电力", "electricity", synonyms=None)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text())
def test_any_text_is_kept_and_asked_for_without_error(found, text):
    """What has words finds itself; NUL, lone surrogates, quotes and operators are no words."""
    assert found(text, text, synonyms=None) == bool(tokens_of(text))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(alphabet="电力上海钢 a'\\&|!():*,.0123456789sSeE的ﬁ№①𠮷", max_size=40))
def test_text_of_the_trade_finds_itself(found, text):
    assert found(text, text) == bool(tokens_of(text))


def test_a_long_question_is_cut_and_answered(found):
    assert found("电" * 10_000, "电" * 10_000)

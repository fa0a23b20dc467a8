"""Finding: the right factor first, each with why it stands there; what may not be used says why and what instead."""

import pytest
from library_cast import factor

from tanbiao.platform.accounts.actor import PASSER_BY
from tanbiao.platform.library.actions import import_into, publish_version
from tanbiao.platform.library.queries import Filters, datasets_visible_to, find_datasets


@pytest.fixture
def library(cast, begin, reads, a_file):
    """Factors open to all, published."""

    def publish(*records, name="公开数据库"):
        reads(*records)
        content = name.encode()
        version = import_into(cast.operator, begin(cast.operator, name, content, access="open"), a_file(content))
        version.flags.all().delete()
        return publish_version(cast.operator, version)

    return publish


def keys(found):
    return [row.dataset.uid for row in found.rows]


def test_electricity_for_a_footprint_stands_before_the_grid_factor_which_says_why_not(starter):
    found = find_datasets(PASSER_BY, "电力", filters=Filters(region="CN-SH"), size=100)
    first = found.rows[0].dataset
    assert first.kind == "electricity_footprint" and first.region == "CN"
    grid = next(row for row in found.rows if row.dataset.region == "CN-SH" and row.dataset.kind == "grid_co2")
    assert "不能用于产品碳足迹" in grid.refused.zh and "may not be used" in grid.refused.en
    assert grid.instead.kind == "electricity_footprint"
    assert "不可用于产品碳足迹" in grid.why.zh
    assert all(row.refused is None for row in found.rows if row.dataset.kind == "electricity_footprint")


@pytest.mark.parametrize("text", ["电力", "用电", "electricity", "Power"])
def test_words_for_one_thing_find_the_same(starter, text):
    assert find_datasets(PASSER_BY, text).total == find_datasets(PASSER_BY, "电力").total > 20


def test_the_exact_name_then_all_words_then_some(library):
    library(
        factor("exact", "热轧钢板", "x"), factor("holds", "热轧钢板，镀锌", "y"), factor("all", "钢板（热轧）", "z"),
        factor("some", "冷轧薄板", "hot"), factor("none", "水泥", "cement"),
    )  # fmt: skip
    found = find_datasets(PASSER_BY, "热轧钢板")
    assert keys(found)[:2] == ["exact", "holds"]
    assert "名称相同" in found.rows[0].why.zh
    assert "none" not in keys(found)


def test_a_word_in_the_name_counts_before_one_in_the_category(library):
    library(
        factor("burnt", "木材燃烧", "wood combustion", category=("Electric power generation",)),
        factor("wind", "风力发电", "wind electricity", region="GLO"),
    )
    assert keys(find_datasets(PASSER_BY, "电力")) == ["wind", "burnt"]


def test_the_hierarchy_is_the_rules_to_choose(cast, library, published):
    library(factor("cn", "热轧钢板", "p"), factor("sh", "热轧钢板", "p", region="CN-SH"),
            factor("glo", "热轧钢板", "p", region="GLO"))  # fmt: skip
    assert keys(find_datasets(cast.maker, "热轧钢板")) == ["a", "cn", "sh", "glo"]
    turned = ("regional", "national", "literature", "own", "supplier")
    assert keys(find_datasets(cast.maker, "热轧钢板", hierarchy=turned)) == ["sh", "cn", "glo", "a"]
    assert find_datasets(cast.maker, "热轧钢板").rows[0].level == "own"


def test_units_of_the_same_dimension_are_found_the_same_unit_first(library):
    library(factor("kg", "钢板", "p"), factor("t", "钢板", "p", 2100, "t"), factor("m2", "钢板", "p", 30, "m2"))
    assert keys(find_datasets(PASSER_BY, "钢板", filters=Filters(unit="t"))) == ["t", "kg"]


def test_a_region_takes_its_parts_and_its_country_the_same_first(library):
    library(*(factor(region, "钢板", "p", region=region) for region in ("CN", "CN-SH", "CN-JS", "US", "GLO")))
    assert keys(find_datasets(PASSER_BY, "钢板", filters=Filters(region="CN-SH"))) == ["CN", "CN-SH"]
    assert set(keys(find_datasets(PASSER_BY, "钢板", filters=Filters(region="CN")))) == {"CN", "CN-SH", "CN-JS"}


def test_the_newest_first_or_the_nearest_to_the_year_asked_for(library):
    library(*(factor(str(year), "钢板", "p", year=year) for year in (2018, 2021, 2024)))
    assert keys(find_datasets(PASSER_BY, "钢板")) == ["2024", "2021", "2018"]
    assert keys(find_datasets(PASSER_BY, "钢板", filters=Filters(year_to=2021))) == ["2021", "2018"]
    assert keys(find_datasets(PASSER_BY, "钢板", filters=Filters(year_from=2021, year_to=2022))) == ["2021"]


def test_only_what_may_be_used(starter, library):
    library(factor("unclear", "电力（不明）", "power, unclear", kind=""))
    found = find_datasets(PASSER_BY, "电力", filters=Filters(permitted=True), size=100)
    assert found.total and not any(row.refused or row.dataset.factor is None for row in found.rows)


def test_facets_count_what_the_words_find(library):
    library(factor("a", "钢板", "p"), factor("b", "钢带", "q", region="US"), factor("c", "水泥", "r", region="US"))
    found = find_datasets(PASSER_BY, "钢", filters=Filters(region="US"))
    assert found.total == 1
    assert dict(found.facets["region"]) == {"CN": 1, "US": 1}
    assert dict(found.facets["kind"]) == {"material": 2}


def test_few_hits_are_widened_to_some_of_the_words(library):
    library(factor("a", "不锈钢板", "stainless plate"), factor("b", "铜板", "copper plate"))
    found = find_datasets(PASSER_BY, "stainless copper")
    assert found.widened and set(keys(found)) == {"a", "b"}
    assert "含部分词" in found.rows[0].why.zh


def test_pages_of_a_long_list(library):
    library(*(factor(f"{n:02}", f"钢板 {n:02}", "p", year=2000 + n) for n in range(23)))
    first, second = find_datasets(PASSER_BY, "钢板", size=20), find_datasets(PASSER_BY, "钢板", size=20, page=2)
    assert (first.total, first.pages, len(first.rows), len(second.rows)) == (23, 2, 20, 3)
    assert not set(keys(first)) & set(keys(second))
    assert find_datasets(PASSER_BY, "钢板", page=99).page == 2


@pytest.mark.parametrize("text", ["'", "\\", "!!", "&|", "a'b", "%", "_", "没有这样的东西", "x" * 500])
def test_any_text_may_be_asked(starter, text):
    find_datasets(PASSER_BY, text, filters=Filters(unit="斗", region="%"))


def test_an_empty_library_answers_with_nothing(db):
    found = find_datasets(PASSER_BY, "电力")
    assert (found.rows, found.total, found.pages) == ((), 0, 1)


def test_a_list_reads_no_reports_and_no_documents(cast, library):
    """A report is large, and would come with every row of its version."""
    library(factor("a", "钢一", "Steel one"), factor("b", "钢二", "Steel two"))
    found = find_datasets(cast.maker, "钢")
    for dataset in (*(row.dataset for row in found.rows), *datasets_visible_to(cast.maker)):
        assert {"document", "tokens"} <= dataset.get_deferred_fields()
        assert {"report", "progress"} <= dataset.version.get_deferred_fields()
    assert found.rows

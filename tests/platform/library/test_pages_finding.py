"""The library for whoever looks for a factor: search, filters, comparison, the page of a data set, tables, the API."""

import csv
import io

import pytest
from django.urls import reverse


@pytest.fixture
def starter(cast):
    from tanbiao.platform.library.actions import ensure_starter

    return ensure_starter()


@pytest.fixture
def page(client, starter):
    def get(address="/library/", browser=client, **query):
        answer = browser.get(address, query)
        assert answer.status_code == 200
        return answer.content.decode()

    return get


def address_of(key):
    from tanbiao.platform.accounts.actor import PASSER_BY
    from tanbiao.platform.library.queries import dataset_by_key

    return f"/library/f/{dataset_by_key(PASSER_BY, key).pk}/"


def test_everybody_finds_the_library_in_the_menu(client, cast, signed_in, starter):
    for browser in (client, signed_in(cast.maker), signed_in(cast.bank)):
        assert 'href="/library/"' in browser.get("/").content.decode()


def test_a_newcomer_sees_which_electricity_factor_is_for_footprints(page):
    found = page(q="电力")
    good, bad = (found.index(f"tb-answer-{look}") for look in ("good", "bad"))
    assert "2024年全国电力平均碳足迹因子" in found[good:bad] and "0.5777" in found[good:bad]
    table = found.index("<tbody>")
    assert "不可用于碳足迹" in found[bad:table] and "只含发电燃烧的二氧化碳" in found[bad:table]
    first = found.index('<th scope="row">', table)
    assert "2024年全国电力平均碳足迹因子" in found[first : first + 300]
    shanghai = page(q="上海 电力")
    bad = shanghai.index("tb-answer-bad")
    assert "2023年上海电力平均二氧化碳排放因子" in shanghai[bad : bad + 600]
    assert "2024年全国电力平均碳足迹因子" in shanghai[shanghai.index("tb-answer-good") : bad]
    grid = page(q="上海 电力", kind="grid_co2")
    assert "请改用" in grid and address_of("cn-electricity-footprint-2024") in grid


def test_the_page_of_the_grid_factor_says_why_not_and_what_instead(page):
    found = page(address_of("cn-sh-grid-co2-2022"))
    assert "不可用于产品碳足迹" in found and "6.4.9.4" in found
    assert address_of("cn-electricity-footprint-2024") in found


@pytest.mark.parametrize(
    ("query", "there", "not_there"),
    [
        ({"q": "电力", "year": "2023"}, "2023年全国电力平均碳足迹因子", "2024年全国电力平均碳足迹因子"),
        ({"q": "电力", "kind": "grid_co2"}, "电力平均二氧化碳排放因子", "全国电力平均碳足迹因子</a>"),
        ({"q": "natural gas combustion"}, "天然气燃烧", "电力平均碳足迹因子"),
    ],
)
def test_filters_narrow(page, query, there, not_there):
    table = page(**query).split("<tbody>")[1]
    assert there in table
    assert not_there not in table.replace("请改用", "")[:2000] or query.get("kind")


@pytest.mark.parametrize(
    "query",
    [
        {"q": "没有这种东西"},
        {"q": "' OR 1=1 --"},
        {"q": "<script>alert(1)</script>"},
        {"page": "99999999999"},
        {"page": "-1"},
        {"year": "x"},
        {"source": "not-an-id"},
        {"state": "x"},
        {"kind": "nothing"},
        {"q": "：：：&|!"},
    ],
)
def test_whatever_is_asked_is_answered(page, query):
    assert "<script>alert" not in page(**query)


def test_nothing_found_says_how_to_go_on(page):
    assert "没有找到“没有这种东西”" in page(q="没有这种东西")


def test_comparison_marks_what_differs_and_says_the_spread(page):
    both = ["cn-electricity-footprint-2023", "cn-electricity-footprint-2024"]
    found = page("/library/compare/", key=both)
    assert "2023年全国" in found and "2024年全国" in found and "1.07 倍" in found
    assert "<strong>2023</strong>" in found and "<strong>CN</strong>" not in found
    assert "没有选中" in page("/library/compare/", key="nowhere")


def test_the_result_as_a_table_that_no_spreadsheet_runs(client, cast, open_version, reads, starter):
    from tanbiao.platform.library.actions import publish_version

    open_version.datasets.update(name="=cmd|' /C calc'!A0", name_en="@SUM(1)")
    publish_version(cast.operator, open_version)
    answer = client.get("/library/factors.csv", {"q": "公开"})
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(rows) == 2 and answer["Content-Disposition"].startswith("attachment")
    assert not any(cell[:1] in "=@+" for row in rows for cell in row if cell)


def test_the_page_of_a_data_set_says_everything(page):
    found = page(address_of("cn-combustion-natural-gas"))
    for words in ("燃料燃烧因子", "来源文件", "许可", "计算方式", "共有 0 份研究", "起步因子库 v1"):
        assert words in found
    assert page(address_of("cn-combustion-natural-gas") + "dataset.json").startswith("{")


def test_how_a_fuel_factor_was_computed_is_said(page):
    found = page(address_of("cn-combustion-natural-gas"))
    makeup = found[found.index('id="makeup"') :]
    assert "44/12" in makeup
    for words in ("NCV × CC × OF × 44/12", "低位发热量", "单位热值含碳量", "碳氧化率", "许可"):
        assert words in makeup


def test_ones_own_database_is_nowhere_for_others(client, cast, published, dataset, signed_in, starter):
    name = dataset.name
    for browser in (client, signed_in(cast.rival)):
        assert dataset.key not in browser.get("/library/", {"q": name}).content.decode()
        assert browser.get(f"/library/f/{dataset.pk}/").status_code == 404
        assert browser.get(f"/library/f/{dataset.pk}/dataset.json").status_code == 404
        assert browser.get(reverse("library:version", args=[published.pk])).status_code == 404
        assert browser.get(reverse("library:report", args=[published.pk])).status_code == 404
        assert name not in browser.get("/library/compare/", {"key": dataset.key}).content.decode()
        assert dataset.key not in browser.get("/library/factors.csv").content.decode()
        assert published.source.title not in browser.get("/library/sources/").content.decode()
        assert published.source.title not in browser.get("/library/").content.decode()
        assert browser.get(f"/api/v1/library/factors/{dataset.key}").status_code == 404
        assert dataset.key not in browser.get("/api/v1/library/factors", {"q": name}).content.decode()
        assert published.source.name not in browser.get("/api/v1/library/versions").content.decode()
    assert signed_in(cast.maker).get(f"/library/f/{dataset.pk}/").status_code == 200


def test_the_api_finds_pages_and_refuses_politely(client, starter):
    answer = client.get("/api/v1/library/factors", {"q": "电力", "year": 2024}).json()
    first = answer["items"][0]
    assert first["key"] == "cn-electricity-footprint-2024" and first["value"] == 0.5777 and first["refused"] is None
    assert answer["count"] >= 1 and dict(map(tuple, answer["facets"]["kind"]))["electricity_footprint"] > 1
    grid = client.get("/api/v1/library/factors", {"q": "上海", "kind": "grid_co2"}).json()["items"][0]
    assert grid["permitted_use"] == "not_in_footprint" and "6.4.9.4" in grid["refused"]["zh"]
    whole = client.get("/api/v1/library/factors/cn-electricity-footprint-2024").json()
    assert whole["factor"]["emissions"][0]["quantity"]["amount"] == "0.5777"
    missing = client.get("/api/v1/library/factors/a@1:b/c")
    assert missing.status_code == 404 and set(missing.json()) == {"zh", "en"}
    assert client.get("/api/v1/library/factors", {"source": "x"}).status_code == 422
    assert client.get("/api/v1/library/versions").json()[0]["source"] == "starter"


def test_a_data_set_is_retired_on_its_page(client, cast, starter, signed_in):
    page = address_of("cn-electricity-footprint-2023")
    operator = signed_in(cast.operator)
    assert f"{page}retire/" in operator.get(page).content.decode()
    assert f"{page}retire/" not in signed_in(cast.maker).get(page).content.decode()
    assert signed_in(cast.maker).get(f"{page}retire/").status_code == 403
    wrong = operator.post(f"{page}retire/", {"reason": "旧", "successor": "nowhere"})
    assert wrong.status_code == 400 and "没有找到数据集" in wrong.content.decode()
    operator.post(f"{page}retire/", {"reason": "公布了新值", "successor": "cn-electricity-footprint-2024"})
    shown = client.get(page).content.decode()
    assert "已停用" in shown and "公布了新值" in shown and "2024年全国电力平均碳足迹因子" in shown


def test_values_per_several_units_are_shown_per_the_one_asked_for(page, cast, begin, a_file, reads, client):
    from library_cast import factor

    from tanbiao.platform.library.actions import import_into, publish_version

    reads(
        factor("heat", "余热蒸汽", "Waste heat steam", 0.36, "kWh"), factor("steam", "余热蒸汽二", "Steam 2", 0.2, "MJ")
    )
    staged = import_into(cast.operator, begin(cast.operator, "蒸汽库", access="open"), a_file())
    version = publish_version(cast.operator, staged)
    found = page(q="余热蒸汽", unit="kWh")
    assert ">0.36<" in found and ">0.72<" in found and "/MJ" not in found.split("<tbody>")[1]
    both = [dataset.key for dataset in version.datasets.order_by("name")]
    compared = page("/library/compare/", key=both)
    assert "0.72 kg CO" in compared and "2 倍" in compared
    dataset = version.datasets.get(uid="steam")
    assert "/MJ" in page(f"/library/f/{dataset.pk}/")  # its own


def test_carbon_dioxide_alone_is_not_called_co2e(page):
    table = page(q="上海 电力", kind="grid_co2").split("<tbody>")[1]
    assert "CO<sub>2</sub>/kWh" in table and "CO<sub>2</sub>e/kWh" not in table


def test_a_process_that_names_no_greenhouse_gas_is_not_shown_as_clean(page, cast, open_version):
    from tanbiao.platform.library.actions import publish_version

    first = open_version.datasets.order_by("name").first()
    open_version.datasets.filter(pk=first.pk).update(form="process", value=0.0, name="公开的无气体过程")
    publish_version(cast.operator, open_version)
    assert "数值为 0：没有温室气体数据" in page(q="公开")

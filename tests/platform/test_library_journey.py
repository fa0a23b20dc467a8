"""The background database in a real browser: the right factor found, a database brought in, a factor measured.

On the site of the other journey; screenshots beside its, 20 and up.
"""

from __future__ import annotations

import json
import re
import zipfile

import pytest
from journey_cast import Person

from tanbiao.formats.datasets.openlca.writer import write_openlca
from tanbiao.lca.datasets.records import Direction, ExchangeRecord, FlowKind, FlowRecord, ProcessRecord

pytestmark = pytest.mark.browser

PRODUCT = "热轧带肋钢筋"
DATABASE = "邻国背景数据"
SECRETS = (DATABASE, "公路运输，重型货车", "Road transport, heavy truck")  # what only its owner may read

#: A small database of another country: (id, Chinese, English, unit, kg CO2 per unit, kWh of its electricity per unit)
PRODUCTS = [
    ("el", "电力，低压", "Electricity, low voltage", "kWh", 0.42, 0.0),
    ("lime", "活性石灰", "Quicklime", "kg", 1.0, 0.04),
    ("pig", "生铁", "Pig iron", "kg", 1.5, 0.1),
    ("truck", "公路运输，重型货车", "Road transport, heavy truck", "t*km", 0.07, 0.0),
    ("landfill", "废耐火材料填埋", "Landfill of refractories", "kg", 0.01, 0.001),
]

MEASURED = {
    "name": "宝山自来水供应（实测）",
    "name_en": "Water supply of Baoshan, measured",
    "value": "0.28",
    "unit": "m3",
    "boundary": "取水至厂门",
    "region": "CN-SH",
    "period_start": "2025-01-01",
    "period_end": "2025-12-31",
    "technology": "地表水厂，臭氧活性炭",
    "method": "ISO 14067:2018；按供水量分摊",
    "representativeness": "一家水厂全年数据",
    "name-0": "电力",
    "amount-0": "0.45",
    "unit-0": "kWh",
    "source-0": "水泵电表",
}


@pytest.fixture(scope="module")
def maker(chromium, site):
    """The applicant of the steel maker, in every story."""
    person = Person(chromium, site, "steel")
    yield person
    leave(person)


def exchange(flow, amount, unit, direction=Direction.OUT, **more):
    return ExchangeRecord(flow, direction, amount, unit, **more)


def write_database(path):
    """The products, each made by one process of the same name, and a process that makes nothing: a flag to decide."""
    flows = [
        FlowRecord(
            "co2", {"zh": "二氧化碳（化石）", "en": "Carbon dioxide, fossil"}, FlowKind.ELEMENTARY, "kg", ("air",)
        ),
        *(FlowRecord(id, {"zh": zh, "en": en}, FlowKind.PRODUCT, unit) for id, zh, en, unit, _kg, _kwh in PRODUCTS),
    ]
    made = [("idle", "停机的炉子", "Idle furnace", [exchange("co2", 1.0, "kg")])]
    for id, zh, en, unit, kg, kwh in PRODUCTS:
        exchanges = [exchange(id, 1.0, unit, reference=True), exchange("co2", kg, "kg")]
        if kwh:
            exchanges.append(exchange("el", kwh, "kWh", Direction.IN, provider="make-el"))
        made.append((id, zh, en, exchanges))
    processes = [
        ProcessRecord(
            f"make-{id}", {"zh": zh, "en": en}, tuple(exchanges), location="DE", year_from=2024, year_until=2024
        )
        for id, zh, en, exchanges in made
    ]
    write_openlca([*flows, *processes], path)


def shows(person, *texts):
    """Wait until the page says each of these."""
    for text in texts:
        person.page.locator("main").get_by_text(text).first.wait_for()


def look_up(person, words):
    person.page.fill("[name=q]", words)
    person.page.get_by_role("button", name="查因子").click()


def open_factors(person):
    """The factors of the newest study."""
    person.page.goto("/studies/")
    person.step(PRODUCT)
    person.page.get_by_role("tab", name="因子").click()


def choose(person, row, words, factor, reason):
    """Another factor for a row of the study that is shown; ends at the new study."""
    before = person.page.url.partition("#")[0]
    person.page.get_by_role("link", name=f"更换 {row}").first.click()
    look_up(person, words)
    person.page.get_by_role("row").filter(has_text=factor).get_by_role("link", name="选用", exact=True).click()
    person.send("选用并重新核算", reason=reason)
    shows(person, "得到一份新的研究")
    assert person.page.url.partition("#")[0] != before


def bring(person, file, **about):
    """Upload a source."""
    person.page.goto("/library/sources/")
    person.step("导入")
    person.page.set_input_files("[name=file]", file)
    person.send("上传并导入", **about)


def review(person, submission, verdict, note, see=""):
    person.page.goto("/")
    shows(person, "等您处理的因子")
    person.page.goto(submission)
    person.step("审核")
    person.page.get_by_label(verdict).check()
    if see:
        person.see(see)
    person.send("审核", note=note)
    shows(person, "审核意见已提交")


def numbers(cells):
    return [float(re.sub(r"[,\s\u202f]", "", cell).replace("−", "-")) for cell in cells]


def plain(answer):
    """What an answer says, JSON without its escapes."""
    is_json = "json" in answer.headers["content-type"]
    return json.dumps(answer.json(), ensure_ascii=False) if is_json else answer.text()


def leave(*people):
    for person in people:
        assert person.complaints == []
        person.context.close()


def test_the_right_electricity_is_found_and_the_wrong_one_refused(chromium, site, maker):
    stranger = Person(chromium, site, None)
    stranger.page.goto("/library/")
    look_up(stranger, "电力")
    kinds = stranger.page.get_by_role("region", name="电力有两种因子")
    for words in ("2024年全国电力平均碳足迹因子", "含上游燃料", "只含发电燃烧的二氧化碳"):
        kinds.get_by_text(words).first.wait_for()
    assert kinds.bounding_box()["y"] < 600  # at once: no filter unfolds before it
    stranger.see("20-library")
    stranger.page.get_by_role("button", name="English").first.click()
    kinds = stranger.page.get_by_role("region", name="two kinds of electricity")
    kinds.get_by_text("6.4.9.4").first.wait_for()
    assert not re.search("[\u4e00-\u9fff]", kinds.inner_text())
    stranger.see("21-library-english")
    kinds.get_by_role("link").first.click()
    shows(stranger, "0.5777")
    stranger.see("22-factor-english")

    open_factors(maker)
    maker.page.get_by_role("link", name="更换 网购电力（热轧）").click()
    maker.page.get_by_role("region", name="电力有两种因子").get_by_text("6.4.9.4").first.wait_for()
    maker.see("23-choose")
    look_up(maker, "上海 二氧化碳排放因子")
    shows(maker, "不能选用")
    open_factors(maker)
    choose(maker, "网购电力（热轧）", "全国电力", "2023年全国电力平均碳足迹因子", "产量按 2023 年口径")
    maker.page.get_by_role("tab", name="因子").click()
    shows(maker, "换用过的因子和理由", "产量按 2023 年口径")
    assert "草稿" in maker.page.locator("h1").inner_text()
    maker.see("24-chosen")
    leave(stranger)


def test_a_database_is_brought_in_and_the_rebar_calculated_on_it(chromium, site, maker, tmp_path):
    write_database(tmp_path / "neighbour.zip")
    maker.page.goto("/library/import/")
    maker.see("25-import")
    bring(maker, tmp_path / "neighbour.zip", name=DATABASE, publisher="示例发布者", licence="示例许可")
    shows(maker, "待检查", "发布这个版本")  # the page has renewed itself
    version = maker.page.url.partition("#")[0]
    maker.page.get_by_role("tab", name="检查").click()
    maker.see("26-staged")
    maker.page.get_by_role("link", name="作决定").first.click()
    maker.see("27-decide")
    maker.page.get_by_label("问题成立").check()
    maker.send("记录决定", reason="没有参考流，停机期间的数据")
    shows(maker, "决定已记录")
    maker.step("发布这个版本")
    maker.send("发布这个版本")
    shows(maker, "可以使用")
    maker.see("28-published")

    open_factors(maker)
    maker.step("换背景数据库")
    shows(maker, DATABASE, "起步因子库")
    maker.see("29-databases")
    maker.page.get_by_role("row").filter(has_text=DATABASE).get_by_role("link", name="用这个数据库").click()
    shows(maker, "网购电力（热轧）", "活性石灰")
    key = maker.page.locator("option").filter(has_text="重型货车").first.get_attribute("value")
    maker.see("30-background")
    maker.send("换用并核算", reason="供货到邻国，按当地数据")
    maker.page.wait_for_url(re.compile("/beside/"))
    maker.wait_for_charts()
    shows(maker, "两份结果并列", "电力，低压")
    maker.see("31-beside")
    table = maker.page.locator(".tb-chart table")
    rows, total = table.locator("tbody tr"), table.locator("tfoot tr").locator("th, td").all_inner_texts()
    for column, name in ((-4, "before"), (-3, "after"), (-2, "difference")):
        parts = numbers(row.locator("th, td").all_inner_texts()[column] for row in rows.all())
        (whole,) = numbers([total[column]])
        shown_to = 0.005 * sum(map(abs, parts))  # the digits that are shown
        assert abs(sum(parts) - whole) <= shown_to, name
    assert maker.page.locator(".tb-figures a").count() >= 2  # to both studies

    rival = Person(chromium, site, "rival")
    for address, shown in [
        ("/library/sources/", True),
        ("/library/?q=重型货车", True),
        ("/library/?q=heavy+truck", True),
        ("/library/factors.csv?q=货车", True),
        (f"/library/compare/?key={key}", True),
        ("/api/v1/library/factors?q=货车", True),
        ("/api/v1/library/versions", True),
        (f"/api/v1/library/factors/{key}", False),
        (version, False),
        (f"{version}data.csv", False),
        (maker.page.url, False),
    ]:
        said = [person.context.request.get(address) for person in (maker, rival)]
        texts = [plain(answer).replace(key, "") for answer in said]  # who names a key is told of that key
        assert [answer.status for answer in said] == [200, 200 if shown else 404], address
        assert [any(secret in text for secret in SECRETS) for text in texts] == [True, False], address
    rival.page.goto("/library/?q=重型货车")
    shows(rival, "（英国2025，代理）")
    leave(rival)


def test_a_factor_is_measured_reviewed_used_and_replaced(chromium, site, maker):
    researcher = Person(chromium, site, "researcher")
    researcher.page.goto("/library/submissions/")
    researcher.step("提交因子")
    researcher.page.select_option("[name=kind]", "water")
    for score in ("technological", "geographical", "temporal"):
        researcher.page.select_option(f"[name=score-{score}]", "2")
    report = {"name": "测算报告.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 report"}
    researcher.page.set_input_files("[name=documents]", report)
    for name, value in MEASURED.items():
        researcher.page.fill(f"[name={name}]", value)
    researcher.see("32-submit")
    researcher.send("提交审核")
    shows(researcher, "等待审核")
    submission = researcher.page.url.partition("#")[0]

    first, second = (Person(chromium, site, key) for key in ("data", "data2"))
    review(first, submission, "退回修改", "请说明取样频次", see="33-review")
    researcher.page.goto(submission)
    shows(researcher, "修改并重新提交")
    researcher.page.get_by_role("tab", name="审核").click()
    shows(researcher, "请说明取样频次")
    researcher.see("34-sent-back")
    researcher.step("修改并重新提交")
    assert researcher.page.input_value("[name=value]") == MEASURED["value"]
    researcher.send("修改并重新提交", method="ISO 14067:2018；每月取样两次")
    shows(researcher, "进入新一轮审核")
    for reviewer in (first, second):
        review(reviewer, submission, "同意", "方法清楚，数据完整")

    operator = Person(chromium, site, "operator")
    operator.page.goto(submission)
    operator.step("发布到因子库")
    operator.send("发布到因子库")
    operator.step("查看因子")
    shows(operator, "0.28", "平台测算因子")
    operator.page.get_by_role("tab", name="计算方式").click()
    shows(operator, "每月取样两次", "电力 0.45 kWh")
    measured = operator.page.url.partition("#")[0]
    operator.see("35-measured")

    open_factors(maker)
    choose(maker, "新水", MEASURED["name"], MEASURED["name"], "本地水厂实测，地区相符")
    study = maker.page.url.partition("#")[0]

    researcher.page.goto(f"{measured}retire/")
    researcher.see("36-retire")
    researcher.send("停用", reason="水泵电表读数有误", successor="gb-water-supply")
    shows(researcher, "已停用", "自来水供应（英国2025，代理）")
    for page, name in (("/", "37-home-retired"), (study, "38-study-retired")):
        maker.page.goto(page)
        shows(maker, MEASURED["name"], "已停用", "自来水供应（英国2025，代理）")
        maker.see(name)
    maker.step("换用它并重新核算")
    maker.send("选用并重新核算", reason="原因子已停用")
    shows(maker, "得到一份新的研究")
    leave(researcher, first, second, operator)


def test_what_cannot_be_read_says_where_and_leaves_nothing(maker, tmp_path):
    bad = tmp_path / "escape.zip"
    write_database(bad)
    with zipfile.ZipFile(bad, "a") as archive:
        archive.writestr("../flows/evil.json", "{}")
    table = tmp_path / "people.csv"
    table.write_text("姓名,电话\n张三,123\n", encoding="utf-8")
    bring(maker, bad, name="越界的压缩包")
    shows(maker, "没有导入", "../flows/evil.json", "什么也没有保存")
    maker.see("39-refused")
    bring(maker, table, name="通讯录")
    shows(maker, "没有存入任何内容")
    maker.page.get_by_role("tab", name="报告").click()
    shows(maker, "people.csv")
    maker.see("40-no-factors")
    for words in ("停机的炉子", "张三"):
        maker.page.goto(f"/library/?q={words}&state=")
        assert "越界的压缩包" not in maker.page.inner_text("main") and "通讯录" not in maker.page.inner_text("main")
    open_factors(maker)
    maker.step("换背景数据库")
    shows(maker, "起步因子库")
    assert "越界的压缩包" not in maker.page.inner_text("main") and "通讯录" not in maker.page.inner_text("main")

"""A measured factor on pages: entered, sent back, corrected, reviewed by two, published, followed by another."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from library_cast import MEASURED

from tanbiao.platform.library.models import Submission


def typed(**other):
    """A submission as it is typed into the form."""
    plain = {name: str(value) for name, value in MEASURED.items() if name not in ("inventory", "quality_scores")}
    plain |= {f"score-{name}": str(score) for name, score in MEASURED["quality_scores"].items()}
    for line, given in enumerate(MEASURED["inventory"]):
        plain |= {f"{part}-{line}": value for part, value in given.items()}
    return plain | {"gwp_set": "AR6"} | other


def address(submission, rest=""):
    return f"/library/submissions/{submission.pk}/{rest}"


@pytest.fixture
def entered(cast, signed_in):
    """Submitted on the page by the maker's researcher, with a document."""
    file = SimpleUploadedFile("报告.pdf", b"report", content_type="application/pdf")
    answer = signed_in(cast.researcher).post("/library/submissions/new/", typed(documents=[file]), follow=True)
    assert "因子已提交" in answer.content.decode()
    return Submission.objects.get()


def test_what_was_typed_is_what_is_submitted(cast, entered, signed_in):
    assert (entered.name, str(entered.value.normalize()), entered.unit) == ("试验厂螺纹钢", "1.25", "kg")
    assert entered.inventory == MEASURED["inventory"] and entered.quality_scores == MEASURED["quality_scores"]
    page = signed_in(cast.researcher).get(address(entered)).content.decode()
    for words in ("等待审核", "电弧炉短流程", "报告.pdf", "电表", "撤回因子"):
        assert words in page
    sha = entered.documents.get().sha256
    assert signed_in(cast.data_reviewer).get(address(entered, f"documents/{sha}/")).content == b"report"
    assert signed_in(cast.rival).get(address(entered, f"documents/{sha}/")).status_code == 404


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"name": ""}, "因子名称"),
        ({"value": "many"}, "数值"),
        ({"unit": "furlong"}, "furlong"),
        ({"period_end": "2020-01-01"}, "早于"),
        ({"amount-0": ""}, "缺少数量或单位"),
        ({"unit-3": "kg"}, "这一行缺少名称"),
        ({"replaces": "cn-electricity-footprint-2024"}, "没有找到本单位测算的因子"),
        ({"score-temporal": ""}, "时间代表性"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_kept(cast, signed_in, fields, said):
    answer = signed_in(cast.researcher).post("/library/submissions/new/", typed(**fields))
    assert answer.status_code == 400 and said in answer.content.decode()
    assert not Submission.objects.exists()


def test_the_whole_way_on_pages(cast, entered, signed_in, client):
    researcher, operator = signed_in(cast.researcher), signed_in(cast.operator)
    reviewers = [signed_in(cast.data_reviewer), signed_in(cast.second_data_reviewer)]
    for reviewer in reviewers:
        assert "等您处理的因子" in reviewer.get("/").content.decode()
    reviewers[0].post(address(entered, "review/"), {"verdict": "send_back", "note": "请说明抽样方法"})
    page = researcher.get(address(entered)).content.decode()
    assert "修改并重新提交" in page
    assert page.index("请说明抽样方法") < page.index('id="facts"')  # what is to be mended stands at the next step
    form = researcher.get(address(entered, "correct/")).content.decode()
    assert "电弧炉短流程" in form and 'value="1.25"' in form and "电表" in form and 'value="2025-12-31"' in form
    researcher.post(address(entered, "correct/"), typed(method="ISO 14067；每月抽样三次"))
    for reviewer in reviewers:
        assert "第 1 轮" in reviewer.get(address(entered)).content.decode()
        reviewer.post(address(entered, "review/"), {"verdict": "agree", "note": "方法清楚"})
    assert "发布到因子库" in operator.get(address(entered)).content.decode()
    operator.post(address(entered, "publish/"))
    entered.refresh_from_db()
    assert entered.state == "published"
    factor = f"/library/f/{entered.published_as_id}/"
    assert factor in researcher.get(address(entered)).content.decode()
    shown = client.get(factor).content.decode()  # for everybody
    assert "试验厂螺纹钢" in shown and "每月抽样三次" in shown and "平台测算因子" in shown
    assert factor in client.get("/library/", {"q": "试验厂螺纹钢"}).content.decode()


def test_only_independent_reviewers_review_and_each_once(cast, entered, signed_in):
    for actor in (cast.researcher, cast.operator):
        assert "review/" not in signed_in(actor).get(address(entered)).content.decode()
        assert signed_in(actor).get(address(entered, "review/")).status_code == 403
    reviewer = signed_in(cast.data_reviewer)
    reviewer.post(address(entered, "review/"), {"verdict": "agree", "note": "好"})
    assert reviewer.get(address(entered, "review/")).status_code == 403
    assert "等您处理的因子" not in reviewer.get("/").content.decode()


def test_a_submission_is_seen_by_its_side_and_its_reviewers_only(cast, entered, signed_in, client):
    assert signed_in(cast.rival).get(address(entered)).status_code == 404
    assert "试验厂螺纹钢" not in signed_in(cast.rival).get("/library/submissions/").content.decode()
    assert client.get(address(entered)).status_code == 302
    assert signed_in(cast.bank).get("/library/submissions/new/").status_code == 403


def test_it_is_called_back(cast, entered, signed_in):
    signed_in(cast.researcher).post(address(entered, "call-back/"))
    page = signed_in(cast.researcher).get(address(entered)).content.decode()
    assert "已撤回" in page and "已结束" in page

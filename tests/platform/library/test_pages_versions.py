"""Databases on pages: uploaded, watched, checked, published, found again; what failed says why."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tanbiao.platform.library.models import Flag, Version


def address(version, rest=""):
    return f"/library/versions/{version.pk}/{rest}"


@pytest.fixture
def upload(cast, signed_in, django_capture_on_commit_callbacks):
    def send(actor=None, filename="factors.csv", content=b"any", **fields):
        data = {"name": "我的数据库", "access": "own", "link_rule": "declared", **fields}
        file = SimpleUploadedFile(filename, content)
        return signed_in(actor or cast.researcher).post("/library/import/", {**data, "file": file}, follow=True)

    return send


def test_an_upload_becomes_a_version_that_is_watched_and_found_again(cast, upload, signed_in):
    answer = upload(content=b"x" * 3_000_000)  # larger than what stays in memory
    version = Version.objects.exclude(source__name="starter").get()
    assert answer.redirect_chain[-1][0] == address(version)
    page = answer.content.decode()
    assert "正在导入" in page and "data-renew" in page and '<noscript><meta http-equiv="refresh"' in page
    assert "可以离开这个页面" in page
    assert address(version) in signed_in(cast.researcher).get("/library/sources/").content.decode()
    Version.objects.filter(pk=version.pk).update(progress={"phase": "reading", "done": 30, "total": 120})
    page = signed_in(cast.researcher).get(address(version)).content.decode()
    assert "30 / 120" in page and 'value="30" max="120"' in page


def test_a_second_file_becomes_a_new_version_of_the_same_database(cast, staged, upload):
    nameless = upload(content=b"other", name="", source="")
    assert nameless.status_code == 400 and "请给新数据库一个名称" in nameless.content.decode()
    upload(content=b"other", name="", source=str(staged.source_id))
    assert [v.number for v in staged.source.versions.all()] == [2, 1]


@pytest.mark.parametrize(
    ("fields", "said"),
    [({"name": ""}, "新数据库的名称："), ({"access": "open"}, "选择"), ({"link_rule": "guess"}, "guess")],
)
def test_what_is_wrong_with_an_upload_is_said_at_its_field(upload, fields, said):
    answer = upload(**fields)
    assert answer.status_code == 400 and said in answer.content.decode()
    assert not Version.objects.exclude(source__name="starter").exists()


def test_who_may_not_import_is_told_before_looking_for_a_file(cast, signed_in, client):
    assert client.get("/library/import/").status_code == 302
    for actor in (cast.bank, cast.verifier):
        assert signed_in(actor).get("/library/import/").status_code == 403
        assert "/library/import/" not in signed_in(actor).get("/library/sources/").content.decode()


def test_only_the_operator_may_open_a_database_to_all(cast, signed_in):
    assert 'value="open"' in signed_in(cast.operator).get("/library/import/").content.decode()
    assert 'value="open"' not in signed_in(cast.researcher).get("/library/import/").content.decode()


def test_a_refused_file_says_why_and_that_nothing_was_kept(cast, begin, a_file, reads, signed_in):
    from tanbiao.lca.datasets.report import refused
    from tanbiao.platform.library.actions import import_into

    reads(refused("flows/a.json", "两个文件编号相同：a.json、b.json。", "two files have one id: a.json, b.json."))
    version = import_into(cast.researcher, begin(cast.researcher), a_file())
    page = signed_in(cast.researcher).get(address(version)).content.decode()
    assert "没有导入" in page and "两个文件编号相同" in page and "flows/a.json" in page and "什么也没有保存" in page


def test_a_staged_version_is_published_on_its_page(cast, staged, signed_in, client):
    researcher = signed_in(cast.researcher)
    assert "发布这个版本" in researcher.get(address(staged)).content.decode()
    researcher.post(address(staged, "publish/"))
    staged.refresh_from_db()
    assert staged.state == "published"
    assert "可以使用" in signed_in(cast.maker).get(address(staged)).content.decode()
    assert client.get(address(staged)).status_code == 404


def test_flags_are_decided_one_by_one_or_by_check_with_a_reason(cast, staged, signed_in):
    for place in ("a", "b", "c"):
        Flag.objects.create(
            version=staged,
            check_code="spread",
            severity="blocking",
            place=place,
            zh=f"{place} 偏大",
            en=f"{place} large",
        )
    researcher = signed_in(cast.researcher)
    page = researcher.get(address(staged)).content.decode()
    assert "还有 3 个必须处理的问题" in page and "全部一起决定" in page
    assert researcher.post(address(staged, "publish/")).status_code == 403
    one = staged.flags.get(place="a")
    decide = address(staged, f"flags/?flag={one.pk}")
    assert "a 偏大" in researcher.get(decide).content.decode()
    assert researcher.post(decide, {"state": "accepted", "reason": ""}).status_code == 400
    researcher.post(decide, {"state": "upheld", "reason": "单位写错"})
    researcher.post(address(staged, "flags/?check=spread"), {"state": "accepted", "reason": "已核对原文"})
    assert list(staged.flags.order_by("place").values_list("state", flat=True)) == ["upheld", "accepted", "accepted"]
    assert "单位写错" in researcher.get(address(staged)).content.decode()
    assert researcher.get(address(staged, "flags/?check=spread")).status_code == 404  # nothing left to decide


def test_the_report_is_shown_by_code_and_kept_as_a_safe_table(cast, staged, signed_in):
    notices = [
        {"code": "unlinked", "severity": "warning", "place": f"=p{n}", "zh": f"第 {n} 条", "en": f"no. {n}"}
        for n in range(15)
    ]
    staged.report = {"counts": {"processes": 7}, "seen": {"unlinked": 40}, "notices": notices}
    staged.save()
    researcher = signed_in(cast.researcher)
    page = researcher.get(address(staged)).content.decode()
    assert "40 次" in page and "另有 30 条" in page and "第 9 条" in page and "第 10 条" not in page
    table = researcher.get(address(staged, "report.csv")).content.decode("utf-8-sig")
    assert table.count("unlinked") == 15 and "'=p3" in table and ",=p" not in table


def test_a_version_is_exported_for_those_who_may(cast, published, signed_in, client):
    answer = signed_in(cast.maker).get(address(published, "data.csv"))
    assert answer.status_code == 200 and "热轧钢板" in b"".join(answer.streaming_content).decode("utf-8-sig")
    assert client.get(address(published, "data.csv")).status_code == 302
    assert signed_in(cast.rival).get(address(published, "data.csv")).status_code == 404


def test_a_version_is_retired_with_a_reason(cast, published, signed_in):
    researcher = signed_in(cast.researcher)
    assert researcher.post(address(published, "retire/"), {"reason": ""}).status_code == 400
    researcher.post(address(published, "retire/"), {"reason": "许可到期"})
    assert "已停用" in researcher.get(address(published)).content.decode()
    assert researcher.get(address(published, "nothing/")).status_code == 404


def test_a_long_report_is_counts_first_with_the_rest_folded(cast, staged, signed_in):
    flags = [
        Flag(version=staged, check_code=code, severity=severity, place=f"p{n}", zh="问题", en="A problem")
        for code, severity in (("spread", "doubtful"), ("no_reference", "blocking"))
        for n in range(700)
    ]
    Flag.objects.bulk_create(flags)
    notices = [
        {"severity": "warning", "code": code, "place": f"q{n}", "zh": f"{code} 的说明", "en": f"about {code}"}
        for code in ("rare", "often")
        for n in range(200)
    ]
    Version.objects.filter(pk=staged.pk).update(report={"notices": notices, "seen": {"rare": 200, "often": 3000}})
    page = signed_in(cast.researcher).get(address(staged)).content.decode()
    assert len(page) < 60_000
    assert page.index("<code>often</code>") < page.index("<code>rare</code>") and "3000 次" in page
    assert page.index("过程没有参考流") < page.index("与同名的相差过大")  # what must be decided first, and open
    assert page.count('<details class="tb-fold" open>') == 1


def test_a_failed_import_is_begun_again_into_the_same_database(cast, begin, a_file, reads, signed_in):
    from tanbiao.lca.datasets.report import refused
    from tanbiao.platform.library.actions import import_into

    reads(refused("a.json", "坏了。", "broken."))
    version = import_into(cast.researcher, begin(cast.researcher), a_file())
    again = f"/library/import/?source={version.source_id}"
    assert again in signed_in(cast.researcher).get(address(version)).content.decode()
    form = signed_in(cast.researcher).get(again).content.decode()
    assert f'value="{version.source_id}" selected' in form

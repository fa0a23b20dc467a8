"""Studies: calculated from a workbook, frozen, and repeated to the same digits."""

import hashlib
import io
import json

import pytest
from openpyxl import load_workbook

from tanbiao.platform.footprints.queries import reproduces, study_for
from tanbiao.rules import evaluate
from tanbiao.trust import canonical


def test_the_frozen_study_is_addressed_by_its_content(frozen_study):
    assert frozen_study.state == "frozen"
    assert hashlib.sha256(frozen_study.frozen.encode()).hexdigest() == frozen_study.sha256
    assert canonical(json.loads(frozen_study.frozen)).decode() == frozen_study.frozen


def test_recalculation_gives_the_same_digits(frozen_study):
    assert reproduces(frozen_study)


def test_recalculation_notices_a_changed_input(frozen_study):
    from tanbiao.platform.footprints.study import reproduces as document_reproduces

    document = json.loads(frozen_study.frozen)
    first = document["system"]["processes"][0]["inputs"][0]
    first["quantity"]["amount"] = str(float(first["quantity"]["amount"]) * 1.5)
    assert not document_reproduces(document)


def test_a_study_frozen_before_a_class_of_gases_was_known_is_repeated(frozen_study):
    from tanbiao.platform.footprints.study import reproduces as document_reproduces

    document = json.loads(frozen_study.frozen)
    for later in ("land_management_emission", "land_management_removal"):
        assert float(document["footprint"]["gas_classes"].pop(later)) == 0
    for process in document["system"]["processes"]:
        for row in (*process["inputs"], *process["emissions"]):
            for later in ("completeness", "reliability", "precision") if row["quality"] else ():
                assert row["quality"].pop(later) is None
    assert document_reproduces(document)
    del document["footprint"]["gas_classes"]["fossil"]  # a class left out is zero, and this one is not
    assert not document_reproduces(document)


def test_the_published_figure_is_the_total_rounded_once(frozen_study):
    assert float(frozen_study.published) == pytest.approx(frozen_study.result["total_kg_co2e"], rel=5e-3)


def test_the_platform_and_the_library_give_the_same_figure(rebar, draft_study):
    from tanbiao.formats.workbook import read_workbook

    system = read_workbook(rebar, "x").system
    assert draft_study.result["total_kg_co2e"] == pytest.approx(evaluate(system).footprint.total_kg_co2e, rel=1e-9)


def test_another_enterprise_does_not_see_the_study(cast, draft_study):
    assert study_for(cast.maker, draft_study.pk)
    assert study_for(cast.rival, draft_study.pk) is None
    assert study_for(cast.passer_by, draft_study.pk) is None


def test_a_draft_with_clauses_that_fail_says_so_before_it_is_frozen(cast, rebar, signed_in):
    from tanbiao.platform.footprints.actions import calculate_study
    from tanbiao.platform.products.actions import upload_workbook

    book = load_workbook(io.BytesIO(rebar))
    page = next(s for s in book if s.title.startswith("能源"))
    for row in page.iter_rows(min_row=2):
        if row[2].value and "天然气" in str(row[2].value):
            for cell in row:
                cell.value = None
    without_gas = io.BytesIO()
    book.save(without_gas)
    workbook = upload_workbook(cast.maker, None, data=without_gas.getvalue(), filename="无天然气.xlsx")
    study = calculate_study(cast.maker, workbook)
    answer = signed_in(cast.maker).get(f"/studies/{study.pk}/").content.decode()
    assert "规则对照不符合：EAF-5.2" in answer


def test_a_draft_that_conforms_is_not_warned_of(cast, draft_study, signed_in):
    assert "规则对照不符合" not in signed_in(cast.maker).get(f"/studies/{draft_study.pk}/").content.decode()


def test_the_frozen_study_names_the_report_that_certificate_and_papers_are_made_of(frozen_study):
    digest = hashlib.sha256(canonical(frozen_study.result)).hexdigest()
    assert json.loads(frozen_study.frozen)["report_sha256"] == digest


@pytest.fixture
def a_newer_rule(monkeypatch):
    """The rule as it comes with a later version: another text, another rounding."""
    from tanbiao.rules import evaluation, load_rule

    old = load_rule("steel-eaf")
    newer = old.model_copy(
        update={"version": "9.9", "rounding": old.rounding.model_copy(update={"significant_digits": 2})}
    )
    monkeypatch.setattr(evaluation, "load_rule", lambda rule_id: newer)
    return newer


def test_a_frozen_study_is_repeated_under_the_rule_of_its_day(frozen_study, a_newer_rule):
    assert reproduces(frozen_study)


def test_a_draft_of_an_older_rule_is_not_frozen(cast, draft_study, a_newer_rule):
    from tanbiao.platform.footprints.actions import freeze_study
    from tanbiao.platform.kernel.actions import Refused

    with pytest.raises(Refused, match="重新上传"):
        freeze_study(cast.maker, draft_study)


def test_what_was_reported_stays_whatever_engine_comes(cast, frozen_study, signed_in, monkeypatch):
    from tanbiao.lca.gases import gwp

    browser, address = signed_in(cast.maker), f"/studies/{frozen_study.pk}/report.csv"
    before = browser.get(address).content
    monkeypatch.setattr(gwp.GwpSet, "of", lambda *_: 99.0)
    assert browser.get(address).content == before
    assert not reproduces(frozen_study)


def test_a_frozen_study_without_its_document_cannot_be(draft_study):
    from django.db import IntegrityError

    draft_study.state = "frozen"
    with pytest.raises(IntegrityError, match="a_frozen_study_has_its_document"):
        draft_study.save()


def test_the_report_tells_what_was_noticed_while_reading(cast, rebar):
    from tanbiao.platform.footprints.actions import study_from_workbook

    book = load_workbook(io.BytesIO(rebar))
    next(s for s in book if s.title.startswith("能源"))["Z1"] = "多余的列"
    changed = io.BytesIO()
    book.save(changed)
    study = study_from_workbook(cast.maker, data=changed.getvalue(), filename="多一列.xlsx")
    assert ["多余的列" in w["zh"] for w in study.result["warnings"]] == [True]


def test_what_was_noticed_while_reading_stands_before_the_result(cast, rebar, signed_in):
    book = load_workbook(io.BytesIO(rebar))
    next(s for s in book if s.title.startswith("能源"))["Z1"] = "多余的列"
    changed = io.BytesIO()
    book.save(changed)
    changed.seek(0)
    changed.name = "多一列.xlsx"
    page = signed_in(cast.maker).post("/studies/new/", {"workbook": changed}, follow=True).content.decode()
    assert "读取时有提醒" in page
    assert page.index("多余的列") < page.index('data-chart="stages"')


def test_a_frozen_study_knows_that_it_was_submitted(cast, frozen_study, filed_rule, organisations, signed_in):
    from tanbiao.platform.certification.actions import apply_for_certification

    address = f"/studies/{frozen_study.pk}/"
    assert "选择一家认证机构" in signed_in(cast.maker).get(address).content.decode()
    application = apply_for_certification(cast.maker, frozen_study, body_id=organisations["body"].pk)
    page = signed_in(cast.maker).get(address).content.decode()
    assert "已提交认证委托" in page and f"/applications/{application.pk}/" in page


def test_who_brings_no_data_is_told_before_looking_for_a_file(cast, signed_in):
    answer = signed_in(cast.verifier).get("/studies/new/")
    assert answer.status_code == 403 and "只有企业的认证委托人" in answer.content.decode()
    assert "/studies/new/" not in signed_in(cast.verifier).get("/studies/").content.decode()

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


def test_the_published_figure_is_the_total_rounded_once(frozen_study):
    assert float(frozen_study.published) == pytest.approx(float(frozen_study.total), rel=5e-3)


def test_the_platform_and_the_library_give_the_same_figure(rebar, draft_study):
    from tanbiao.formats.workbook import read_workbook

    assert float(draft_study.total) == pytest.approx(
        evaluate(read_workbook(rebar, "x").system).footprint.total_kg_co2e, rel=1e-9
    )


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

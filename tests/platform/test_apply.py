"""Applying: one running application for one content, however often it was uploaded."""

import pytest
from django.urls import reverse

from tanbiao.platform.certification import actions as case
from tanbiao.platform.footprints.actions import calculate_study, freeze_study
from tanbiao.platform.kernel.actions import Refused
from tanbiao.platform.products.actions import upload_workbook


@pytest.fixture
def uploaded_again(cast, frozen_study, rebar):
    """The same workbook once more, calculated and frozen."""
    workbook = upload_workbook(cast.maker, None, data=rebar, filename="另一个名字.xlsx")
    again = freeze_study(cast.maker, calculate_study(cast.maker, workbook))
    assert again.pk != frozen_study.pk and again.sha256 == frozen_study.sha256
    return again


def test_the_same_content_is_not_applied_with_at_two_bodies(cast, application, uploaded_again, organisations):
    other = organisations["other_body"].pk
    with pytest.raises(Refused, match="内容相同的研究已有办理中"):
        case.apply_for_certification(cast.maker, uploaded_again, body_id=other)
    case.call_back_application(cast.maker, application)
    assert case.apply_for_certification(cast.maker, uploaded_again, body_id=other).state == "submitted"


def test_a_study_that_has_its_certificate_is_not_applied_with_again_but_its_content_may_be(
    cast, certificate, uploaded_again, organisations
):
    other = organisations["other_body"].pk
    with pytest.raises(Refused, match="已有办理中"):
        case.apply_for_certification(cast.maker, certificate.application.study, body_id=other)
    assert case.apply_for_certification(cast.maker, uploaded_again, body_id=other).state == "submitted"


def test_the_page_of_the_second_leads_to_the_running_application_and_says_so(
    cast, application, uploaded_again, signed_in
):
    answer = signed_in(cast.maker).get(reverse("certification:apply", args=[uploaded_again.pk]), follow=True)
    assert answer.redirect_chain[0][0] == reverse("certification:application", args=[application.pk])
    assert "内容相同的研究已有认证委托" in answer.content.decode()


def test_the_content_of_another_enterprise_is_its_own_business(cast, application, rebar, organisations):
    workbook = upload_workbook(cast.rival, None, data=rebar, filename="螺纹钢.xlsx")
    study = freeze_study(cast.rival, calculate_study(cast.rival, workbook))
    assert case.apply_for_certification(cast.rival, study, body_id=organisations["body"].pk)

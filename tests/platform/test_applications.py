"""Lists and pages of applications cost the same however long the story: by the page, in a fixed number of queries."""

import re

import pytest
from django.urls import reverse

from tanbiao.platform.certification import actions as case
from tanbiao.platform.certification.queries import application_for, applications_visible_to
from tanbiao.platform.kernel import pages

LIST = reverse("certification:applications")
SIGN_IN = 3  # session, person, membership


@pytest.fixture
def apply(cast, frozen_study, filed_rule, organisations):
    """One more application by the maker to the body; what went before is refused."""

    def again():
        for earlier in applications_visible_to(cast.acceptance).filter(state="submitted"):
            case.refuse_application(cast.acceptance, earlier, reason="资料不全")
        return case.apply_for_certification(cast.maker, frozen_study, body_id=organisations["body"].pk)

    return again


@pytest.mark.parametrize("many", [1, 3])
def test_the_list_takes_two_queries(apply, cast, signed_in, django_assert_num_queries, many):
    for _ in range(many):
        apply()
    for actor in (cast.maker, cast.acceptance):
        browser = signed_in(actor)
        with django_assert_num_queries(SIGN_IN + 2):  # how many, and these
            page = browser.get(LIST).content.decode()
        assert len(re.findall(rf"{LIST}[0-9a-f-]{{36}}/", page)) == many


@pytest.mark.parametrize("many", [1, 3])
def test_home_takes_no_more_queries_however_many_there_are(apply, cast, signed_in, django_assert_max_num_queries, many):
    for _ in range(many):
        apply()
    for actor in (cast.maker, cast.acceptance):
        browser = signed_in(actor)
        with django_assert_max_num_queries(SIGN_IN + 9):  # three figures, three boxes, the trust list of the third
            browser.get("/")


def test_a_long_list_comes_by_the_page(apply, cast, signed_in, monkeypatch):
    monkeypatch.setattr(pages, "ON_A_PAGE", 2)
    numbers = [str(apply().pk) for _ in range(3)]
    browser = signed_in(cast.maker)
    first, second = (browser.get(LIST, {"page": n}).content.decode() for n in (1, 2))
    assert [[number in page for number in numbers] for page in (first, second)] == [
        [False, True, True],
        [True, False, False],
    ]
    assert "共 3 条" in first and "共 3 条" in second
    assert 'rel="next"' in first and 'rel="prev"' in second


def test_documents_of_studies_are_not_loaded_for_a_list(apply, cast):
    assert {"frozen", "result"} <= applications_visible_to(cast.maker).get(pk=apply().pk).study.get_deferred_fields()


@pytest.mark.parametrize("findings", [0, 3])
@pytest.mark.parametrize("who", ["maker", "acceptance", "verifier", "all_rounder"])
def test_a_case_asks_once_who_has_a_side(cast, in_evaluation, signed_in, django_assert_max_num_queries, who, findings):
    for n in range(findings):
        case.raise_finding(cast.verifier, in_evaluation, clause="EAF-11.1", statement=f"第 {n} 项")
    browser = signed_in(getattr(cast, who))
    with django_assert_max_num_queries(SIGN_IN + 9):
        browser.get(reverse("certification:application", args=[in_evaluation.pk]))


def test_the_page_of_a_case_does_not_load_what_only_its_study_shows(cast, in_evaluation):
    study = application_for(cast.maker, in_evaluation.pk).study
    assert study.get_deferred_fields() == {"frozen"}
    assert study.workbook.get_deferred_fields() == {"system", "warnings"}

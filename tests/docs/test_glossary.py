"""docs/glossary.md: every term leads to the code that uses it, and the code says the same Chinese word."""

import re

import pytest
from django.db.models import Choices
from django.utils import translation
from doc_pages import SRC, exists, found, names_of_code, read

PAGE = read("docs/glossary.md")
TERMS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in PAGE.splitlines()
    if line.startswith("|") and line.count("|") == 5 and "`" in line
]
SOURCES = "\n".join(path.read_text(encoding="utf-8").lower() for path in SRC.rglob("*.py"))


@pytest.mark.parametrize(("zh", "en", "identifiers", "places"), TERMS)
def test_a_term_is_in_the_code(zh, en, identifiers, places):
    assert zh
    assert en
    assert names_of_code(places)
    for name in names_of_code(places):
        assert exists(name), f"{zh}: {name} is not there"
    for identifier in re.findall(r"`(\w+)`", identifiers):
        assert identifier in SOURCES or identifier.replace("_", "") in SOURCES, f"{zh}: nothing is called {identifier}"


@pytest.mark.parametrize(("zh", "places"), [(zh, places) for zh, _en, _id, places in TERMS if "State." in places])
def test_a_state_has_the_same_word_on_the_pages(zh, places):
    member = found(places.strip("`"))
    assert isinstance(member, Choices)
    with translation.override("zh-hans"):
        assert str(member.label) == zh


def test_every_certificate_state_is_a_term():
    from tanbiao.platform.certificates.models import CertificateState

    named = {places.strip("`").rsplit(".", 1)[-1] for *_rest, places in TERMS if "CertificateState." in places}
    assert named == set(CertificateState.names)


def test_other_names_of_code_exist():
    assert not [name for name in names_of_code(PAGE) if not exists(name)]


def test_no_term_twice():
    terms = [row[0] for row in TERMS]
    assert len(terms) > 60
    assert sorted(terms) == sorted(set(terms))

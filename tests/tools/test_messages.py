"""The catalogue tool: finds every message of code and templates, and says what is wrong with the catalogue."""

import sys
from pathlib import Path

import pytest

TOOLS = Path(__file__).resolve().parents[2] / "tools"

TEMPLATE = """
{% load i18n %}
  <p title="{% trans "查证书" %}">100% it's {{ product|default:_("无名称") }}</p>
      {% blocktrans with name=actor.name %}{{ name }}，您好{% endblocktrans %}
  {% comment %}{% trans "不翻译" %}{% endcomment %}
 {% blocktrans count n=found|length %}{{ n }} 张{% plural %}{{ n }} 张证书{% endblocktrans %}
{% translate "通过" context "查验" %}
"""
CODE = """
from django.utils.translation import gettext_lazy as _, ngettext, pgettext
LOOKS = {"active": _("有效")}
def said(n):
    return ngettext("%d 条", "%d 条记录", n) + pgettext("查验", "通过") + _("第一句，"
        "第二句") + f"{_('草稿')}"
"""


@pytest.fixture
def messages(monkeypatch, tmp_path):
    monkeypatch.syspath_prepend(TOOLS)
    import messages

    code = tmp_path / "code"
    code.mkdir()
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    monkeypatch.setattr(messages, "SOURCES", [code])
    monkeypatch.setattr(messages, "CATALOGUE", tmp_path / "locale" / "django.po")
    yield messages
    sys.modules.pop("messages")


def found(messages, name, text):
    path = messages.ROOT / "code" / name
    path.write_text(text, encoding="utf-8")
    return {(message, context) for _, message, context in messages.messages_in(path)}


def test_messages_of_a_template(messages):
    assert found(messages, "page.html", TEMPLATE) == {
        ("查证书", None),
        ("无名称", None),
        ("%(name)s，您好", None),
        (("%(n)s 张", "%(n)s 张证书"), None),
        ("通过", "查验"),
    }


def test_messages_of_code(messages):
    assert found(messages, "pages.py", CODE) >= {
        ("有效", None),
        (("%d 条", "%d 条记录"), None),
        ("通过", "查验"),
        ("第一句，第二句", None),
    }


def test_check_names_what_is_missing_untranslated_unused_or_wrong(messages, capsys):
    page = messages.ROOT / "code" / "page.html"
    page.write_text('{% trans "草稿" %}{% blocktrans %}共 {{ n }} 张{% endblocktrans %}', encoding="utf-8")
    assert messages.check() == 1
    assert "not in the catalogue: 草稿" in capsys.readouterr().out

    messages.update()
    assert messages.check() == 1
    assert "not translated: 草稿" in capsys.readouterr().out

    text = messages.CATALOGUE.read_text(encoding="utf-8")
    text = text.replace('msgid "草稿"\nmsgstr ""', 'msgid "草稿"\nmsgstr "Draft"')
    wrong = text.replace('msgid "共 %(n)s 张"\nmsgstr ""', 'msgid "共 %(n)s 张"\nmsgstr "%(m)s in all"')
    messages.CATALOGUE.write_text(wrong, encoding="utf-8")
    assert messages.check() == 1
    assert "unknown named placeholder 'm'" in capsys.readouterr().out

    messages.CATALOGUE.write_text(wrong.replace("%(m)s", "%(n)s"), encoding="utf-8")
    assert messages.check() == 0

    page.write_text('{% trans "草稿" %}', encoding="utf-8")
    assert messages.check() == 1
    assert "no longer used: 共" in capsys.readouterr().out


def test_an_update_keeps_translations_and_drops_what_is_no_longer_used(messages):
    page = messages.ROOT / "code" / "page.html"
    page.write_text('{% trans "草稿" %}{% trans "有效" %}', encoding="utf-8")
    messages.update()
    text = messages.CATALOGUE.read_text(encoding="utf-8")
    messages.CATALOGUE.write_text(text.replace('"草稿"\nmsgstr ""', '"草稿"\nmsgstr "Draft"'), encoding="utf-8")
    page.write_text('{% trans "草稿" %}', encoding="utf-8")
    messages.update()
    text = messages.CATALOGUE.read_text(encoding="utf-8")
    assert 'msgstr "Draft"' in text
    assert "有效" not in text


def test_django_reads_what_is_compiled(messages):
    import gettext

    (messages.ROOT / "code" / "page.html").write_text('{% trans "草稿" %}', encoding="utf-8")
    messages.update()
    text = messages.CATALOGUE.read_text(encoding="utf-8")
    messages.CATALOGUE.write_text(text.replace('"草稿"\nmsgstr ""', '"草稿"\nmsgstr "Draft"'), encoding="utf-8")
    messages.compile_catalogue()
    with messages.CATALOGUE.with_suffix(".mo").open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("草稿") == "Draft"

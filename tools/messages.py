"""The English catalogue of the pages: Chinese in the code (msgid), English in django.po (msgstr); without GNU gettext.

messages.py update    take new messages from the code into the catalogue, drop those no longer used
messages.py check     fail when a message is missing, unused, untranslated, fuzzy, or has other placeholders
messages.py compile   write django.mo, which Django reads
"""

import io
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[1]
SOURCES = [ROOT / "src/tanbiao/platform", ROOT / "src/tanbiao/site"]
CATALOGUE = ROOT / "src/tanbiao/platform/locale/en/LC_MESSAGES/django.po"
KEYWORDS = DEFAULT_KEYWORDS | {f"{name}_lazy": DEFAULT_KEYWORDS[name] for name in ("gettext", "ngettext", "pgettext")}
FIRST_DAY = datetime(2026, 1, 1, tzinfo=UTC)  # a fixed date in the header: only messages make a difference in the file


def messages_in(path: Path) -> Iterator[tuple[int, str | tuple[str, ...], str | None]]:
    """Line, message and context of each message in a Python file or a template."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".html":
        # Django's translation of a template into calls of gettext; without indentation it can be read as Python
        text = "\n".join(line.lstrip() for line in templatize(text, origin=str(path)).splitlines())
    source = io.BytesIO(text.encode())
    for line, function, said, _ in extract_python(source, list(KEYWORDS), (), {"encoding": "utf-8"}):
        words = said if isinstance(said, tuple) else (said,)
        context = words[0] if function.startswith(("pgettext", "npgettext")) else None
        forms = words[1:] if context else words
        plural = function.startswith(("ngettext", "npgettext"))
        if message := (tuple(forms[:2]) if plural else forms[0]):
            yield line, message, context


def empty() -> Catalog:
    return Catalog(
        locale="en",
        project="Tanbiao",
        version="1",
        charset="utf-8",
        header_comment="# English of Tanbiao's pages; see tools/messages.py.",
        copyright_holder="",
        msgid_bugs_address="",
        last_translator="",
        language_team="",
        creation_date=FIRST_DAY,
        revision_date=FIRST_DAY,
        fuzzy=False,
    )


def extracted() -> Catalog:
    """All messages of the code, with the files they come from."""
    catalogue = empty()
    for folder in SOURCES:
        for path in sorted(p for p in folder.rglob("*") if p.suffix in (".py", ".html")):
            for line, message, context in messages_in(path):
                catalogue.add(message, locations=[(path.relative_to(ROOT).as_posix(), line)], context=context)
    return catalogue


def saved() -> Catalog:
    if not CATALOGUE.exists():
        return empty()
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="en")


def keys(catalogue: Catalog) -> set[tuple[str, str]]:
    return {(first_form(message), message.context or "") for message in catalogue if message.id}


def first_form(message: Message) -> str:
    return message.id[0] if isinstance(message.id, tuple) else message.id


def update() -> int:
    template, catalogue = extracted(), saved()
    catalogue.update(template, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    with CATALOGUE.open("wb") as file:
        write_po(file, catalogue, width=110, sort_output=True, include_lineno=False)
    missing = sum(not translated(message) for message in catalogue if message.id)
    print(f"{CATALOGUE.relative_to(ROOT)}: {len(catalogue)} 条 / messages, {missing} 条待译 / to translate")
    return 0


def check() -> int:
    code, catalogue = extracted(), saved()
    problems = [f"未收入目录 / not in the catalogue: {text}" for text, _ in sorted(keys(code) - keys(catalogue))]
    problems += [f"代码已不用 / no longer used: {text}" for text, _ in sorted(keys(catalogue) - keys(code))]
    for message in catalogue:
        if not message.id:
            continue
        if not translated(message):
            problems.append(f"未译 / not translated: {first_form(message)}")
        elif message.fuzzy:
            problems.append(f"译文待核 / fuzzy: {first_form(message)}")
        problems += [f"{error}: {first_form(message)}" for error in message.check(catalogue)]
    print("\n".join(problems) or f"{len(catalogue)} 条页面文字均有英文 / messages, all in English")
    if problems:
        print("运行 tools/messages.py update 并补全译文 / run tools/messages.py update and complete the translations")
    return 1 if problems else 0


def translated(message: Message) -> bool:
    forms = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
    return bool(forms) and all(forms)


def compile_catalogue() -> int:
    if CATALOGUE.exists():
        with CATALOGUE.with_suffix(".mo").open("wb") as file:
            write_mo(file, saved())
    return 0


if __name__ == "__main__":
    verbs = {"update": update, "check": check, "compile": compile_catalogue}
    if len(sys.argv) != 2 or sys.argv[1] not in verbs:
        sys.exit(__doc__)
    sys.exit(verbs[sys.argv[1]]())

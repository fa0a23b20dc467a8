"""The report of a footprint as a paper, set by typst from the plain document of `report`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import typst

from tanbiao.formats.fonts import font_folder
from tanbiao.formats.vocabulary import PARTS
from tanbiao.rules import Verdict

TEMPLATE = Path(__file__).parent / "report.typ"


def report_pdf(document: dict[str, Any]) -> bytes:
    """The report as one PDF. Raises NoFont."""
    words = {
        "parts": {part: words.zh for part, words in PARTS.items()},
        "verdicts": {verdict.value: (verdict.words.zh, verdict.words.en) for verdict in Verdict},
    }
    return typst.compile(
        str(TEMPLATE),
        font_paths=[str(font_folder())],
        ignore_system_fonts=True,
        sys_inputs={"report": json.dumps(document | words, ensure_ascii=False)},
    )

"""The report of a footprint as a paper, set by typst from the plain document of `report`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import typst

from tanbiao.formats.fonts import font_folder
from tanbiao.formats.vocabulary import PARTS

TEMPLATE = Path(__file__).parent / "report.typ"


def report_pdf(document: dict[str, Any], *, form: str = "pdf") -> bytes | list[bytes]:
    """The report as one PDF (or `form` "png": a picture of each page). Raises NoFont."""
    parts = {part: words.zh for part, words in PARTS.items()}
    return typst.compile(
        TEMPLATE.read_bytes(),
        font_paths=[font_folder()],
        ignore_system_fonts=True,
        format=form,
        sys_inputs={"report": json.dumps(document | {"parts": parts}, ensure_ascii=False)},
    )

"""The certificate as a paper: one A4 page in both languages, archival (PDF/A-3), the same bytes each time.

The signed JSON document is the certificate; the paper shows it and leads to the public page by QR code.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import typst

from tanbiao.formats.fonts import font_folder
from tanbiao.lca.vocabulary import BOUNDARIES
from tanbiao.platform.certificates.label import published_figure, qr_path, unit_of

TEMPLATE = Path(__file__).parent / "typst" / "certificate.typ"


def short(amount: str) -> str:
    """A decimal string with at most twelve digits after the point: the typesetter cannot read many more."""
    return f"{round(Decimal(amount), 12):f}"


def certificate_pdf(claims: Mapping[str, Any], url: str) -> bytes:
    """The paper of a certificate; `url` is where its QR code leads.

    Contents: 认证证书和认证标志管理办法 art. 7 (holder, product, basis, number, body, dates), and the footprint.
    """
    path, modules = qr_path(url)
    boundary = BOUNDARIES[claims["boundary"]]
    shown = {
        **claims,
        "url": url,
        "figure": published_figure(claims),
        "unit": unit_of(claims),
        "boundary": {"zh": boundary.zh, "en": boundary.en},
        "stages": [{**s, "kg_co2e": short(s["kg_co2e"]), "share": short(s["share"])} for s in claims["stages"]],
        "gas_classes": [{**g, "kg_co2e": short(g["kg_co2e"])} for g in claims["gas_classes"]],
        "digits": min(6, max(0, 3 - Decimal(claims["footprint"]["value"]).adjusted())),  # four digits of the total
        "qr": f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {modules} {modules}"><path d="{path}"/></svg>',
    }
    return typst.compile(
        TEMPLATE.read_bytes(),
        font_paths=[font_folder()],
        ignore_system_fonts=True,
        sys_inputs={"certificate": json.dumps(shown, ensure_ascii=False)},
        pdf_standards=["a-3b"],
    )

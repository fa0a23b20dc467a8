"""The label: the product's face. The figure big, unit and boundary right under it, the way to check it by QR code.

60 mm wide, black on white, safe for any printer. It discloses a figure and says so; it praises nothing.
One drawing (SVG) serves screen and paper: the PDF is the same drawing set by typst.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape

import segno
import typst

from tanbiao.formats.fonts import FAMILY, font_folder
from tanbiao.lca.vocabulary import BOUNDARIES

WIDTH, HEIGHT, BAND, MARGIN = 60.0, 91.0, 7.0, 4.0  # mm; BAND is added on top of a demonstration label
QR_SIDE = 23.0  # mm with its quiet zone of four modules: the code itself is never under 15 mm
FONTS = f"'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', '{FAMILY}', sans-serif"
_NARROW = frozenset(" .,:;|'!()[]-/iljtfIr")
_BROAD = frozenset("mwMW@%&")


def label_svg(claims: Mapping[str, Any], url: str) -> str:
    """The label of a certificate as one SVG, in millimetres.

    claims  the claims of the certificate (certificates.claims); `url` is where the QR code leads.
    Long names are set over lines and then cut with an ellipsis: the public page says them whole.
    """
    demonstration = bool(claims["demonstration"])
    height = HEIGHT + (BAND if demonstration else 0)
    name, figure, unit = claims["product"], published_figure(claims), unit_of(claims)
    body = "".join(_drawing(claims, url))
    words = escape(f"{name['name']} {figure} {unit} {claims['number']}")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH:g}mm" height="{height:g}mm" '
        f'viewBox="0 0 {WIDTH:g} {height:g}" role="img" aria-labelledby="label-title" font-family="{FONTS}">'
        f'<title id="label-title">{words}</title><rect width="{WIDTH:g}" height="{height:g}" fill="#fff"/>'
        f'<rect x="0.2" y="0.2" width="{WIDTH - 0.4:g}" height="{height - 0.4:g}" fill="none" stroke="#000" '
        f'stroke-width="0.4"/>{_demonstration_band() if demonstration else ""}'
        f'<g transform="translate(0 {height - HEIGHT:g})">{body}</g></svg>'
    )


def label_pdf(claims: Mapping[str, Any], url: str) -> bytes:
    """The same drawing as a one-page PDF of its own size, fonts embedded."""
    source = (
        "#set document(date: none)\n#set page(width: auto, height: auto, margin: 0mm)\n"
        '#image(bytes(sys.inputs.svg), format: "svg")'
    )
    return typst.compile(
        source.encode(),
        font_paths=[font_folder()],
        ignore_system_fonts=True,
        sys_inputs={"svg": label_svg(claims, url)},
    )


def published_figure(claims: Mapping[str, Any]) -> str:
    """The published value, digit for digit, thousands in groups."""
    return f"{Decimal(claims['footprint']['value']):,f}".replace("-", "−")


def unit_of(claims: Mapping[str, Any]) -> str:
    """The unit with what it is for: "kg CO2e / t", "kg CO2e / 1000 kg"."""
    return f"{claims['footprint']['unit']} / {claims['declared_unit'].removeprefix('1 ')}"


def qr_path(url: str) -> tuple[str, int]:
    """The dark modules of a QR code (error level M) as one SVG path, and the side in modules with the quiet zone."""
    code = segno.make(url, error="m", micro=False, boost_error=False)
    border = 4
    rows = enumerate(code.matrix_iter(border=border))
    path = "".join(f"M{x} {y}h1v1h-1z" for y, row in rows for x, dark in enumerate(row) if dark)
    return path, code.symbol_size(border=border)[0]


def text_width(text: str, size: float, bold: bool = False) -> float:
    """A safe estimate (mm) of a line's width in whichever font is there: full-width signs one em, others by class."""
    ems = sum(
        1.0
        if unicodedata.east_asian_width(c) in "WFA" or c in _BROAD
        else 0.38
        if c in _NARROW
        else 0.72
        if c.isupper()
        else 0.62
        for c in text
    )
    return ems * size * (1.1 if bold else 1.0)


def fitting_size(text: str, width: float, size: float, bold: bool = False) -> float:
    """The largest font size, not above `size`, at which a line fits into `width`."""
    needed = text_width(text, size, bold)
    return size if needed <= width else size * width / needed


def fitting_lines(text: str, width: float, size: float, at_most: int, bold: bool = False) -> list[str]:
    """The text over lines no wider than `width`; what does not fit into `at_most` lines ends with an ellipsis."""
    lines, rest = [], " ".join(text.split())
    while rest and len(lines) < at_most:
        cut = len(rest)
        while text_width(rest[:cut], size, bold) > width:
            cut -= 1
        if cut < len(rest) and (space := rest.rfind(" ", cut // 2, cut + 1)) > 0 and rest[cut - 1 : cut + 1].isascii():
            cut = space  # not inside a Latin word, where a space is near
        lines.append(rest[:cut].strip())
        rest = rest[cut:].strip()
    if rest:
        last = lines[-1]
        while text_width(last + "…", size, bold) > width:
            last = last[:-1]
        lines[-1] = last + "…"
    return lines


def _drawing(claims: Mapping[str, Any], url: str) -> Iterator[str]:
    """The parts from top to bottom; all lengths in mm."""
    inner = WIDTH - 2 * MARGIN
    boundary = BOUNDARIES[claims["boundary"]]
    yield _mark(MARGIN, 4)
    yield _line(12.5, 7.4, 4.2, "产品碳足迹", bold=True)
    yield _line(12.5, 10.5, 2.3, "Product carbon footprint")
    yield _rule(13)
    figure = published_figure(claims)
    yield _line(MARGIN, 27, fitting_size(figure, inner, 15, bold=True), figure, bold=True)
    unit = unit_of(claims)
    yield _line(MARGIN, 33.6, fitting_size(unit, inner, 5, bold=True), unit, bold=True)
    yield _line(MARGIN, 39, 3, f"系统边界：{boundary.zh}")
    yield _line(MARGIN, 42.4, 2.3, f"System boundary: {boundary.en}")
    yield _rule(44.6)
    product = f"{claims['product']['name']} {claims['product']['model']}".strip()
    yield from _lines(MARGIN, 49, 3.1, 4.2, fitting_lines(product, inner, 3.1, 2, bold=True), bold=True)
    yield from _lines(MARGIN, 57, 2.2, 3, fitting_lines(f"依据：{claims['rule']['title']}", inner, 2.2, 1))
    path, modules = qr_path(url)
    yield (
        f'<path transform="translate(3 59) scale({QR_SIDE / modules:.5f})" shape-rendering="crispEdges" d="{path}"/>'
    )
    column, width = 28.0, WIDTH - MARGIN - 28.0
    yield _line(column, 62.6, 2.1, "证书编号 Certificate")
    yield _line(column, 66, fitting_size(claims["number"], width, 2.8, bold=True), claims["number"], bold=True)
    yield _line(column, 69.8, 2.1, "认证机构 Certified by")
    yield from _lines(column, 73, 2.4, 3.1, fitting_lines(claims["issuer"]["name"], width, 2.4, 3))
    yield _line(column, 82, 2.1, f"有效期至 {claims['valid_until']}")
    yield _line(WIDTH / 2, 85.6, 2.1, "扫码查验当前状态。本标识只披露数值，不作优劣评价。", anchor="middle")
    yield _line(WIDTH / 2, 88.6, 1.9, "Scan for status. States a figure, makes no claim of merit.", anchor="middle")


def _line(x: float, y: float, size: float, text: str, *, bold: bool = False, anchor: str = "start") -> str:
    """One line of text; the 2 of CO2e is set low."""
    low = (
        f'<tspan dy="{size * 0.18:.3f}" font-size="{size * 0.68:.3f}">2</tspan><tspan dy="{-size * 0.18:.3f}">e</tspan>'
    )
    words = escape(text).replace("CO2e", f"CO{low}")
    weight = ' font-weight="700"' if bold else ""
    side = f' text-anchor="{anchor}"' if anchor != "start" else ""
    return f'<text x="{x:g}" y="{y:g}" font-size="{size:.3f}"{weight}{side}>{words}</text>'


def _lines(x: float, y: float, size: float, step: float, lines: list[str], *, bold: bool = False) -> Iterator[str]:
    for place, text in enumerate(lines):
        yield _line(x, y + place * step, size, text, bold=bold)


def _rule(y: float) -> str:
    return f'<path d="M{MARGIN:g} {y:g}h{WIDTH - 2 * MARGIN:g}" stroke="#000" stroke-width="0.3"/>'


def _demonstration_band() -> str:
    words = _line(WIDTH / 2, 4.7, 3.2, "演示标识，不具认证效力 DEMO", bold=True, anchor="middle")
    return f'<rect width="{WIDTH:g}" height="{BAND:g}"/><g fill="#fff">{words}</g>'


def _mark(x: float, y: float) -> str:
    """The mark of Tanbiao: a scale and what is read on it."""
    return (
        f'<g transform="translate({x:g} {y:g}) scale(0.218)" fill="none" stroke="#000" stroke-width="2.6" '
        'stroke-linecap="round">'
        '<rect x="1" y="1" width="30" height="30" rx="5"/><path d="M8 25V7M8 25H25M8 19h3M8 13h3M14 25v-3M20 25v-3"/>'
        '<path d="M14 18.5 18 14l3 2.5L25 9"/></g>'
    )

"""A footprint document as tables for a terminal, aligned where a Chinese character is two columns wide."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from tanbiao.formats.vocabulary import PARTS
from tanbiao.lca.vocabulary import BOUNDARIES
from tanbiao.rules import Verdict

BAR = 24
VERDICTS = {verdict.value: f"{verdict.words.zh} {verdict.words.en}" for verdict in Verdict}


def footprint_text(document: dict[str, Any]) -> str:
    """The whole report in text: result, stages, processes, gases, contributions, data quality, clauses, warnings."""
    return "\n".join(_lines(document))


def _lines(document: dict[str, Any]) -> Iterator[str]:
    product, per = document["product"], document["declared_unit"]
    published = Decimal(document["published"]["value"])
    yield f"{product['name']} {product['name_en']} · {product['model']}"
    yield f"{product['manufacturer']} · {product['factory']} · {product['period_start']} – {product['period_end']}"
    yield ""
    yield f"  碳足迹 Footprint   {published:,f} kg CO2e / {per['amount']} {per['unit']}"
    rule = document["rule"]
    yield f"  规则 Rule          {rule['id']} {rule['version']}  {rule['zh']}"
    boundary = BOUNDARIES[product["boundary"]]
    yield f"  边界 Boundary      {boundary.zh} {boundary.en}    GWP100 {document['gwp_set']}"
    for title, key in (
        ("阶段 Stages", "stages"),
        ("过程 Processes", "processes"),
        ("气体类别 Gas classes", "gas_classes"),
    ):
        yield f"\n{title}"
        yield from table(
            [(_name(row), number(row["kg_co2e"]), percent(row["share"]), bar(row["share"])) for row in document[key]],
            "<>><",
        )
    yield "\n主要贡献 Largest contributions"
    yield from table(
        [
            (row["line"], row["process_name"], PARTS[row["part"]].zh,
             number(row["kg_co2e"]), percent(row["share"]), row["place"])
            for row in document["contributions"][:12]
        ],
        "<<<>><",
    )  # fmt: skip
    yield "\n数据质量 Data quality (1 最好 best … 5 最差 worst)"
    quality = document["data_quality"]
    yield from table(
        [
            ("DQR", _score(quality["dqr"])),
            ("  技术 / 地理 / 时间 TeR / GeR / TiR",
             " / ".join(_score(quality[k]) for k in ("technological", "geographical", "temporal"))),
            ("评分覆盖 Scored share", percent(quality["coverage"])),
            ("初级数据占比 Primary data share", percent(quality["primary_share"])),
        ],
        "<>",
    )  # fmt: skip
    verdicts = [c["verdict"] for c in document["clauses"]]
    counts = "，".join(f"{words} {verdicts.count(v)}" for v, words in VERDICTS.items())
    yield f"\n规则对照 Clauses: {counts}"
    yield from table(
        [
            (c["clause"], VERDICTS[c["verdict"]], c["title"]["zh"], c["title"]["en"], c["value"], c["limit"])
            for c in document["clauses"]
        ],
        "<<<<<<",
    )
    for c in document["clauses"]:
        if c["verdict"] != "pass":
            yield f"\n  {c['clause']} {VERDICTS[c['verdict']]}"
            for text in filter(None, (c["text"], c["remedy"])):
                yield f"    {text['zh']}"
                yield f"    {text['en']}"
    if document["warnings"]:
        yield "\n读取时的提醒 Warnings"
        for w in document["warnings"]:
            yield f"  {w['place']}：{w['zh']} / {w['en']}"


def table(rows: Iterable[Sequence[str]], align: str) -> Iterator[str]:
    """Rows with aligned columns; `align` has "<" or ">" for each column."""
    rows = list(rows)
    widths = [max((width(row[c]) for row in rows), default=0) for c in range(len(align))]
    for row in rows:
        cells = [pad(text, w, side) for text, w, side in zip(row, widths, align, strict=True)]
        yield ("  " + "  ".join(cells)).rstrip()


def width(text: str) -> int:
    """Columns that a text takes in a terminal: two for wide and full-width characters, none for combining ones."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def pad(text: str, columns: int, side: str) -> str:
    space = " " * (columns - width(text))
    return space + text if side == ">" else text + space


def number(kg: float) -> str:
    """Three significant digits or one decimal place, whichever says more; thousands in groups."""
    if kg == 0:
        return "0"
    return f"{kg:,.1f}" if abs(kg) >= 10 else f"{kg:.3g}"


def percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def bar(share: float) -> str:
    return "█" * round(BAR * min(max(share, 0), 1))


def _name(row: dict[str, Any]) -> str:
    return f"{row['zh']} {row['en']}" if "zh" in row else f"{row['name']} ({row['process']})"


def _score(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"

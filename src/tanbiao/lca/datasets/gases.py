"""Which elementary flows are greenhouse gases, found by name (Chinese, English, or a refrigerant's code) or CAS number.

The words after the name say the class: fossil, biogenic, from land-use change. Carbon dioxide and methane without such
a word count as fossil, and `fossil_is_assumed` says so. Carbon dioxide taken from the air as a resource is a removal.
What goes to water or soil is no greenhouse gas of the inventory. Names, CAS numbers and their sources stand in
data/gas_names.csv, also of greenhouse gases that our GWP sets have no value for (`has_no_potential`).
"""

from __future__ import annotations

import csv
import re
import unicodedata
from functools import cache
from importlib.resources import files

from tanbiao.lca.background import Gas
from tanbiao.lca.datasets.records import Direction
from tanbiao.lca.datasets.rows import FlowRow
from tanbiao.lca.datasets.source_units import in_base
from tanbiao.lca.model import GasClass

_TO_STOCK = re.compile(r"to soil or bio(genic|mass) stock|进入土壤|固定于土壤")
_LAND_USE = re.compile(r"land[ -]transform|land[ -]use|\bluc\b|soil or bio(genic|mass) stock|peat oxid|土地|泥炭")
_BIOGENIC = re.compile(r"biogenic|non-? ?fossil|biomass|bio-based|renewable|生物|非化石")
_FOSSIL = re.compile(r"fossil|化石")
_FROM_AIR = re.compile(r"\b(in|from) air\b|空气|大气")
_QUALIFIERS = (_TO_STOCK, _LAND_USE, _BIOGENIC, _FOSSIL, _FROM_AIR)
_AIR = re.compile(r"\bair\b|atmospher|stratosphere|troposphere|空气|大气")
_ELSEWHERE = re.compile(r"\b(water|soil|groundwater|ocean|river|lake|landfill)\b|水|土壤")
_EMISSION = re.compile(r"emission|\bto air\b|排放")
_IN_GROUND = re.compile(r"\bin ground\b|\bfrom ground\b|地下|矿")


def gas_of(flow: FlowRow) -> Gas | None:
    """What greenhouse gas the flow is, with kilograms per unit; None for any other flow, and for one not in mass."""
    words, where = f"{_plain(flow.name.en)} / {_plain(flow.name.zh)}", _plain(" / ".join(flow.category))
    substance, unit = _substance(flow), in_base(flow.unit)
    if not substance or unit is None or unit[0] != "kg":
        return None
    if flow.direction == Direction.IN:
        taken = substance == "CO2" and not _FOSSIL.search(_BIOGENIC.sub("", words))
        from_nature = not _EMISSION.search(where) and not _IN_GROUND.search(f"{words} {where}")
        return Gas("CO2", GasClass.BIOGENIC_REMOVAL, unit[1]) if taken and from_nature else None
    if _TO_STOCK.search(words) and substance == "CO2":
        return Gas("CO2", GasClass.LAND_MANAGEMENT_REMOVAL, unit[1])
    if _ELSEWHERE.search(where) and not _AIR.search(where):
        return None
    return Gas(substance, _class_of(words), unit[1])


def fossil_is_assumed(flow: FlowRow) -> bool:
    """Whether it is carbon dioxide or methane whose name does not say where it comes from."""
    gas = gas_of(flow)
    said = any(word.search(f"{_plain(flow.name.en)} / {_plain(flow.name.zh)}") for word in _QUALIFIERS)
    return gas is not None and gas.substance in ("CO2", "CH4") and gas.gas_class is GasClass.FOSSIL and not said


def has_no_potential(flow: FlowRow) -> bool:
    """Whether it is a greenhouse gas to air that is not counted: no GWP set of ours has a value for it, or it is not
    given in mass."""
    where = _plain(" / ".join(flow.category))
    elsewhere = _ELSEWHERE.search(where) and not _AIR.search(where)
    substance, unit = _substance(flow), in_base(flow.unit)
    uncounted = substance == "" or (substance is not None and (unit is None or unit[0] != "kg"))
    return flow.direction == Direction.OUT and not elsewhere and uncounted


def _substance(flow: FlowRow) -> str | None:
    """The substance of a flow as our GWP sets call it; "" for one they have no value for, None for any other flow."""
    found = _by_cas().get(_cas(flow.cas))
    for name in (flow.name.en, flow.name.zh):
        found = found if found is not None else _by_words(_plain(name))
    return found


def _class_of(words: str) -> GasClass:
    if _LAND_USE.search(words):
        return GasClass.DLUC
    return GasClass.BIOGENIC_EMISSION if _BIOGENIC.search(words) else GasClass.FOSSIL


def _plain(text: str) -> str:
    """Lower case, without what GaBi writes behind in brackets."""
    return re.sub(r"\s*\[.*?\]", "", unicodedata.normalize("NFKC", text)).strip().lower()


def _cas(number: str) -> str:
    return number.strip().lstrip("0")


def _by_words(name: str) -> str | None:
    """By the whole name, by a code within it ("methane, tetrafluoro-, CFC-14"), or by name and origin."""
    known = _by_name()
    if name in known:
        return known[name]
    parts = [part.strip() for part in re.split(r"[,;()]", name) if part.strip()]
    for part in parts[1:]:
        if part in known and "-" in part:
            return known[part]
    pair = ", ".join(parts[:2])
    if pair in known:
        return known[pair]
    if parts and parts[0] in known and all(any(q.search(p) for q in _QUALIFIERS) for p in parts[1:]):
        return known[parts[0]]
    return None


@cache
def _by_name() -> dict[str, str]:
    return {_plain(name): row["substance"] for row in _rows() for name in row["names"].split("|")}


@cache
def _by_cas() -> dict[str, str]:
    return {row["cas"]: row["substance"] for row in _rows()}


@cache
def _rows() -> tuple[dict[str, str], ...]:
    with files("tanbiao.lca").joinpath("data/gas_names.csv").open(encoding="utf-8") as lines:
        return tuple(csv.DictReader(lines))

"""GWP sets of one's own: from a mapping or from CSV, checked as strictly as a product system.

For a report of the IPCC that is not carried here, a national list, or the sets we carry with more gases:

    own_gwp_set("AR6+", "AR6; HFC-245ca: ...", {**gwp_set("AR6").values, "HFC-245ca": 787})
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from math import isfinite

from tanbiao.lca.faults import Fault, WrongGwpSet, raise_faults
from tanbiao.lca.gases.gwp import ORIGINS, GwpSet, ipcc_sets

_SUBSTANCE = re.compile(r"c?[A-Z][A-Za-z0-9]*", re.ASCII)  # cC4F8 is cyclic
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?", re.ASCII)
_Key = str | tuple[str, bool]
_Values = Mapping[str, float] | Mapping[tuple[str, bool], float] | Mapping[_Key, float]
_Row = tuple[str, str, tuple[bool, ...], float]  # place, substance, of fossil origin?, kg CO2e per kg


def own_gwp_set(id: str, source: str, values: _Values) -> GwpSet:
    """A set of one's own; a key is a substance, or (substance, of fossil origin?) where the origin matters.

    CO2 is 1 and need not be given. Raises WrongGwpSet, or Problems with every value at fault: not finite, negative,
    given twice (HFC-134a is HFC134a), a misspelt substance, no source, an id that is one of ours.
    """
    rows = [
        (key, key, ORIGINS["any"], value) if isinstance(key, str) else (key[0], key[0], (key[1],), value)
        for key, value in values.items()
    ]
    return _checked(id, source, rows, [])


def read_gwp_set(id: str, source: str, text: str) -> GwpSet:
    """A set of one's own from CSV: columns substance, value and, where it matters, origin (fossil, non-fossil, any).

    Raises as own_gwp_set does, with the line at fault.
    """
    table = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    faults: list[Fault] = []
    if missing := {"substance", "value"} - set(table.fieldnames or ()):
        columns = ", ".join(sorted(missing))
        raise WrongGwpSet(id, f"CSV 缺少列：{columns}。", f"The CSV lacks the columns {columns}.")
    rows: list[_Row] = []
    for line in table:
        place, number, origin = f"{id}:{table.line_num}", (line["value"] or "").strip(), line.get("origin") or "any"
        if not _NUMBER.fullmatch(number):
            faults.append(WrongGwpSet(place, f"“{number}”不是数。", f'"{number}" is not a number.'))
        elif origin.strip() not in ORIGINS:
            known = ", ".join(ORIGINS)
            faults.append(
                WrongGwpSet(place, f"来源“{origin}”应为 {known}。", f'The origin "{origin}" is to be one of {known}.')
            )
        else:
            rows.append((place, (line["substance"] or "").strip(), ORIGINS[origin.strip()], float(number)))
    return _checked(id, source, rows, faults)


def _checked(id: str, source: str, rows: Iterable[_Row], faults: list[Fault]) -> GwpSet:
    table: dict[tuple[str, bool], float] = {}
    faults.extend(_faults_of_name(id, source))
    for place, written, origins, value in rows:
        substance = written.replace("-", "")
        found = [*_faults_of_value(place, written, substance, value)]
        if any((substance, fossil) in table for fossil in origins):
            found.append(WrongGwpSet(place, f"“{written}”给出了两次。", f'"{written}" is given twice.'))
        table |= {(substance, fossil): float(value) for fossil in origins}
        faults.extend(found)
    if not table and not faults:
        faults.append(WrongGwpSet(id, "没有任何数值。", "There is no value."))
    raise_faults(faults)
    return GwpSet(id, source, {("CO2", True): 1.0, ("CO2", False): 1.0} | table)


def _faults_of_name(id: str, source: str) -> Iterator[Fault]:
    if not id or id != id.strip() or not id.isprintable() or id.upper() in ipcc_sets():
        ours = ", ".join(ipcc_sets())
        yield WrongGwpSet(
            id,
            f"数据集编号“{id}”不可用：不得为空、含首尾空格，也不得为 {ours}。",
            f'The id "{id}" will not do: not empty, no space around it, and none of {ours}.',
        )
    if not source.strip():
        yield WrongGwpSet(id, "请写明数据来源。", "Say where the values come from.")


def _faults_of_value(place: str, written: str, substance: str, value: float) -> Iterator[Fault]:
    known = {name.upper(): name for gwp in ipcc_sets().values() for name, _ in gwp.values}
    usual = known.get(substance.upper(), substance)
    if substance.upper() == "CO2E":
        yield WrongGwpSet(place, "CO2e 恒为 1，请删除此项。", "CO2e is always 1; remove it.")
    elif not _SUBSTANCE.fullmatch(substance) or usual != substance:
        like = usual if usual != substance else "CH4, HFC-134a"
        yield WrongGwpSet(
            place,
            f"物质“{written}”的写法不对，应如 {like}。",
            f'Substance "{written}" is misspelt; write it like {like}.',
        )
    if not isfinite(value) or value < 0 or (substance == "CO2" and value != 1):
        yield WrongGwpSet(
            place,
            f"“{written}”的值 {value} 不对：应为有限的非负数，CO2 为 1。",
            f'The value {value} of "{written}" is wrong: finite and not negative, and 1 for CO2.',
        )

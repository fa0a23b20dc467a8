"""A made-up database of any size as an openLCA JSON-LD zip (schema 2), the same bytes for the same size and seed.

    python benchmarks/synthetic_database.py FILE [PROCESSES]

Its network is that of `synthetic.py`, about 25 exchanges a process. Links name their provider in two of three inputs,
as exports of openLCA do; the rest are found by their flow. Some processes have a co-product, some a formula.
"""

from __future__ import annotations

import json
import sys
import uuid
import zipfile
from pathlib import Path
from typing import Any

from synthetic import synthetic

PROCESSES, LINKS, SEED = 20_000, 20, 5
UNITS = (("kg", "kg"), ("MJ", "MJ"), ("t*km", "t*km"), ("Item(s)", "piece"))
GASES = ("Carbon dioxide, fossil", "Carbon dioxide, biogenic", "Methane, fossil", "Dinitrogen monoxide")
WHEN = (2026, 1, 1, 0, 0, 0)
_SPACE = uuid.UUID("5d4cf0a8-5a0a-4c0e-9a53-0d9a3fd7a0c5")


def write_database(path: Path, processes: int = PROCESSES, seed: int = SEED) -> Path:
    """Write the database, entry by entry."""
    system = synthetic(processes, processes * LINKS, seed)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:

        def write(name: str, document: dict[str, Any]) -> None:
            entry = zipfile.ZipInfo(name, WHEN)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, json.dumps(document, ensure_ascii=False, separators=(",", ":")))

        write("olca-schema.json", {"version": 2})
        for k in range(len(UNITS)):
            write(f"unit_groups/{_id('group', k)}.json", _unit_group(k))
            write(f"flow_properties/{_id('property', k)}.json", _flow_property(k))
        for k in range(system.flows.shape[1]):
            write(f"flows/{_id('elementary', k)}.json", _flow("elementary", k, _elementary(k), 0, "ELEMENTARY_FLOW"))
        for i in range(processes):
            write(f"flows/{_id('product', i)}.json", _flow("product", i, _product(i), _measure(i), "PRODUCT_FLOW"))
        for i in range(processes):
            write(f"processes/{_id('process', i)}.json", _process(i, system.inputs, system.flows))
    return path


def _id(kind: str, number: int) -> str:
    return str(uuid.uuid5(_SPACE, f"{kind} {number}"))


def _measure(product: int) -> int:
    return product % 20 if product % 20 < len(UNITS) else 0


def _product(i: int) -> str:
    return f"Product {i}; at plant; region {i // 400}"


def _elementary(k: int) -> str:
    return GASES[k] if k < len(GASES) else f"Substance {k}"


def _ref(kind: str, id: str, name: str) -> dict[str, str]:
    return {"@type": kind, "@id": id, "name": name}


def _unit_group(k: int) -> dict[str, Any]:
    unit = {"@type": "Unit", "@id": _id("unit", k), "name": UNITS[k][0], "conversionFactor": 1.0, "isRefUnit": True}
    return _ref("UnitGroup", _id("group", k), f"Units of {UNITS[k][0]}") | {"units": [unit]}


def _flow_property(k: int) -> dict[str, Any]:
    group = _ref("UnitGroup", _id("group", k), f"Units of {UNITS[k][0]}")
    return _ref("FlowProperty", _id("property", k), f"Amount in {UNITS[k][0]}") | {"unitGroup": group}


def _flow(kind: str, number: int, name: str, measure: int, flow_type: str) -> dict[str, Any]:
    counted = {
        "@type": "FlowPropertyFactor",
        "flowProperty": _ref("FlowProperty", _id("property", measure), f"Amount in {UNITS[measure][0]}"),
        "conversionFactor": 1.0,
        "isRefFlowProperty": True,
    }
    category = "Elementary flows/Emission to air/unspecified" if kind == "elementary" else f"Products/{number // 400}"
    return _ref("Flow", _id(kind, number), name) | {
        "flowType": flow_type,
        "category": category,
        "flowProperties": [counted],
    }


def _process(i: int, inputs: Any, flows: Any) -> dict[str, Any]:
    exchanges = [_exchange(1, "product", i, _product(i), _measure(i), 1.0) | {"isQuantitativeReference": True}]
    if i % 50 == 7:  # a co-product that nobody takes by name
        exchanges.append(_exchange(2, "product", (i + 1) % flows.shape[0], _product(i + 1), _measure(i + 1), 0.1))
    start, end = inputs.indptr[i], inputs.indptr[i + 1]
    for j, amount in zip(inputs.indices[start:end].tolist(), inputs.data[start:end].tolist(), strict=True):
        taken = _exchange(len(exchanges) + 1, "product", j, _product(j), _measure(j), amount) | {"isInput": True}
        if j % 3:
            taken["defaultProvider"] = _ref("Process", _id("process", j), f"Making of product {j}")
        exchanges.append(taken)
    start, end = flows.indptr[i], flows.indptr[i + 1]
    for k, amount in zip(flows.indices[start:end].tolist(), flows.data[start:end].tolist(), strict=True):
        exchanges.append(_exchange(len(exchanges) + 1, "elementary", k, _elementary(k), 0, amount))
    parameters = []
    if i % 10 == 3:
        parameters = [{"@type": "Parameter", "name": "share", "value": 0.5, "isInputParameter": True}]
        exchanges[-1]["amountFormula"] = f"2 * share * {exchanges[-1]['amount']!r}"
    return _ref("Process", _id("process", i), f"Making of product {i}") | {
        "processType": "UNIT_PROCESS",
        "category": f"Sector {i // 20 % 20}/Region {i // 400}",
        "processDocumentation": {"validFrom": "2020-01-01", "validUntil": "2024-12-31"},
        "location": {"@type": "Location", "@id": _id("location", 0), "name": "China"},
        "parameters": parameters,
        "exchanges": exchanges,
    }


def _exchange(number: int, kind: str, flow: int, name: str, measure: int, amount: float) -> dict[str, Any]:
    return {
        "@type": "Exchange",
        "internalId": number,
        "flow": _ref("Flow", _id(kind, flow), name),
        "flowProperty": _ref("FlowProperty", _id("property", measure), f"Amount in {UNITS[measure][0]}"),
        "unit": _ref("Unit", _id("unit", measure), UNITS[measure][0]),
        "amount": amount,
        "isInput": False,
        "isQuantitativeReference": False,
    }


if __name__ == "__main__":
    print(write_database(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else PROCESSES))

"""A small openLCA package to take apart: A is made of B, both give off carbon dioxide."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

from tanbiao.formats.datasets.reading import read_source
from tanbiao.lca.datasets.records import ProcessRecord, Record
from tanbiao.lca.datasets.report import Report

Documents = dict[str, Any]


def ref(kind: str, id: str, **more: Any) -> dict[str, Any]:
    return {"@type": kind, "@id": id} | more


def exchange(flow: str, amount: Any, *, is_input: bool = False, **more: Any) -> dict[str, Any]:
    return {
        "isInput": is_input,
        "amount": amount,
        "flow": ref("Flow", flow),
        "unit": ref("Unit", "kg", name="kg"),
        "flowProperty": ref("FlowProperty", "mass"),
    } | more


def flow(id: str, kind: str, *properties: dict[str, Any], **more: Any) -> dict[str, Any]:
    mass = {"isRefFlowProperty": True, "conversionFactor": 1.0, "flowProperty": ref("FlowProperty", "mass")}
    return ref("Flow", id, name=f"Flow {id}", flowType=kind, flowProperties=[mass, *properties]) | more


def good() -> Documents:
    """Entry -> document."""
    return {
        "olca-schema.json": {"version": 2},
        "unit_groups/mass.json": ref(
            "UnitGroup",
            "mass group",
            units=[
                ref("Unit", "kg", name="kg", conversionFactor=1.0, isRefUnit=True),
                ref("Unit", "t", name="t", conversionFactor=1000.0),
            ],
        ),
        "flow_properties/mass.json": ref("FlowProperty", "mass", name="Mass", unitGroup=ref("UnitGroup", "mass group")),
        "flows/co2.json": flow("co2", "ELEMENTARY_FLOW", category="Elementary flows/air"),
        "flows/a.json": flow("a", "PRODUCT_FLOW"),
        "flows/b.json": flow("b", "PRODUCT_FLOW"),
        "processes/make-a.json": ref(
            "Process",
            "make-a",
            name="Make A",
            exchanges=[
                exchange("a", 1.0, isQuantitativeReference=True, internalId=1),
                exchange("b", 2.0, is_input=True, defaultProvider=ref("Process", "make-b", name="Make B")),
                exchange("co2", 0.5),
            ],
        ),
        "processes/make-b.json": ref(
            "Process",
            "make-b",
            name="Make B",
            exchanges=[exchange("b", 1.0, isQuantitativeReference=True), exchange("co2", 3.0)],
        ),
    }


def packed(documents: Documents, path: Path) -> Path:
    """The documents as a zip; bytes and texts are taken as they are."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, document in documents.items():
            archive.writestr(name, document if isinstance(document, bytes | str) else json.dumps(document))
    return path


def read(path: Path) -> tuple[list[Record], Report]:
    report = Report()
    return list(read_source(path, report)), report


def processes(records: list[Record]) -> dict[str, ProcessRecord]:
    return {r.id: r for r in records if isinstance(r, ProcessRecord)}

"""Parts of openLCA documents that several of them are made of: references, uncertainties, parameters, languages."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

import olca_schema as o

from tanbiao.lca.datasets.records import Names, ParameterRecord

_OURS = uuid.UUID("5e6a5b6c-7a0d-5d0f-9b52-3c1b0a7f1e02")  # ids of what has none of its own are made from its name
_FORBIDDEN = frozenset('/\\:*?"<>|')

ALLOCATIONS = {
    "physical": o.AllocationType.PHYSICAL_ALLOCATION,
    "economic": o.AllocationType.ECONOMIC_ALLOCATION,
    "causal": o.AllocationType.CAUSAL_ALLOCATION,
}
FLOW_TYPES = {
    "elementary": o.FlowType.ELEMENTARY_FLOW,
    "product": o.FlowType.PRODUCT_FLOW,
    "waste": o.FlowType.WASTE_FLOW,
}


def made_id(kind: str, name: str) -> str:
    """The id of a thing that is known by its name; the same each time."""
    return str(uuid.uuid5(_OURS, f"{kind} {name}"))


def file_id(kind: str, id: str) -> str:
    """An id as it is, where it can be the name of a file."""
    plain = id and len(id) <= 100 and id.isprintable() and not _FORBIDDEN & set(id) and id[0] != "." and id[-1] != " "
    return id if plain else made_id(kind, id)


def refer(kind: o.RefType, id: str, name: str = "", **more: Any) -> o.Ref:
    return o.Ref(ref_type=kind, id=id, name=name or None, **more)


def named(kind: o.RefType, name: str) -> o.Ref | None:
    """A reference to a thing that is known by its name."""
    return refer(kind, made_id(kind.value, name), name) if name else None


def main_text(names: Names) -> str | None:
    """The one text that openLCA shows."""
    return names.get("en") or names.get("") or next(iter(names.values()), None)


def languages(**texts: Names) -> dict[str, Names]:
    """What the one text does not say: all languages, where there are several or the one is named."""
    return {key: dict(names) for key, names in texts.items() if names and set(names) != {""}}


def path_beside(category: tuple[str, ...]) -> list[str]:
    """The parts of a path that cannot be told from its text, since one of them holds the sign that joins them."""
    return list(category) if any("/" in part for part in category) else []


def beside(**values: Any) -> dict[str, Any]:
    """What openLCA has no place for, as far as there is any."""
    given = {key: value for key, value in values.items() if value}
    return {"otherProperties": given} if given else {}


def uncertainty(given: Mapping[str, Any]) -> o.Uncertainty | None:
    match given.get("kind"):
        case "lognormal":
            kind = o.UncertaintyType.LOG_NORMAL_DISTRIBUTION
            return o.Uncertainty(kind, geom_mean=given["mean"], geom_sd=given["gsd"])
        case "normal":
            return o.Uncertainty(o.UncertaintyType.NORMAL_DISTRIBUTION, mean=given["mean"], sd=given["sd"])
        case "triangular":
            kind = o.UncertaintyType.TRIANGLE_DISTRIBUTION
            return o.Uncertainty(kind, minimum=given["minimum"], mode=given["mode"], maximum=given["maximum"])
        case "uniform":
            kind = o.UncertaintyType.UNIFORM_DISTRIBUTION
            return o.Uncertainty(kind, minimum=given["minimum"], maximum=given["maximum"])
    return None


def parameter(given: ParameterRecord) -> o.Parameter:
    scope = o.ParameterScope.PROCESS_SCOPE if given.process else o.ParameterScope.GLOBAL_SCOPE
    return o.Parameter(
        id=made_id("parameter", f"{given.process} {given.name}"),
        name=given.name,
        value=given.value,
        formula=given.formula or None,
        is_input_parameter=not given.formula,
        parameter_scope=scope,
        uncertainty=uncertainty(given.uncertainty),
        description=main_text(given.comment),
        version="",
        last_change="",
    )

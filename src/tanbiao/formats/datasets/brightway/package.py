"""What lies in the packages of a source besides the numbers: their folders, resources, and names by id."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Mapping
from typing import Any

import numpy as np

from tanbiao.formats.datapackage_zip import opened
from tanbiao.formats.datasets.container import Container

METADATA = "datapackage.json"


def folders_of(container: Container) -> list[str]:
    """Folders in which a package lies; "" for the top."""
    return [name.removesuffix(METADATA) for name in container.names() if name.rpartition("/")[2] == METADATA]


def zip_of(container: Container, folder: str) -> bytes:
    """The package as one zip, whatever it came in; its parts have been bounded by the container."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name in container.names():
            if name.startswith(folder) and "/" not in (rest := name.removeprefix(folder)):
                archive.writestr(rest, container.read(name))
    return out.getvalue()


def resources_of(data: bytes, name: str) -> dict[str, dict[str, Any]]:
    """What lies in the package: matrix, kind, shape and sum of each of its arrays."""
    found: dict[str, dict[str, Any]] = {}
    with opened(data, name) as members:
        for resource in members.metadata()["resources"]:
            path = resource.get("path")
            if isinstance(path, str) and path.endswith(".npy"):
                values = members.array(path)
                total = float(np.nansum(values)) if resource.get("kind") == "data" else None
                found[str(resource.get("name"))] = {
                    "matrix": resource.get("matrix"),
                    "kind": resource.get("kind"),
                    "shape": list(values.shape),
                    "sum": total,
                }
    return found


def names_of(container: Container, folder: str) -> dict[int, Mapping[str, str]]:
    """Names, units and locations by id, from tables beside the arrays that have columns id and name."""
    found: dict[int, Mapping[str, str]] = {}
    for name in container.names():
        if name.startswith(folder) and name.lower().endswith(".csv"):
            text = container.read(name).decode("utf-8-sig", "replace")
            for line in csv.DictReader(io.StringIO(text)):
                if (id := line.get("id") or "").isdecimal() and line.get("name"):
                    found[int(id)] = {key: value for key, value in line.items() if key and isinstance(value, str)}
    return found

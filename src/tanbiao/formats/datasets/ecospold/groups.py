"""What both versions of EcoSpold share: their files, and the direction that an exchange has by its group."""

from __future__ import annotations

from collections.abc import Iterator

from tanbiao.formats.datasets.container import Container, entries_ending
from tanbiao.lca.datasets.records import Direction
from tanbiao.lca.datasets.report import Report

LOOKED_AT = 20  # files looked into to tell the format


def files_of(container: Container) -> Iterator[str]:
    return entries_ending(container, ".spold", ".xml")


def begins(container: Container, name: str, schema: str) -> bool:
    """Whether a file names this schema near its beginning, whatever its encoding."""
    return schema.encode() in container.first_bytes(name).replace(b"\0", b"").lower()


def direction_of(is_input: bool, is_output: bool, place: str, report: Report) -> Direction | None:
    """An input group counts before an output group; None, and a refusal, for an exchange of neither."""
    if not is_input and not is_output:
        report.refuse(
            "no_direction",
            place,
            "既不是输入也不是输出（缺少 inputGroup 和 outputGroup）；未读",
            "neither an input nor an output (inputGroup and outputGroup are missing); left out",
        )
        return None
    return Direction.IN if is_input else Direction.OUT

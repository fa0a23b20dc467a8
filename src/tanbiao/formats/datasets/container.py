"""What a source comes in: a zip, a folder or one file, looked at before anything in it is opened.

Zips are bounded in entries, size and ratio; names that lead out of the folder, links, double names and encrypted
entries are refused. Entries are read one at a time; nothing is unpacked to disk.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import IO, Protocol


class Container(Protocol):
    """Files by name (with "/" between folders), read one at a time."""

    name: str  # of the file or folder, for messages

    def names(self) -> list[str]:
        """All entries, in a stable order."""

    def read(self, name: str) -> bytes:
        """One entry whole; bounded. Raises SourceRefused naming it."""

    def open(self, name: str) -> IO[bytes]:
        """One entry as a stream (bounded as it is read), for large files."""

    def first_bytes(self, name: str, size: int = 4096) -> bytes:
        """The beginning of an entry, to tell what it is."""

    def close(self) -> None: ...


def open_container(path: Path) -> Container:
    """The zip, folder or single file at `path`. Raises SourceRefused; OSError where there is nothing to read."""
    raise NotImplementedError


def entries_ending(container: Container, *suffixes: str) -> Iterator[str]:
    """Entries with one of these endings, whatever the case."""
    return (name for name in container.names() if name.lower().endswith(suffixes))

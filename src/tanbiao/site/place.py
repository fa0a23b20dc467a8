"""Where this installation keeps its data, and its own secrets.

Everything lives in one folder, `var/` beside the project (or under the working directory where the package is
installed without a checkout); `TANBIAO_VAR` moves it.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path

from tanbiao.trust.keys import write_private


def project_root() -> Path:
    """The checkout this package runs from, or else the working directory."""
    root = Path(__file__).resolve().parents[3]
    return root if (root / "pyproject.toml").exists() else Path.cwd()


def var_folder() -> Path:
    return Path(os.environ.get("TANBIAO_VAR") or project_root() / "var")


def secret(name: str) -> str:
    """A secret from the environment (TANBIAO_<NAME>), else from a 0600 file in var/, made at the first need."""
    if given := os.environ.get(f"TANBIAO_{name.upper()}"):
        return given
    path = var_folder() / name
    if not path.exists():
        write_secret(path, secrets.token_urlsafe(48))
    return path.read_text()


def write_secret(path: Path, text: str) -> None:
    """A file for the owner's eyes only; one that another process of this installation made meanwhile stands."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(FileExistsError):
        write_private(path, text.encode())

"""Where this installation keeps its data, and its own secrets.

Everything lives in one folder, `var/` beside the project (or under the working directory where the package is
installed without a checkout); `TANBIAO_VAR` moves it.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import tempfile
from pathlib import Path


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
    """A file for the owner's eyes only: whole before it has its name, and never over one that stands."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, unfinished = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # mkstemp makes it 0600
    try:
        with os.fdopen(handle, "w") as file:
            file.write(text)
        with contextlib.suppress(FileExistsError):  # another process of this installation was faster
            os.link(unfinished, path)
    finally:
        Path(unfinished).unlink()

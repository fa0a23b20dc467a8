"""Where this installation keeps its data, and its own secrets.

Everything lives in one folder, `var/` beside the project (or under the working directory where the package is
installed without a checkout); `TANBIAO_VAR` moves it.
"""

from __future__ import annotations

import os
import secrets
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
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        except FileExistsError:  # another process of this installation was faster
            return path.read_text()
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(48))
    return path.read_text()

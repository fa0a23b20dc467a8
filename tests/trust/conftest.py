from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from trust_world import World, signer

VECTORS = Path(__file__).parents[3] / "shared" / "cases" / "trust"


@pytest.fixture(scope="session")
def world() -> World:
    return World(body=signer(1), log=signer(2))


@pytest.fixture(scope="session")
def vectors() -> Callable[[str], Path]:
    """The path of published test vectors, or a skip where the shared folder is not beside the project."""

    def path_of(name: str) -> Path:
        if not VECTORS.is_dir():
            pytest.skip("the shared test vectors are not beside this checkout")
        return VECTORS / name

    return path_of

"""The verbs of the library: databases, the factors people measure, and the starter library of the project."""

from tanbiao.platform.library.actions.importing import discard_version, import_into, open_source, start_import
from tanbiao.platform.library.actions.measured import (
    call_back_factor,
    correct_factor,
    publish_factor,
    review_factor,
    submit_factor,
)
from tanbiao.platform.library.actions.publishing import decide_flags, publish_version, retire_dataset, retire_version
from tanbiao.platform.library.actions.starter import ensure_starter

__all__ = [
    "call_back_factor",
    "correct_factor",
    "decide_flags",
    "discard_version",
    "ensure_starter",
    "import_into",
    "open_source",
    "publish_factor",
    "publish_version",
    "retire_dataset",
    "retire_version",
    "review_factor",
    "start_import",
    "submit_factor",
]

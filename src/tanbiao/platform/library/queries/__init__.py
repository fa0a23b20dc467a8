"""Reads of the library, always for an actor, and of what an actor has in hand."""

from tanbiao.platform.library.finding import synonyms
from tanbiao.platform.library.found import Filters, Found
from tanbiao.platform.library.matrices import compiled_of, intensities_of, records_of
from tanbiao.platform.library.queries.choosing import factor_of, find_datasets, instead_of, usable_in, value_per
from tanbiao.platform.library.queries.electricity import two_kinds
from tanbiao.platform.library.queries.visible import (
    dataset_by_key,
    dataset_for,
    datasets_of,
    datasets_visible_to,
    history_of,
    source_name,
    source_named,
    sources_visible_to,
    submissions_visible_to,
    verdict_of,
    versions_visible_to,
    waiting_for,
)
from tanbiao.platform.library.rows import record_of

__all__ = [
    "Filters",
    "Found",
    "compiled_of",
    "dataset_by_key",
    "dataset_for",
    "datasets_of",
    "datasets_visible_to",
    "factor_of",
    "find_datasets",
    "history_of",
    "instead_of",
    "intensities_of",
    "record_of",
    "records_of",
    "source_name",
    "source_named",
    "sources_visible_to",
    "submissions_visible_to",
    "synonyms",
    "two_kinds",
    "usable_in",
    "value_per",
    "verdict_of",
    "versions_visible_to",
    "waiting_for",
]

"""The quality gate of lca.datasets.gate over rows of the library; what it says becomes flags."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from tanbiao.lca.datasets.gate import Judged, Judgement, check_factors, judged
from tanbiao.platform.kernel import clock
from tanbiao.platform.library.models import Access, Dataset, DatasetState, Flag, Form, Submission, VersionState
from tanbiao.platform.library.rows import clean, record_of_submission, uid_of
from tanbiao.words import Text

MOST_PEERS = 20_000


def flags_of(judgements: Sequence[Judgement], datasets: dict[str, UUID], **about: Any) -> list[Flag]:
    """Judgements as flags of a version or a submission, each about its data set where it names one."""
    return [
        Flag(
            check_code=judgement.code,
            severity=judgement.severity.value,
            place=clean(judgement.place)[:600],
            zh=clean(judgement.text.zh),
            en=clean(judgement.text.en),
            dataset_id=datasets.get(uid_of(judgement.uid)),
            **about,
        )
        for judgement in judgements
    ]


def judge_factors(rows: Sequence[Judged], *, but: Dataset | None = None) -> list[Judgement]:
    """What is wrong with factors, also among the factors that are open to all; never among those of a licence.

    but  one that is to be replaced, and may be like its successor
    """
    return check_factors(rows, _peers(but), today=clock.today()) if rows else []


def _peers(but: Dataset | None) -> Iterator[Judged]:
    standing = Dataset.objects.filter(
        form=Form.FACTOR,
        state=DatasetState.CURRENT,
        value__isnull=False,
        version__state=VersionState.PUBLISHED,
        version__source__access=Access.OPEN,
    ).exclude(pk=but.pk if but else None)
    for row in standing.defer("document", "tokens", "factor")[:MOST_PEERS]:
        yield Judged(
            uid=row.key,
            name=Text(row.name, row.name_en or row.name),
            value=row.value or 0.0,
            unit=row.unit,
            kind=row.kind,
            gas_scope=row.gas_scope,
            life_cycle_scope=row.life_cycle_scope,
            boundary=row.boundary,
            region=row.region,
            year=row.year,
            year_from=row.year_from,
            technology=row.technology,
            provider=row.provider,
            category=tuple(row.category.split(" / ")) if row.category else (),
            place=row.key,
        )


def judge_submission(submission: Submission) -> None:
    """Put the gate's flags on a submission, in the place of earlier ones."""
    submission.flags.all().delete()
    found = judge_factors([judged(record_of_submission(submission))], but=submission.replaces)
    Flag.objects.bulk_create(flags_of(found, {}, submission=submission))

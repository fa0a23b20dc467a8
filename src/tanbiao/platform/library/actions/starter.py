"""The starter library as a source: entered at set-up, and again when a new version of the project brings other rows."""

from __future__ import annotations

from django.db import transaction

from tanbiao.formats.starter import starter_library, starter_records
from tanbiao.lca.document import plain
from tanbiao.platform.kernel import clock
from tanbiao.platform.kernel.actions import record_event
from tanbiao.platform.kernel.search import vector
from tanbiao.platform.library.actions.publishing import succeed
from tanbiao.platform.library.factors import co2e
from tanbiao.platform.library.models import STARTER, Access, Dataset, DatasetState, Source, Version, VersionState
from tanbiao.platform.library.policies import ADMINISTRATOR
from tanbiao.platform.library.rows import packed, row_of, searched


def ensure_starter() -> Version:
    """The version of the starter library that this project ships, entered where it is missing; quick where it is there.

    Its data sets have the bare id as their key. Those of an earlier version give that key up to their successors
    ("starter@1:id" from then on) and are retired; one that has no successor keeps it, so that what named it finds it.
    """
    library = starter_library()
    there = Version.objects.filter(source__name=STARTER, file_sha256=library.digest).first()
    if there:
        return there
    with transaction.atomic():
        source, _created = Source.objects.get_or_create(
            name=STARTER,
            defaults={
                "title": "起步因子库",
                "title_en": "Starter library",
                "publisher": "Tanbiao",
                "licence": "政府公告、IPCC 缺省值、DEFRA（OGL v3.0）；各因子注明来源",
                "access": Access.OPEN,
            },
        )
        source = Source.objects.select_for_update().get(pk=source.pk)
        before = source.versions.filter(state=VersionState.PUBLISHED).order_by("-number").first()
        version = Version.objects.create(
            source=source,
            number=before.number + 1 if before else 1,
            state=VersionState.STAGED,
            format="starter",
            filename="starter_factors.csv",
            file_sha256=library.digest,
            content_sha256=library.digest,
        )
        if before:
            _give_up_keys(before, set(library))
        rows = []
        for factor in library.values():
            record = starter_records()[factor.id]
            row = row_of(version, record, {})
            row.key, row.value, row.factor, row.not_usable = factor.id, co2e(factor), plain(factor), None
            row.document, _digest = packed(record)
            row.tokens = vector(searched(row))
            rows.append(row)
        Dataset.objects.bulk_create(rows)
        version.state, version.published_at = VersionState.PUBLISHED, clock.now()
        version.save()
        if before:
            old = Dataset.objects.filter(version=before, state=DatasetState.CURRENT)
            succeed(old, version.datasets.all(), "起步因子库已更新。 / The starter library was updated.")
            before.state = VersionState.RETIRED
            before.save()
        record_event(ADMINISTRATOR, "library.publish_version", version)
    return version


def _give_up_keys(version: Version, ids: set[str]) -> None:
    for dataset in version.datasets.filter(uid__in=ids).only("pk", "uid"):
        key = f"{STARTER}@{version.number}:{dataset.uid}"
        Dataset.objects.filter(pk=dataset.pk).update(key=key)

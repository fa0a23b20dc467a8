"""Databases of a few records, read by a double of the reader, and the stories they begin."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from library_cast import factor

from tanbiao.lca.datasets.records import FactorRecord


@pytest.fixture
def reads(monkeypatch):
    """Make every source be read as these records (or raise what is among them)."""

    def answer(*records):
        def read_source(path: Path, report, progress):
            report.facts["format"] = "table"
            for done, record in enumerate(records):
                if isinstance(record, BaseException):
                    raise record
                report.counts["factors"] += isinstance(record, FactorRecord)
                progress(done + 1, len(records))
                yield record

        monkeypatch.setattr("tanbiao.platform.library.intake.read_source", read_source)

    return answer


@pytest.fixture
def a_file(tmp_path):
    def make(content=b"any", name="factors.csv"):
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return make


@pytest.fixture
def begin(cast, a_file):
    """Open a source (once) and begin a version of it."""
    from tanbiao.platform.library.actions import open_source, start_import
    from tanbiao.platform.library.queries import source_named

    def start(actor, name="我的数据库", content=b"any", **source):
        access = source.get("access", "own")
        known = source_named(actor, name, access, None if access == "open" else actor.organisation_id)
        known = known or open_source(actor, None, name=name, **source)
        return start_import(actor, known, path=a_file(content), filename="factors.csv", in_background=False)

    return start


@pytest.fixture
def staged(cast, begin, a_file, reads):
    """The maker's own database of two factors, imported and not yet published."""
    from tanbiao.platform.library.actions import import_into

    reads(factor("a"), factor("b", "冷轧钢板", "Cold rolled plate"))
    return import_into(cast.researcher, begin(cast.researcher), a_file())


@pytest.fixture
def published(cast, staged):
    from tanbiao.platform.library.actions import publish_version

    return publish_version(cast.researcher, staged)


@pytest.fixture
def dataset(published):
    return published.datasets.get(uid="a")


@pytest.fixture
def open_version(cast, begin, a_file, reads):
    """A database that the operator opens for all, staged."""
    from tanbiao.platform.library.actions import import_into

    reads(factor("o", "公开钢板", "Open plate"))
    return import_into(cast.operator, begin(cast.operator, "公开数据库", b"open", access="open"), a_file(b"open"))


@pytest.fixture
def submission(cast, measured):
    from tanbiao.platform.library.actions import submit_factor

    return submit_factor(cast.researcher, None, documents=[ContentFile(b"report", name="报告.pdf")], **measured)


@pytest.fixture
def approved(cast, submission):
    from tanbiao.platform.library.actions import review_factor

    review_factor(cast.data_reviewer, submission, verdict="agree", note="数据完整")
    return review_factor(cast.second_data_reviewer, submission, verdict="agree", note="同意")

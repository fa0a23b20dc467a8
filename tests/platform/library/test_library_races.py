"""The same thing twice at the same moment: real threads, real transactions; exactly one of them happens."""

import threading

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from library_cast import factor

from tanbiao.platform.kernel.actions import Invalid, Refused
from tanbiao.platform.kernel.models import Event
from tanbiao.platform.library.actions import (
    decide_flags,
    import_into,
    open_source,
    publish_factor,
    publish_version,
    retire_dataset,
    review_factor,
    start_import,
    submit_factor,
)
from tanbiao.platform.library.models import Flag, Source, Version

pytestmark = pytest.mark.usefixtures("history_may_be_emptied", "transactional_db")


def at_once(*acts):
    """Run each act in a thread of its own, all starting together; how many succeeded, the others having been told."""
    gate, failed = threading.Barrier(len(acts)), []

    def run(act):
        try:
            gate.wait(timeout=30)
            act()
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert all(isinstance(error, Refused | Invalid) for error in failed), failed
    return len(acts) - len(failed)


def test_a_source_is_opened_once(cast):
    assert at_once(*[lambda: open_source(cast.researcher, None, name="我的数据库")] * 4) == 1
    assert Source.objects.count() == 1


def test_the_same_file_twice_is_one_version_and_read_by_one(cast, a_file, reads):
    reads(*(factor(str(number), f"钢 {number}", f"Steel {number}") for number in range(50)))
    source, path = open_source(cast.researcher, None, name="我的数据库"), a_file()

    def bring():
        version = start_import(cast.researcher, source, path=path, filename="a.csv", in_background=False)
        import_into(cast.researcher, version, path)

    assert at_once(*[bring] * 3) >= 1
    version = Version.objects.get()
    assert version.state == "staged" and version.datasets.count() == 50
    assert Event.objects.filter(verb="library.stage_version").count() == 1


def test_a_version_is_published_once(cast, staged):
    assert at_once(*[lambda: publish_version(cast.researcher, staged)] * 3) == 1


def test_a_flag_is_decided_before_publication_or_not_at_all(cast, staged):
    flag = Flag.objects.create(version=staged, check_code="zero", severity="doubtful", place="a", zh="零", en="zero")
    decide = lambda: decide_flags(cast.researcher, staged, state="upheld", reason="查过", flags=[flag.pk])  # noqa: E731
    at_once(decide, lambda: publish_version(cast.researcher, staged))
    staged.refresh_from_db()
    flag.refresh_from_db()
    decided = Event.objects.filter(verb="library.decide_flags").exists()
    assert staged.state == "published" and (flag.state == "upheld") is decided


def test_two_reviews_at_once_approve_once(cast, measured):
    submission = submit_factor(cast.researcher, None, documents=[ContentFile(b"r", name="r.pdf")], **measured)
    reviews = [
        lambda by=by: review_factor(by, submission, verdict="agree", note="同意")
        for by in (cast.data_reviewer, cast.second_data_reviewer, cast.data_reviewer)
    ]
    assert at_once(*reviews) == 2
    submission.refresh_from_db()
    assert submission.state == "approved" and submission.reviews.count() == 2
    assert at_once(*[lambda: publish_factor(cast.operator, submission)] * 3) == 1
    assert Version.objects.filter(source__name="measured").count() == 1


def test_two_data_sets_do_not_follow_each_other(cast, published):
    first, second = published.datasets.order_by("uid")
    at_once(
        lambda: retire_dataset(cast.researcher, first, reason="旧", successor=second.key),
        lambda: retire_dataset(cast.researcher, second, reason="旧", successor=first.key),
    )
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.successor_id is None) != (second.successor_id is None)

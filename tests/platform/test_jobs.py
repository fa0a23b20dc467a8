"""Jobs: queued with the act that wants them or not at all, done once, and begun again when their worker dies."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from tanbiao.platform.kernel import jobs

pytestmark = pytest.mark.usefixtures("history_may_be_emptied", "transactional_db")

# A worker in a process of its own, on the database of this test; its one task notes that it began, and hangs.
HANGING = """
import sys, threading, time
from pathlib import Path
import django
django.setup()
from tanbiao.platform.kernel import jobs

@jobs.task("test.hang")
def hang(file):
    Path(file).write_text("begun")
    time.sleep(600)

jobs.run_worker(threading.Event())
"""


@pytest.fixture(autouse=True)
def no_jobs(transactional_db):
    yield
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")


@pytest.fixture
def named():
    """Register a task for one test."""
    names = []

    def register(name, body, **options):
        names.append(name)
        return jobs.task(name, **options)(body)

    yield register
    for name in names:
        app.tasks.pop(name)
        jobs._given_up.pop(name, None)


def work():
    jobs.run_worker(threading.Event(), until_done=True)


def states():
    return [*ProcrastinateJob.objects.order_by("id").values_list("status", "attempts")]


def waiting():
    """How many jobs are waiting or under way."""
    return ProcrastinateJob.objects.filter(status__in=("todo", "doing")).count()


def under_way():
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing'")


def test_a_job_is_done_once_with_what_it_was_given(named):
    done = []
    named("test.note", lambda **given: done.append(given))
    jobs.defer("test.note", version="碳标", number=3)
    assert waiting() == 1
    work()
    work()
    assert done == [{"version": "碳标", "number": 3}]
    assert waiting() == 0 and states() == []


def test_a_task_stays_a_function(named):
    assert named("test.plain", lambda: 7)() == 7


def test_nothing_is_queued_where_the_transaction_fails(named):
    named("test.note", lambda: None)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        jobs.defer("test.note")
        raise ZeroDivisionError
    assert waiting() == 0


def test_a_job_queues_another_in_its_own_transaction(named):
    done = []

    def first():
        with transaction.atomic():
            jobs.defer("test.second")
            assert waiting() == 2
            done.append(1)

    named("test.first", first)
    named("test.second", lambda: done.append(2))
    jobs.defer("test.first")
    work()
    assert done == [1, 2]


def test_an_unknown_task_is_told_when_it_is_asked_for():
    with pytest.raises(ValueError, match="no task"):
        jobs.defer("test.unknown")


def test_a_job_that_fails_is_not_tried_again_and_the_next_is_done(named, caplog):
    done = []
    named("test.fail", lambda: 1 / 0)
    named("test.note", lambda: done.append(1))
    jobs.defer("test.fail")
    jobs.defer("test.note")
    work()
    work()
    assert done == [1] and states() == [("failed", 1)]
    assert "ZeroDivisionError" in caplog.text


def test_a_job_whose_worker_was_killed_is_found_again(named, tmp_path, caplog):
    named("test.hang", lambda file: done.append(file))
    done, file = [], tmp_path / "begun"
    jobs.defer("test.hang", file=str(file))
    settings = connection.settings_dict
    host = settings["HOST"] or settings.get("OPTIONS", {}).get("host", "")
    url = f"postgresql://{settings['USER']}:{settings['PASSWORD']}@/{settings['NAME']}?host={host}&port={settings['PORT']}"
    with subprocess.Popen([sys.executable, "-c", HANGING], env=os.environ | {"DATABASE_URL": url}) as worker:
        deadline = time.monotonic() + 60
        while not file.exists():
            assert worker.poll() is None and time.monotonic() < deadline
            time.sleep(0.05)
        os.kill(worker.pid, signal.SIGKILL)
    assert done == [] and states() == [("doing", 0)]
    work()
    assert done == [str(file)] and waiting() == 0


def test_a_job_that_kills_its_workers_is_given_up_and_somebody_is_told(named, caplog):
    done, told = [], []
    named("test.deadly", done.append, given_up=lambda **given: told.append(given))
    jobs.defer("test.deadly", version=1)
    for attempt in range(jobs.MOST_STARTS):
        assert told == [] and states() == [("todo", attempt)]
        under_way()
        jobs._begin_again()
    assert told == [{"version": 1}] and states()[0][0] == "failed"
    work()
    assert done == []


def test_a_job_given_up_whose_people_cannot_be_told_keeps_nobody_from_work(named, caplog):
    def told(**given):
        raise ValueError(given)

    named("test.deadly", lambda **given: None, given_up=told)
    jobs.defer("test.deadly", version=1)
    for _attempt in range(jobs.MOST_STARTS):
        under_way()
        jobs._begin_again()
    assert states()[0][0] == "failed" and "nobody could be told" in caplog.text


def test_a_job_handed_back_waits_again_and_does_not_count_as_begun(named):
    seen = []

    def body():
        jobs.hand_back()
        seen.extend(states())
        under_way()  # so that it can end in order

    named("test.note", body)
    jobs.defer("test.note")
    work()
    assert seen == [("todo", 0)]


def test_only_the_worker_hands_back(named):
    named("test.note", lambda: None)
    jobs.defer("test.note")
    under_way()
    jobs.hand_back()
    assert states() == [("doing", 0)]


def test_a_second_worker_waits_until_the_first_has_gone(named):
    named("test.note", lambda: None)
    jobs.defer("test.note")
    stop = threading.Event()
    with jobs._the_only_worker(threading.Event()) as ours:
        assert ours
        second = threading.Thread(target=jobs.run_worker, args=[stop])
        second.start()
        time.sleep(0.3)
        assert waiting() == 1
        stop.set()
        second.join(timeout=30)
        assert not second.is_alive() and waiting() == 1


def test_a_worker_told_to_stop_ends_after_the_job_in_hand(named):
    done, stop = [], threading.Event()

    def body():
        stop.set()
        time.sleep(0.2)
        done.append(1)

    named("test.note", body)
    jobs.defer("test.note")
    jobs.defer("test.note")
    jobs.run_worker(stop)
    assert done == [1] and waiting() == 1

"""Work in the background: ordered once, done once, whoever dies over it (I03, I22, I26)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import OperationalError, connection
from django.urls import reverse

from bureau.desk import jobs
from bureau.desk.alone import alone
from bureau.desk.models import Document, Job
from bureau.desk.refusal import LawRefused
from bureau.desk.subject import facts_of
from bureau.models import Role
from tests.make import bureau
from tests.make import oversight as make_oversight

pytestmark = pytest.mark.django_db
AT = bureau.shanghai("2026-06-22 10:00")


@pytest.fixture
def orderer():
    return make_oversight.seat(None, Role.SUPERVISION, "supervisor")


@pytest.fixture
def work():
    """A kind of work whose making a test may replace: it keeps one small file."""
    made = {"make": lambda job, step: step(1, 2) or b"made"}
    jobs.works.add("test", jobs.Work("Test", lambda job, step: made["make"](job, step), keep_file))
    yield made
    jobs.works._values.pop("test")


def keep_file(job, content, at):
    place = default_storage.save(f"jobs/{job.pk}", ContentFile(content))
    return Document.objects.create(
        **facts_of(job), kind=Document.Kind.ATTACHMENT, at=at, original=place, content_type="text/plain",
        size=len(content), sha256="0" * 64,
    )  # fmt: skip


def ordered(by, key="one", at=AT):
    return jobs.order("test", key=key, facts={}, by=by, at=at)


def expire_lease(job):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE bureau_job SET leased_until = now() - interval '1 second' WHERE id = %s", [job.pk])


def test_the_same_work_ordered_twice_is_one_job(orderer, work):
    assert ordered(orderer) == ordered(orderer)
    assert Job.objects.count() == 1


def test_work_that_was_done_may_be_ordered_again(orderer, work):
    first = ordered(orderer)
    jobs.work_one(at=AT)

    assert ordered(orderer, at=AT + timedelta(minutes=1)) != first


def test_done_work_has_its_file_and_its_progress_is_full(orderer, work):
    job = ordered(orderer)

    assert jobs.work_one(at=AT)

    job.refresh_from_db()
    assert (job.state, job.done_steps, job.all_steps, job.document.size) == (Job.State.DONE, 2, 2, 4)
    assert not jobs.work_one(at=AT)


def test_a_lease_is_no_longer_than_two_minutes(orderer, work):
    ordered(orderer)

    jobs.claim(at=AT)

    with connection.cursor() as cursor:
        cursor.execute("SELECT leased_until <= statement_timestamp() + interval '120 seconds' FROM bureau_job")
        assert cursor.fetchone() == (True,)


def test_what_a_dead_worker_held_is_done_by_the_next_once_its_lease_has_run_out(orderer, work):
    job = ordered(orderer)
    held = jobs.claim(at=AT)

    assert not jobs.work_one(at=AT)
    expire_lease(held)
    assert jobs.work_one(at=AT)

    job.refresh_from_db()
    assert (job.state, job.tries) == (Job.State.DONE, 2)


def test_a_worker_that_slept_over_its_lease_keeps_nothing(orderer, work):
    ordered(orderer)
    sleeper = jobs.claim(at=AT)
    expire_lease(sleeper)
    jobs.work_one(at=AT)

    with pytest.raises(jobs.LeaseLost):
        jobs.do(sleeper, at=AT)

    assert Document.objects.count() == 1


def test_a_failure_waits_longer_each_time_and_the_fifth_is_the_last(orderer, work):
    work["make"] = broken
    job = ordered(orderer)
    at = AT

    for tries in range(1, 6):
        assert jobs.work_one(at=at)
        job.refresh_from_db()
        assert job.tries == tries
        at = job.not_before if job.state == Job.State.WAITING else at

    assert (job.state, job.why, at - AT) == (Job.State.FAILED, "gave_up", timedelta(minutes=12, seconds=35))


def test_a_job_that_fails_does_not_block_those_behind_it(orderer, work):
    work["make"] = lambda job, step: broken(job, step) if job.key == "poison" else b"fine"
    ordered(orderer, "poison")
    fine = ordered(orderer, "fine", AT + timedelta(seconds=1))

    jobs.work_one(at=AT + timedelta(seconds=1))
    jobs.work_one(at=AT + timedelta(seconds=1))

    fine.refresh_from_db()
    assert fine.state == Job.State.DONE


def test_work_whose_worker_dies_each_time_is_given_up(orderer, work):
    job = ordered(orderer)

    for _ in range(5):
        expire_lease(jobs.claim(at=AT))
    assert not jobs.work_one(at=AT)

    job.refresh_from_db()
    assert (job.state, job.why) == (Job.State.FAILED, "gave_up")


def test_a_database_that_is_away_is_no_failure_of_the_job(orderer, work):
    work["make"] = away
    job = ordered(orderer)

    with pytest.raises(OperationalError):
        jobs.work_one(at=AT)

    job.refresh_from_db()
    assert (job.state, job.why) == (Job.State.RUNNING, "")


def test_a_refusal_ends_the_work_at_once_with_its_reason(orderer, work):
    work["make"] = refused
    job = ordered(orderer)

    jobs.work_one(at=AT)

    job.refresh_from_db()
    assert (job.state, job.why, job.tries) == (Job.State.FAILED, "too_large", 1)


def test_only_its_orderer_sees_a_job(orderer, work, client):
    job = ordered(orderer)
    client.force_login(make_oversight.seat(None, Role.DIRECTOR, "director"))

    for url in (job.get_absolute_url(), reverse("bureau:job-progress", args=[job.pk]), f"/api/v1/jobs/{job.pk}/"):
        assert client.get(url).status_code == 404


def test_the_page_polls_while_the_work_goes_on_and_offers_the_file_after(orderer, work, client):
    client.force_login(orderer)
    job = ordered(orderer)
    polled = reverse("bureau:job-progress", args=[job.pk])
    assert polled in client.get(job.get_absolute_url()).content.decode()

    jobs.work_one(at=AT)

    progress = client.get(polled)
    page = client.get(job.get_absolute_url()).content.decode()
    job.refresh_from_db()
    assert progress["HX-Refresh"] == "true"
    assert polled not in page
    assert job.document.get_absolute_url() in page


@pytest.mark.django_db(transaction=True)
def test_a_shut_door_sends_the_second_away():
    other = connection.copy()
    try:
        with alone("jobs"), other.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")
            assert cursor.fetchone() == (1,)
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr("bureau.desk.alone.connection", other)
                with alone("jobs") as is_alone:
                    assert not is_alone
    finally:
        other.close()


def broken(job, step):
    raise RuntimeError("typesetter fell over")


def away(job, step):
    raise OperationalError("the connection is closed")


def refused(job, step):
    raise LawRefused("Too many pages.", code="too_large")

"""The sealer: one root after the other, without gaps, by one sealer at a time, and never silent for long."""

from datetime import timedelta

import psycopg
import pytest
from django.conf import settings as portal_settings
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from bureau.desk import signing
from bureau.desk.models import Entry, Figure, TrailRoot, Unsealed
from bureau.desk.sealing import sealer
from bureau.desk.sealing.readings import key_ring, roots_of_portal
from bureau.desk.sealing.sealer import SEALER_LOCK, seal, seal_all
from bureau.proofs.roots import Root, faults_of_series
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def keys_dir(settings, tmp_path):
    settings.KEYS_DIR = tmp_path / "keys"


@pytest.fixture
def issue():
    """A subject with three lines that no root knows."""
    return make.issue_in("filed", make.unit("qibao"))


def test_a_root_names_every_line_since_the_root_before(issue):
    root = seal(at=make.minutes(10))

    lines = Root.read(root.text).load()
    ours = [(chain, seq, digest) for chain, seq, digest, _ in lines if chain == f"grid.issue/{issue.pk}"]
    entries = Entry.objects.about(issue).order_by("seq")
    assert ours == [(f"grid.issue/{issue.pk}", line.seq, line.hash) for line in entries]
    assert root.lines == len(lines) == Entry.objects.count()
    assert not Unsealed.objects.exists()


def test_each_root_points_to_the_one_before_and_their_numbers_have_no_gap(issue):
    seal(at=make.minutes(10))
    seal(at=make.minutes(200))
    seal(at=make.minutes(300))

    roots = dict(roots_of_portal())

    assert sorted(roots) == [1, 2, 3]
    assert [roots[n].header["previous"] for n in (1, 2, 3)] == ["", roots[1].digest, roots[2].digest]
    assert list(faults_of_series(roots, key_ring(), gaps=True, whose="the portal's")) == []


def test_where_nothing_came_a_root_is_made_when_the_longest_silence_is_over(issue):
    seal(at=make.minutes(10))

    assert seal(at=make.minutes(69)) is None
    assert seal(at=make.minutes(70)).lines == 0


def test_the_longest_silence_is_a_figure(issue):
    Figure.objects.create(
        name="bureau_seal_silence_minutes",
        value="5",
        valid_from=make.MONDAY.date(),
        reason="check",
        set_at=make.MONDAY,
    )
    seal(at=make.minutes(10))

    assert seal(at=make.minutes(14)) is None
    assert seal(at=make.minutes(15)) is not None


def test_while_one_sealer_is_at_work_another_does_nothing(issue):
    parameters = connection.get_connection_params()
    line = {name: parameters[name] for name in ("dbname", "user", "host", "port", "password") if parameters.get(name)}
    with psycopg.connect(**line) as other:
        other.execute("SELECT pg_advisory_xact_lock(%s)", [SEALER_LOCK])

        assert seal(at=make.minutes(10)) is None

    assert seal(at=make.minutes(10)).n == 1


def test_a_backlog_becomes_several_roots(issue, monkeypatch):
    monkeypatch.setattr(sealer, "MOST_LINES", 2)
    waiting = Unsealed.objects.count()

    assert seal_all(at=make.minutes(10)) == -(-waiting // 2)
    assert sum(TrailRoot.objects.values_list("lines", flat=True)) == waiting


def test_what_was_rolled_back_is_never_sealed(issue):
    seal(at=make.minutes(10))
    with transaction.atomic():
        make.grid.move_issue(issue, "dispatch", by=make.crew(issue.unit)["dispatcher"], at=make.minutes(11))
        transaction.set_rollback(True)

    assert seal(at=make.minutes(12)) is None


def test_a_clock_that_goes_back_makes_no_root_that_lies_before_the_last(issue):
    seal(at=make.minutes(10))
    make.issue_in("reported", make.unit("meilong"))

    second = seal(at=make.minutes(2))

    assert second.at == make.minutes(10)


def test_roots_signed_with_the_old_and_the_new_key_both_hold(issue):
    seal(at=make.minutes(10))
    signing.rotate("trail-root", at=make.minutes(11))
    seal(at=make.minutes(100))

    first, second = (root for _, root in roots_of_portal())

    assert first.key != second.key
    assert [first.fault(key_ring()), second.fault(key_ring())] == ["", ""]


@pytest.mark.parametrize("statement", ["UPDATE bureau_trailroot SET lines = 0", "DELETE FROM bureau_trailroot"])
def test_a_root_cannot_be_changed_or_removed_by_sql(issue, statement):
    seal(at=make.minutes(10))

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_sealing_takes_a_fixed_number_of_queries_whatever_there_is_to_seal(issue):
    seal(at=make.minutes(10))
    make.issue_in("filed", make.unit("meilong"))
    with CaptureQueriesContext(
        connection,
    ) as few:
        seal(at=make.minutes(11))
    for slug in ("pujiang", "qibao"):
        make.issue_in("closed", make.unit(slug))

    with CaptureQueriesContext(connection) as many:
        seal(at=make.minutes(12))

    assert len(many) <= len(few) + 1  # documents, of which the first had none


def test_the_beat_knocks_at_the_sealer_each_minute():
    assert portal_settings.CELERY_BEAT_SCHEDULE["seal_trail"]["schedule"] == timedelta(minutes=1).total_seconds()

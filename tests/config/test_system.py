"""The system page: every finding a sentence with a state, since when and what to do; for those who keep the portal."""

import csv
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import redis
from django.core.management import call_command
from django.test import Client
from django.utils import translation

from bureau.desk.models import Job
from bureau.desk.models.calendar import CalendarYear
from bureau.models import Role
from bureau.models.people import Certificate
from config.keeping import status
from config.system import backups, machine, work
from config.system.findings import State
from config.system.health import health_of
from config.system.heart import KEY
from config.tasks import heartbeat
from tests import make

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 25, 4, tzinfo=UTC)
MATRIX = Path(__file__).parent.parent / "access_matrix.csv"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def kept(tmp_path: Path, settings) -> Path:
    settings.BACKUP_DIR = str(tmp_path)
    return tmp_path


def states(findings) -> list[State]:
    return [finding.state for finding in findings]


def cell(role: str) -> str:
    with MATRIX.open(newline="") as file:
        return next(row for row in csv.DictReader(file) if row["action"] == "system.read")[role]


@pytest.mark.parametrize("role", Role.values)
def test_the_page_is_there_for_the_roles_of_the_matrix_and_for_nobody_else(client: Client, role: str) -> None:
    client.force_login(make.officer(make.unit("qibao"), role))

    answer = client.get("/system/")

    assert answer.status_code == (200 if cell(role) == "a" else 404)
    assert (b'href="/system/"' in client.get("/me/").content) == (cell(role) == "a")


def test_every_finding_has_a_word_and_a_sign_and_what_is_not_well_says_what_to_do(client: Client) -> None:
    client.force_login(make.officer(make.unit("qibao"), Role.SYSADMIN))

    page = client.get("/system/").content.decode()

    findings = health_of(at=AT)
    assert page.count('class="light"') == len(findings)
    assert page.count("<svg") > len(findings)
    assert all(finding.remedy for finding in findings if finding.state is not State.WELL)


def test_the_page_asks_a_bounded_number_of_questions(django_assert_max_num_queries) -> None:
    with django_assert_max_num_queries(16):
        health_of(at=AT)


def test_without_a_place_of_backups_the_portal_says_that_nothing_is_kept(settings) -> None:
    settings.BACKUP_DIR = ""

    assert states(backups.backups(AT)) == [State.BAD]


@pytest.mark.parametrize(
    ("work_", "age", "state"),
    [
        ("base", 26 * HOUR, State.WELL), ("base", 27 * HOUR, State.WATCH), ("base", 49 * HOUR, State.BAD),
        ("log", timedelta(minutes=4), State.WELL), ("log", timedelta(minutes=6), State.WATCH),
        ("log", 2 * HOUR, State.BAD), ("drill", 8 * DAY, State.WELL), ("drill", 10 * DAY, State.WATCH),
        ("drill", 32 * DAY, State.BAD),
    ],
)  # fmt: skip
def test_a_backup_an_archive_and_a_drill_grow_old(kept: Path, work_: str, age: timedelta, state: State) -> None:
    status.note(kept, work_, tried_at=AT - age, good_at=AT - age)

    found = dict(zip(status_order(), backups.backups(AT), strict=True))[work_]

    assert found.state is state
    assert found.since == AT - age


def status_order() -> tuple[str, ...]:
    return ("base", "log", "drill")


def test_a_try_that_failed_since_the_last_success_is_told_with_its_words(kept: Path) -> None:
    status.note(kept, "base", tried_at=AT - HOUR, good_at=AT - HOUR)
    status.note(kept, "base", tried_at=AT, error="pg_basebackup failed: no space left")

    found = next(iter(backups.backups(AT)))

    assert found.state is State.WATCH
    assert "no space left" in str(found.words)


def test_notes_of_the_keeper_that_cannot_be_read_are_bad(kept: Path) -> None:
    (kept / status.FILE).write_text("{half")

    assert states(backups.backups(AT)) == [State.BAD]


def test_backups_on_the_disk_of_the_documents_are_watched(kept: Path, settings) -> None:
    settings.MEDIA_ROOT = kept

    assert State.WELL not in states(machine.disks(AT))


def test_a_silent_queue_is_bad_and_no_error_of_the_page(settings) -> None:
    settings.REDIS_URL = "unix:///nowhere/valkey.sock"

    assert states(machine.queue(AT)) == [State.BAD]


@pytest.mark.parametrize(
    ("age", "state"),
    [(timedelta(seconds=80), State.WELL), (timedelta(minutes=2), State.WATCH), (timedelta(minutes=4), State.BAD)],
)
def test_a_worker_that_gives_no_sign_of_life_is_noticed(age: timedelta, state: State) -> None:
    assert machine.worker(AT - age, AT).state is state


def test_the_sign_of_life_goes_through_the_queues_own_memory(settings) -> None:
    with redis.Redis.from_url(settings.REDIS_URL) as line:
        line.delete(KEY)
        before = machine.last_beat(line)
        heartbeat()

        assert before is None
        assert machine.last_beat(line) is not None


def test_the_next_year_is_asked_for_from_november_and_this_one_always() -> None:
    CalendarYear.objects.all().delete()
    nothing = states(work.calendar(AT))
    CalendarYear.objects.create(year=2026, source="notice")

    assert nothing == [State.BAD]
    assert states(work.calendar(datetime(2026, 10, 31, 4, tzinfo=UTC))) == [State.WELL]
    assert states(work.calendar(datetime(2026, 11, 1, 4, tzinfo=UTC))) == [State.WATCH]
    CalendarYear.objects.create(year=2027, source="notice")
    assert states(work.calendar(AT)) == [State.WELL]


@pytest.mark.parametrize(
    ("until", "follows", "state"),
    [
        (date(2027, 1, 24), None, State.WATCH),
        (date(2027, 1, 25), None, State.WELL),
        (date(2026, 11, 24), None, State.WATCH),
        (date(2026, 12, 1), date(2029, 12, 1), State.WELL),
    ],
)
def test_certificates_that_end_within_sixty_days_with_none_to_follow_are_counted(
    until: date, follows: date | None, state: State
) -> None:
    officer = make.officer(make.unit("qibao"), Role.SQUAD_OFFICER)
    Certificate.objects.all().delete()
    for number, end in (("1", until), ("2", follows)):
        if end:
            Certificate.objects.create(officer=officer, number=number, valid_from=date(2020, 1, 1), valid_to=end)

    assert states(work.certificates(AT)) == [state]


def test_background_work_that_waits_long_is_told_with_the_time_since_when() -> None:
    person = make.officer(make.unit("qibao"), Role.AUDITOR)
    Job.objects.create(kind="x", key="x", asked_by=person, asked_at=AT - 2 * HOUR, not_before=AT)

    (found,) = work.jobs(AT)

    assert (found.state, found.since) == (State.BAD, AT - 2 * HOUR)


def test_a_dead_letter_is_bad() -> None:
    assert (work.dead_letters(0).state, work.dead_letters(1).state) == (State.WELL, State.BAD)


def test_a_certificate_of_the_address_is_watched_three_weeks_before_its_end(settings, monkeypatch) -> None:
    settings.PUBLIC_URL = "https://portal.example.org"

    for days, state in ((22, State.WELL), (20, State.WATCH), (6, State.BAD)):
        monkeypatch.setattr(machine, "end_of_certificate", lambda host, port, days=days: AT + days * DAY)
        assert states(machine.tls(AT)) == [state]


def test_a_check_that_fails_is_a_finding_and_the_others_are_made(monkeypatch) -> None:
    def broken(at: datetime):
        raise OSError("unmounted")
        yield

    monkeypatch.setattr("config.system.health.CHECKS", (broken, work.calendar))

    assert [finding.state for finding in health_of(at=AT)][0] is State.BAD
    assert len(health_of(at=AT)) == 2


def test_the_command_says_the_same_in_chinese_and_fails_when_something_is_bad(capsys, settings) -> None:
    settings.BACKUP_DIR = ""

    with translation.override("en"), pytest.raises(SystemExit):
        call_command("system_check")

    said = capsys.readouterr().out
    assert "未配置备份" in said
    assert len(said.splitlines()) == len(health_of(at=AT))


def test_what_needs_a_hand_stands_above_what_is_well(client: Client, settings) -> None:
    settings.BACKUP_DIR = ""
    client.force_login(make.officer(make.unit("qibao"), Role.SYSADMIN))

    first, *_, last = client.get("/system/").context["findings"]

    assert (first.state, last.state) == (State.BAD, State.WELL)

"""Many issues at once by COPY: the models name the columns and give each its default, so that the rows follow them.

Each issue has its running clocks while it is open, with the rungs that they passed, and the first line of its trail,
hashed as the trail hashes.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import chain, count, islice
from typing import Any
from uuid import UUID

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone
from psycopg import Connection
from psycopg.types.json import Jsonb

from bench.ground import bare_connection
from bureau.desk.ids import uuid7
from bureau.desk.models import Clock, Entry
from bureau.desk.models.clock import RUNGS, Ladder, RungName
from bureau.desk.trail import digest
from bureau.models import Officer, Organisation, Unit
from config.launcher.places import Places
from grid.models import Assignment, Cell, CellUnit, Issue, IssueType
from grid.statuses import AT_WORK, FINAL, Status
from oversight.models import Rung

SEED = 7
CHANNELS = list(Issue.Channel.values)
LIMIT = timedelta(hours=16)
EARLIER = timedelta(hours=8)  # the response is due before the handling
OF_A_DAY = 40_000
YEAR = 365  # days over which the issues of a year are spread
CLOCK_OF = {
    Status.REPORTED: "accept",
    Status.CONFIRMING: "confirm",
    Status.ACCEPTED: "filing",
    Status.FILED: "dispatch",
    Status.DISPATCHED: "handling",
    Status.HANDLING: "handling",
    Status.HANDLED: "verification",
    Status.VERIFYING: "verification",
    Status.VERIFIED: "closing",
}
SHARES = {Status.CLOSED: 88, Status.REFUSED: 2, Status.HANDLING: 4, Status.DISPATCHED: 2, Status.VERIFYING: 1,
          Status.HANDLED: 1, Status.REPORTED: 1, Status.FILED: 1}  # fmt: skip
TABLES = (Issue, Entry, Clock, Assignment, Rung)
Rows = list[tuple[type[models.Model], list[Any]]]


class Blank:
    """The columns of a model and what a new row of it holds; a row is a copy with some of them said."""

    def __init__(self, model: type[models.Model]) -> None:
        self.model = model
        fields = [field for field in model._meta.concrete_fields if not of_the_database(field)]
        self.columns = [field.column for field in fields]
        self.places = {field.attname: place for place, field in enumerate(fields)}
        self.defaults = {field.attname: field.get_default for field in fields}
        self.usual = [make() for make in self.defaults.values()]

    def row(self, **said: Any) -> tuple[type[models.Model], list[Any]]:
        """KeyError for a name that is no column."""
        values = self.usual.copy()
        for name, value in said.items():
            values[self.places[name]] = value
        return self.model, values


def of_the_database(field: models.Field) -> bool:
    """Columns that the database fills by itself."""
    return isinstance(field, models.AutoField) or field.has_db_default()


class District:
    """What issues point to, read once."""

    def __init__(self) -> None:
        self.units = list(Unit.objects.filter(cells__isnull=False).distinct())
        self.types = list(IssueType.objects.values_list("pk", flat=True))
        squads = Organisation.objects.filter(kind=Organisation.Kind.SQUAD, unit__isnull=False)
        self.squads = {squad.unit_id: squad.pk for squad in squads}
        self.centre = Organisation.objects.get(kind=Organisation.Kind.GRID_CENTRE).pk
        self.inspector = Officer.objects.get(username="inspector").pk
        self.dispatcher = Officer.objects.get(username="dispatcher").pk
        self.kind = ContentType.objects.get_for_model(Issue)
        self.cells: dict[str, list[Cell]] = {unit.pk: [] for unit in self.units}
        for held in CellUnit.objects.select_related("cell"):
            self.cells[held.unit_id].append(held.cell)
        self.issue, self.entry, self.clock, self.assignment, self.rung = map(Blank, TABLES)


def mixed_issues(number: int) -> Iterator[Rows]:
    """A year of a district: nearly nine in ten are closed, the open ones are green, yellow and red."""
    chance, district, now = random.Random(SEED), District(), timezone.now()
    for place in range(number):
        reported = now - timedelta(days=YEAR * (1 - place / number), minutes=1)
        status = chance.choices(list(SHARES), list(SHARES.values()))[0]
        due = now + timedelta(hours=chance.uniform(-48, 72))
        yield issue_rows(district, chance, place % 5000, status, reported, due, now)


def issues_at_work(number: int, *, numbers_from: int = 5_000) -> Iterator[Rows]:
    """Issues in hand, each with a running clock on the full ladder that is due some days from now.

    The numbers of a day begin at `numbers_from`, and there are no more than `OF_A_DAY` of them.
    """
    chance, district, now = random.Random(SEED), District(), timezone.now()
    for place in range(number):
        reported = now - timedelta(days=30 * (1 - place / number), minutes=1)
        due = now + timedelta(days=chance.uniform(2, 20))
        yield issue_rows(district, chance, numbers_from + place % OF_A_DAY, Status.HANDLING, reported, due, now)


def issue_rows(
    district: District, chance: random.Random, place: int, status: str, reported: datetime, due: datetime, now: datetime
) -> Rows:
    """One issue with its first entry, its running clock while it is open, and its assignment once it was dispatched."""
    unit = chance.choice(district.units)
    cell = chance.choice(district.cells[unit.pk])
    squad = district.squads[unit.pk] if status in (*AT_WORK, Status.CLOSED) else None
    kind = chance.choice(district.types)
    number, key = f"{timezone.localtime(reported):%y%m%d}-{place:04d}", uuid7()
    closed = reported + timedelta(hours=9) if status in FINAL else None
    found = [
        district.issue.row(
            id=key,
            number=number,
            type_id=kind,
            description="人行道上有流动摊贩数个，影响通行",
            address=f"路段{chance.randrange(400)}近{place}号",
            longitude=cell.longitude,
            latitude=cell.latitude,
            cell_id=cell.pk,
            unit_id=unit.pk,
            handled_by_id=squad,
            status=status,
            channel=chance.choice(CHANNELS),
            occurred_at=reported,
            reported_at=reported,
            reported_by_id=district.inspector,
            closed_at=closed,
        ),
        first_entry(district, key, number, unit.pk, reported),
    ]
    if not closed:
        about = {"subject_id": key, "unit_id": unit.pk, "topic": kind}
        found += running_clock(district, about, squad, CLOCK_OF[Status(status)], due, now)
        if status == Status.DISPATCHED:
            found += running_clock(district, about, squad, "response", due - EARLIER, now)
    if squad:
        handed = {"dispatched_at": reported, "by_id": district.dispatcher, "rule": "squad", "ended_at": closed}
        found.append(district.assignment.row(issue_id=key, organisation_id=squad, **handed))
    return found


def first_entry(district: District, key: UUID, number: str, unit: str, at: datetime) -> Any:
    said: dict[str, Any] = {
        "subject_type_id": district.kind.pk,
        "subject_id": key,
        "unit_id": unit,
        "seq": 1,
        "verb": "report",
        "target": Status.REPORTED.value,
        "by_id": district.inspector,
        "acting_for_id": district.centre,
        "acting_as": "inspector",
        "at": at,
        "facts": {"number": number},
    }
    entry = Entry(**said)
    entry.subject_type = district.kind
    return district.entry.row(**said, hash=digest(entry))


def running_clock(
    district: District, about: dict[str, Any], squad: UUID | None, kind: str, due: datetime, now: datetime
) -> Rows:
    """Due at `due`; whatever rung has come by `now` was raised."""
    is_full, key = kind in ("handling", "response"), uuid7()
    instants = dict(zip(RUNGS[Ladder.FULL], (due - LIMIT / 5, due, due + LIMIT / 2, due + LIMIT), strict=True))
    ladder = Ladder.FULL if is_full else Ladder.LIGHT_ONLY
    ahead = next(((rung, at) for rung in RUNGS[ladder] if (at := instants[rung]) > now), ("", None))
    clock = district.clock.row(
        id=key,
        subject_type_id=district.kind.pk,
        **about,
        owed_by_id=squad if is_full else district.centre,
        kind=kind,
        ladder=ladder.value,
        limit_amount=16,
        limit_unit="working_hours",
        started_at=due - LIMIT,
        warn_at=instants[RungName.WARN],
        due_at=due,
        supervise_at=instants[RungName.SUPERVISE] if is_full else None,
        refer_at=instants[RungName.REFER] if is_full else None,
        next_rung=str(ahead[0]),
        next_rung_at=ahead[1],
    )
    passed = [rung for rung in RUNGS[ladder] if instants[rung] <= now]
    raised = [
        district.rung.row(
            id=uuid7(), clock_id=key, round=0, name=str(rung), reached_at=instants[rung], raised_at=instants[rung]
        )
        for rung in passed
    ]
    return [clock, *raised]


def fill(places: Places, found: Iterable[Rows], batch: int = 5000) -> None:
    """COPY the rows in batches, each table of a batch at once, and let PostgreSQL count what it now holds."""
    found = iter(found)
    with bare_connection(places) as connection:
        for _ in count():
            rows = list(chain.from_iterable(islice(found, batch)))
            if not rows:
                break
            with connection.transaction():
                for model in TABLES:
                    copy(connection, Blank(model), [values for found, values in rows if found is model])
        connection.execute("VACUUM ANALYZE")


def copy(connection: Connection, blank: Blank, rows: list[list[Any]]) -> None:
    columns = ", ".join(f'"{column}"' for column in blank.columns)
    with connection.cursor().copy(f'COPY "{blank.model._meta.db_table}" ({columns}) FROM STDIN') as out:
        for row in rows:
            out.write_row([Jsonb(value) if isinstance(value, dict) else value for value in row])

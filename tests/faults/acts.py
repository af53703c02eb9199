"""What a test does in the system's own database, in a process of its own: `python -m tests.faults.acts NAME JSON`.

Prints what the act answers, as JSON, on its last line.
"""

from __future__ import annotations

import json
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.faults.settings")
import django

django.setup()

from django.core.management import call_command  # noqa: E402 - the nouns can be named only after the settings
from django.db import InterfaceError, OperationalError, connection, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from bureau.desk import notices, numbering  # noqa: E402
from bureau.desk.ids import uuid7  # noqa: E402
from bureau.desk.keys import issue_key  # noqa: E402
from bureau.desk.models import Clock, Contact  # noqa: E402
from bureau.desk.trail import write_entry  # noqa: E402
from bureau.models import Officer  # noqa: E402
from grid.models import Issue  # noqa: E402
from tests import make  # noqa: E402
from tests.bureau.outbox.kit import contact  # noqa: E402
from tests.faults.ledger import Ledger  # noqa: E402
from tests.make import oversight as make_oversight  # noqa: E402


def prepare() -> dict[str, Any]:
    """Tables, two squads with their people, the calendar, and a key for whoever reports and whoever handles."""
    call_command("migrate", interactive=False, verbosity=0)
    unit, at = make.unit("qibao"), timezone.now()
    people = make.crew(unit)
    make_oversight.seats(unit)
    make_oversight.real_calendar(2025, 2026)
    make.issue_type("C1")
    return {role: issue_key(person, at=at)[1] for role, person in people.items()} | make.point(unit)


def overdue(count: int, at: str, limit: str = "4 working_hours") -> list[str]:
    """The ids of that many clocks that began at that instant and that nobody meets; copies of one, made at once."""
    unit, began = make.unit("qibao"), datetime.fromisoformat(at)
    issue = make_oversight.reported_at(began, unit)
    clock = make_oversight.clock_on(issue, limit, at=began)
    issues, clocks = [issue], [clock]
    for number in range(1, count):
        issues.append(copy(issue, number=f"c-{number:06}", pk=uuid7()))
        clocks.append(copy(clock, pk=uuid7() if isinstance(clock.pk, UUID) else None, subject_id=issues[-1].pk))
    Issue.objects.bulk_create(issues[1:])
    Clock.objects.bulk_create(clocks[1:])
    return [str(one.pk) for one in clocks]


def touched(count: int, at: str) -> list[str]:
    """As `overdue`, but each in its own issue, of whose trail the last line is of this moment."""
    unit, began = make.unit("qibao"), datetime.fromisoformat(at)
    clocks = []
    for _ in range(count):
        issue = make_oversight.reported_at(began, unit)
        clocks.append(make_oversight.clock_on(issue, "4 working_hours", at=began))
        with transaction.atomic():
            write_entry(Issue.objects.select_for_update().get(pk=issue.pk), "remark", by=None, at=timezone.now())
    return [str(clock.pk) for clock in clocks]


def reported(unit: str) -> str:
    return str(make.reported_issue(make.unit(unit), at=timezone.now()).pk)


def order(count: int, series: str) -> int:
    """That many urgent messages to somebody who is reached by e-mail, each in a transaction of its own."""
    leader = Officer.objects.get(username="qibao-leader")
    if not Contact.objects.filter(officer=leader).exists():
        contact(leader)
    issue = Issue.objects.first() or make.reported_issue(make.unit("qibao"))
    for number in range(count):
        key, params = f"{series}:{number}", {"paper": f"闵城管催〔2026〕{series}{number}号"}
        with transaction.atomic():
            notices.post_notice(
                issue, "clock_urge", at=timezone.now(), dedupe_key=key, to_officer=leader, params=params, is_urgent=True
            )
    return count


def draw(ledger: str, writers: int, each: int, seed: int) -> int:
    """Numbers of two years in threads, a fifth of them given up; each that was committed is in the ledger."""
    kept = Ledger(Path(ledger))

    def write(number: int) -> None:
        chance = Random(seed + number)
        for _ in range(each):
            while not draw_one(kept, chance):
                time.sleep(0.1)

    with ThreadPoolExecutor(writers) as pool:
        list(pool.map(write, range(writers)))
    return writers * each


def draw_one(ledger: Ledger, chance: Random) -> bool:
    """At the turn of the year; False when the database died under it, and nobody knows whether it was drawn."""
    year, gives_up = 2026 + (chance.random() < 0.5), chance.random() < 0.2
    try:
        with transaction.atomic():
            drawn = numbering.take_number("bureau", "trial", year)
            with connection.cursor() as cursor:
                cursor.execute("INSERT INTO drawn (kind, year, number) VALUES ('trial', %s, %s)", [year, drawn])
            transaction.set_rollback(gives_up)
    except (OperationalError, InterfaceError):
        connection.close()
        return False
    if not gives_up:
        ledger.write(kind="drawn", year=year, number=drawn)
    return True


def copy(row: Any, **changed: Any) -> Any:
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    pk = changed.pop("pk")
    return type(row)(**{**values, **changed, row._meta.pk.attname: pk})


if __name__ == "__main__":
    name, said = sys.argv[1], json.loads(sys.argv[2])
    print(json.dumps(globals()[name](**said)))  # noqa: T201 - this is what it is asked for

"""A trail that was sealed three times, and an outsider who took each root away."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from django.core.management import call_command
from django.db import connection

from bureau.desk.models import Document, Entry, TrailRoot
from bureau.desk.sealing.sealer import seal
from bureau.desk.trail import digest
from grid.models import Issue
from tests import make

Place = tuple[str, str, int]  # kind, chain, line


@dataclass(frozen=True)
class Scene:
    """`victim` has 9 lines and a photo, sealed by roots 1 and 2; `other` was begun yesterday and went on today."""

    victim: Issue
    other: Issue
    mine: Path
    verifier: Path

    @property
    def chain(self) -> str:
        return f"grid.issue/{self.victim.pk}"

    @property
    def photo(self) -> Document:
        return Document.objects.about(self.victim).get()

    def lines(self) -> list[Entry]:
        return list(Entry.objects.about(self.victim).order_by("seq"))


def set_scene(tmp_path: Path) -> Scene:
    victim = make.issue_in("filed", make.unit("qibao"))
    seal(at=make.minutes(10))
    walk_on(victim)
    other = make.issue_in("filed", make.unit("meilong"))
    seal(at=make.minutes(20))
    keep_yesterday()
    make.issue_in("accepted", make.unit("pujiang"))
    seal(at=make.minutes(30))
    verifier = tmp_path / "verifier.pyz"
    call_command("build_verifier", str(verifier), stdout=StringIO())
    return Scene(victim, other, take_roots(tmp_path / "mine"), verifier)


def walk_on(issue: Issue) -> None:
    """From filed to closed."""
    people = make.crew(issue.unit)
    for place, (verb, role, facts) in enumerate(make.grid.STEPS[2:], start=3):
        said = {"officers": [people["squad_officer"].username]} if verb == "take" else dict(facts)
        said |= {"photos": [make.photo()]} if verb == "feed_back" else {}
        make.grid.move_issue(issue, verb, by=people[role], at=make.minutes(place), **said)


def take_roots(place: Path) -> Path:
    """What the supervisor downloads: one file a root."""
    place.mkdir()
    for root in TrailRoot.objects.all():
        (place / f"{root.n:09}.json").write_text(root.text)
    return place


def export(place: Path, *options: str) -> Path:
    call_command("export_trail", str(place), *options, stdout=StringIO())
    return place


def told_by(verifier: Path, exported: Path, *options: str) -> tuple[int, list[Place]]:
    """What the stand-alone verifier says, in a Python of its own that knows neither the portal nor its libraries."""
    command = [sys.executable, "-I", "-S", str(verifier), "verify-trail", str(exported), "--json", *options]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, cwd="/")
    assert done.returncode in (0, 1), done.stderr
    found = [json.loads(line) for line in done.stdout.splitlines()]
    return done.returncode, [(row["kind"], row["chain"], row["seq"]) for row in found]


# --- what somebody does who is superuser of the database -------------------------------------------------------------
TABLES = ("bureau_entry", "bureau_document", "bureau_trailroot", "bureau_unsealed")


def sql(statement: str, params: Sequence[object] = ()) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)


def unguarded(*statements: tuple[str, Sequence[object]]) -> None:
    """As `replica`, for whom no trigger fires; nothing in the schema shows it afterwards."""
    sql("SET CONSTRAINTS ALL IMMEDIATE")
    sql("SET session_replication_role = replica")
    for statement, params in statements:
        sql(statement, params)
    sql("SET session_replication_role = DEFAULT")


def rehash(line: Entry, previous: str) -> str:
    """Make one line's hash anew, as our own code would; answers it."""
    line.refresh_from_db()
    line.previous_hash = previous
    line.hash = digest(line)
    unguarded(
        ("UPDATE bureau_entry SET previous_hash = %s, hash = %s WHERE id = %s", [previous, line.hash, line.pk]),
    )
    return line.hash


def rehash_all(issue: Issue) -> None:
    previous = ""
    for line in Entry.objects.about(issue).order_by("seq"):
        previous = rehash(line, previous)


def keep_yesterday() -> None:
    for table in TABLES:
        sql(f"CREATE TEMPORARY TABLE kept_{table} AS TABLE {table}")


def restore_yesterday() -> None:
    unguarded(
        *((f"DELETE FROM {table}", []) for table in reversed(TABLES)),
        *((f"INSERT INTO {table} SELECT * FROM kept_{table}", []) for table in TABLES),
    )

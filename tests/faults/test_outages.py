"""The portal degrades and never lies (I23): what is away is told as 503 or 507, and nothing is half done."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import OperationalError, connection, transaction
from django.test import Client
from django.utils import timezone

from bureau.desk.models import Document, Entry
from bureau.desk.orphans import ASIDE, set_orphans_aside
from grid.models import Issue
from tests.api.callers import V1, by_session
from tests.make import grid as make

pytestmark = [pytest.mark.django_db, pytest.mark.fault]
REPORT = {"type": "C1", "description": "路口有人设摊", "channel": "patrol", "address": "七莘路1号"}


@pytest.fixture(autouse=True)
def _own_storage(settings, tmp_path):
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {**settings.STORAGES["default"], "OPTIONS": {"location": str(tmp_path)}},
    }


@pytest.fixture
def issue() -> Issue:
    return make.issue_in("handling")


def page_of(issue: Issue, role: str) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(make.crew(issue.unit)[role])
    return client


@contextmanager
def only_reading() -> Iterator[None]:
    with transaction.atomic():
        connection.cursor().execute("SET TRANSACTION READ ONLY")
        yield
        transaction.set_rollback(True)


def away(*args: object, **said: object) -> None:
    raise OperationalError("the connection was closed")


def no_room(handle: int) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.invariant("I23")
def test_what_a_read_only_database_cannot_take_is_503_and_reading_goes_on(issue):
    api, page = by_session(make.crew(issue.unit)["inspector"]), page_of(issue, "inspector")
    sent = {**REPORT, **make.point(issue.unit)}

    with only_reading():
        refused, refused_page = api.post(f"{V1}/issues/", sent), page.post("/issues/new/", sent)
        read, read_page = api.get(f"{V1}/issues/{issue.pk}/"), page.get(issue.get_absolute_url())

    assert (refused.status_code, refused.json().get("code")) == (503, "unavailable")
    assert refused_page.status_code == 503
    assert refused["Retry-After"] == refused_page["Retry-After"] == "5"
    assert (read.status_code, read_page.status_code) == (200, 200)


@pytest.mark.parametrize("path", ["/desk/", "/issues/", f"{V1}/issues/", "/sign-in/"])
def test_without_its_database_every_address_says_503_and_when_to_come_back(issue, monkeypatch, path):
    client = page_of(issue, "inspector")
    monkeypatch.setattr("django.db.backends.utils.CursorWrapper.execute", away)

    answer = client.get(path) if path != "/sign-in/" else client.post(path, {"username": "a", "password": "b"})

    assert answer.status_code == 503
    assert answer["Retry-After"] == "5"


@pytest.mark.invariant("I23")
def test_a_full_disk_is_507_and_leaves_neither_row_nor_file_nor_line(issue, monkeypatch, tmp_path):
    api, page = (by_session(make.crew(issue.unit)["squad_officer"]), page_of(issue, "squad_leader"))
    before = Entry.objects.about(issue).count()
    monkeypatch.setattr("bureau.desk.storage.os.fsync", no_room)

    sent = api.post(f"{V1}/issues/{issue.pk}/photos/", {"file": make.photo(), "stage": "after"}, format="multipart")
    fed_back = page.post(
        f"{issue.get_absolute_url()}move/", {"verb": "feed_back", "outcome": "fixed", "photos": make.photo()}
    )

    assert (sent.status_code, sent.json().get("code")) == (507, "no_room")
    assert fed_back.status_code == 507
    assert Document.objects.about(issue).count() == 0
    assert Entry.objects.about(issue).count() == before
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    assert page.get(issue.get_absolute_url()).status_code == 200


def test_a_file_is_flushed_before_its_name_and_its_name_before_its_folder(monkeypatch, tmp_path):
    done = []
    flush, link = os.fsync, os.link
    monkeypatch.setattr("bureau.desk.storage.os.fsync", lambda handle: (done.append(kind(handle)), flush(handle)))
    monkeypatch.setattr("bureau.desk.storage.os.link", lambda *paths: (done.append("name"), link(*paths)))

    default_storage.save("sealed/a", ContentFile(b"bytes"))

    assert done[-3:] == ["file", "name", "folder"]
    assert (tmp_path / "sealed/a").read_bytes() == b"bytes"


def kind(handle: int) -> str:
    return "folder" if os.path.isdir(f"/proc/self/fd/{handle}") else "file"


def test_a_name_is_never_taken_over():
    first = default_storage.save("sealed/a", ContentFile(b"first"))
    second = default_storage.save("sealed/a", ContentFile(b"second"))

    assert first != second
    assert default_storage.open(first).read() == b"first"


def test_files_of_work_that_was_rolled_back_are_set_aside_and_those_with_a_row_stay(issue, tmp_path):
    squad = by_session(make.crew(issue.unit)["squad_officer"])
    path = f"{V1}/issues/{issue.pk}/photos/"
    squad.post(path, {"file": make.photo("olive"), "stage": "after"}, format="multipart")
    kept = Document.objects.about(issue).get()
    with transaction.atomic():
        squad.post(path, {"file": make.photo("navy"), "stage": "after"}, format="multipart")
        transaction.set_rollback(True)
    torn = tmp_path / Path(kept.original).parent / ".torn.part"
    torn.touch()

    while_it_may_still_be_work = set_orphans_aside(at=timezone.now())
    later = set_orphans_aside(at=timezone.now() + timedelta(hours=2))

    assert (while_it_may_still_be_work, later) == (0, 3)
    assert default_storage.exists(kept.original)
    assert default_storage.exists(kept.shown)
    assert len([path for path in (tmp_path / ASIDE).rglob("*") if path.is_file()]) == 3

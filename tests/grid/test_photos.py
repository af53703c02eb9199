"""A photo is one by its content; what is shown tells nothing of the phone; the original stays as it came."""

from __future__ import annotations

import hashlib
import io
import struct
import zlib

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from bureau.desk.refusal import Refusal
from bureau.models import Role
from grid.actions import add_photo, move_issue
from grid.models import Issue
from tests.make import bureau
from tests.make import grid as make

pytestmark = pytest.mark.django_db


def refusal_of(upload) -> tuple[int, str]:
    issue = make.issue_in("handling")
    officer = make.crew(issue.unit)["squad_officer"]
    with pytest.raises(Refusal) as refused:
        add_photo(issue, upload, stage="after", by=officer, at=make.minutes(10))
    assert not issue.photos.exists()
    return refused.value.status, refused.value.code


def with_gps() -> bytes:
    image = Image.new("RGB", (80, 60), "olive")
    exif = image.getexif()
    exif[0x010F] = "PhoneMaker"
    exif.get_ifd(0x8825)[2] = (31.0, 9.0, 0.0)
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif)
    return out.getvalue()


def bomb() -> bytes:
    """A PNG of a few bytes that says it is 40,000 x 40,000."""
    header = struct.pack(">IIBBBBB", 40_000, 40_000, 8, 0, 0, 0, 0)
    chunk = b"IHDR" + header
    body = struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk))
    return b"\x89PNG\r\n\x1a\n" + body + struct.pack(">I", 0) + b"IDAT" + struct.pack(">I", zlib.crc32(b"IDAT"))


def test_what_is_not_a_photo_is_refused_by_its_content():
    assert refusal_of(make.not_a_photo()) == (422, "type_not_allowed")


def test_svg_is_refused():
    svg = SimpleUploadedFile("a.jpg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", "image/jpeg")

    assert refusal_of(svg) == (422, "type_not_allowed")


def test_over_twenty_megabytes_is_refused():
    large = SimpleUploadedFile("a.jpg", b"\xff\xd8" + b"0" * (21 * 1024 * 1024), "image/jpeg")

    assert refusal_of(large) == (413, "too_large")


def test_an_empty_file_is_refused():
    assert refusal_of(SimpleUploadedFile("a.jpg", b"", "image/jpeg")) == (400, "empty_file")


def test_a_bomb_is_refused_before_its_pixels_are_read():
    assert refusal_of(SimpleUploadedFile("a.png", bomb(), "image/png")) == (422, "too_many_pixels")


def test_a_truncated_photo_is_refused():
    half = make.photo(size=(400, 300)).read()[:900]

    assert refusal_of(SimpleUploadedFile("a.jpg", half, "image/jpeg")) == (422, "damaged_file")


def test_heic_is_kept_and_shown_as_jpeg():
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "teal").save(out, "HEIF")
    issue = make.issue_in("handling")

    photo = add_photo(
        issue, SimpleUploadedFile("a.heic", out.getvalue()), stage="after",
        by=make.crew(issue.unit)["squad_officer"], at=make.minutes(10),
    )  # fmt: skip

    assert photo.content_type == "image/heic"
    assert Image.open(default_storage.open(photo.shown)).format == "JPEG"


def test_gps_is_stripped_from_what_is_shown_and_the_original_is_unchanged():
    issue, original = make.issue_in("handling"), with_gps()

    photo = add_photo(
        issue, SimpleUploadedFile("a.jpg", original), stage="after",
        by=make.crew(issue.unit)["squad_officer"], at=make.minutes(10),
    )  # fmt: skip

    assert not Image.open(default_storage.open(photo.shown)).getexif()
    with default_storage.open(photo.original) as kept:
        assert hashlib.sha256(kept.read()).hexdigest() == photo.sha256 == hashlib.sha256(original).hexdigest()
    assert issue.entries.last().facts["sha256"] == photo.sha256


def test_the_same_photo_is_kept_once():
    issue = make.issue_in("handling")
    by = make.crew(issue.unit)["squad_officer"]

    first = add_photo(issue, make.photo("red"), stage="after", by=by, at=make.minutes(10))
    again = add_photo(issue, make.photo("red"), stage="after", by=by, at=make.minutes(11))

    assert first == again
    assert [entry.verb for entry in issue.entries].count("add_photo") == 1


@pytest.mark.parametrize(
    ("role", "stage", "may"),
    [
        (Role.INSPECTOR, "before", True),
        (Role.AUXILIARY, "before", True),
        (Role.AUXILIARY, "after", True),
        (Role.SQUAD_LEADER, "after", True),
        (Role.INSPECTOR, "after", False),
        (Role.OPERATOR, "after", False),
        (Role.TOWN_LEADER, "before", False),
        (Role.UNIT_DESK, "after", False),
    ],
)
def test_who_takes_which_photo(role, stage, may):
    issue = make.issue_in("handling")
    by = bureau.officer(issue.unit, role)

    if may:
        assert add_photo(issue, make.photo(), stage=stage, by=by, at=make.minutes(10)).stage == stage
    else:
        with pytest.raises(Refusal) as refused:
            add_photo(issue, make.photo(), stage=stage, by=by, at=make.minutes(10))
        assert refused.value.status == 403


def test_no_photo_is_added_to_what_is_over():
    issue = make.closed_issue()

    with pytest.raises(Refusal) as refused:
        add_photo(issue, make.photo(), stage="before", by=bureau.officer(None, Role.INSPECTOR), at=make.minutes(30))

    assert refused.value.status == 409


@pytest.mark.parametrize("outcome", ["fixed", "partly_fixed", "not_fixable"])
def test_these_outcomes_need_an_after_photo(outcome):
    issue = make.issue_in("handling")
    leader = make.crew(issue.unit)["squad_leader"]
    add_photo(issue, make.photo("red"), stage="before", by=leader, at=make.minutes(9))

    with pytest.raises(Refusal) as refused:
        move_issue(issue, "feed_back", by=leader, at=make.minutes(10), outcome=outcome)

    assert (refused.value.status, refused.value.code) == (422, "after_photo_required")
    issue.refresh_from_db()
    assert issue.status == Issue.Status.HANDLING


def test_an_after_photo_of_before_the_rework_is_not_enough():
    issue = make.issue_in("verifying")
    people = make.crew(issue.unit)
    move_issue(issue, "rework", by=people["inspector"], at=make.minutes(20), note="仍有")

    with pytest.raises(Refusal) as refused:
        move_issue(issue, "feed_back", by=people["squad_leader"], at=make.minutes(30), outcome="fixed")
    add_photo(issue, make.photo("green"), stage="after", by=people["squad_officer"], at=make.minutes(31))
    again = move_issue(issue, "feed_back", by=people["squad_leader"], at=make.minutes(32), outcome="fixed")

    assert refused.value.code == "after_photo_required"
    assert (again.status, again.rework_count) == (Issue.Status.HANDLED, 1)

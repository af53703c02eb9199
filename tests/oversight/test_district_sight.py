"""District supervision reads what was handed over to it, and of every other red light only the figures."""

from __future__ import annotations

import pytest

from bureau.desk.fence import fenced
from bureau.desk.models import Document, Entry
from bureau.models import Role
from cases.models import Case
from grid.actions import Caller
from grid.models import Issue
from oversight.models import Paper
from tests.make import bureau, cases, grid
from tests.make import oversight as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def mine(db):
    """A referral that was handed over, about an issue with a reporter and a photo."""
    make.real_calendar()
    one = make.candidate(reporter=Caller("张报人", "13900001234"), photos=[grid.photo()])
    return make.hand_over(one)


@pytest.fixture
def other(mine):
    """A red issue of the same unit with its papers, that nobody handed over."""
    make.urging_paper(mine.unit, address="别处路9号", photos=[grid.photo("red")])
    return Issue.objects.exclude(pk=mine.subject_id).get()


@pytest.fixture
def district(client, mine):
    client.force_login(make.seat(None, Role.DISTRICT_SUPERVISION, "district"))
    return client


def addresses_of(issue):
    photo = Document.objects.about(issue).photos().first()
    paper = Paper.objects.filter(subject_id=issue.pk).first()
    return [
        f"/issues/{issue.pk}/", f"/api/v1/issues/{issue.pk}/", f"/api/v1/issues/{issue.pk}/timeline/",
        photo.get_absolute_url(), paper.get_absolute_url(), f"{paper.get_absolute_url()}pdf/",
        f"/api/v1/notices/{paper.pk}/",
    ]  # fmt: skip


def test_it_opens_the_subject_its_papers_and_photos(district, mine):
    assert [district.get(address).status_code for address in addresses_of(mine.subject)] == [200] * 7


def test_what_was_not_handed_over_is_not_there(district, other):
    assert [district.get(address).status_code for address in addresses_of(other)] == [404] * 7


def test_before_the_hand_over_the_subject_is_not_there(db, client):
    make.real_calendar()
    one = make.proposed()
    client.force_login(make.seat(None, Role.DISTRICT_SUPERVISION, "district"))

    assert client.get(f"/issues/{one.subject_id}/").status_code == 404


def test_lists_and_the_feed_of_changes_hold_only_what_was_handed_over(district, mine, other):
    issues = district.get("/api/v1/issues/").json()["results"]
    notices = district.get("/api/v1/notices/").json()["results"]
    changed = fenced(Entry.objects.all(), make.seat(None, Role.DISTRICT_SUPERVISION, "district"))

    assert [one["id"] for one in issues] == [str(mine.subject_id)]
    assert {one["subject"]["id"] for one in notices} == {str(mine.subject_id)}
    assert {one.subject_id for one in changed} == {mine.subject_id, mine.pk}


def test_it_only_reads(district, mine):
    issue = f"/api/v1/issues/{mine.subject_id}/"

    refused = [
        district.post(f"{issue}moves/", {"verb": "accept"}, content_type="application/json").status_code,
        district.post(f"/issues/{mine.subject_id}/photos/", {"stage": "before", "file": grid.photo()}).status_code,
    ]

    assert district.get(issue).json()["moves"] == []
    assert refused[0] == 403
    assert Document.objects.about(mine.subject).photos().count() == 1


def test_it_never_learns_who_reported(district, mine):
    for address in (f"/issues/{mine.subject_id}/", f"/api/v1/issues/{mine.subject_id}/", mine.get_absolute_url()):
        page = district.get(address).content.decode()
        assert "13900001234" not in page
        assert "张报人" not in page


@pytest.mark.parametrize("address", ["/api/v1/red-lights/", "/red-lights/rows/?light=red"])
def test_it_knows_of_every_red_light_without_what_and_where(district, mine, other, address):
    told = district.get(address).content.decode()

    assert mine.subject.number in told
    assert other.number in told
    assert "别处路9号" not in told
    assert str(other.type) not in told


def test_a_case_that_was_not_handed_over_is_not_there(district):
    case = cases.opened_case(bureau.unit())

    assert not Case.objects.visible_to(make.seat(None, Role.DISTRICT_SUPERVISION, "district")).exists()
    assert district.get(f"/cases/{case.pk}/").status_code == 404

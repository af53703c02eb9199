"""Why this date, in the API: the spans of the clock's own working, and the sentence that says them."""

import pytest

from tests.make import bureau
from tests.make import grid as make

pytestmark = pytest.mark.django_db


def asked(client, issue, role="operator"):
    client.force_login(bureau.officer(issue.unit, role))
    clock = issue.clocks.running().get()
    return client.get(f"/api/v1/clocks/{clock.pk}/")


def test_a_clock_tells_the_spans_that_make_its_date(client):
    issue = make.dispatched_issue(type="C2")  # one working day from Monday 09:03

    why = asked(client, issue).json()["why"]

    assert [(span["kind"], span["from"][11:16], span["to"][11:16]) for span in why["spans"]] == [
        ("counted", "09:03", "12:00"),
        ("counted", "13:00", "18:00"),
        ("counted", "09:00", "09:03"),
    ]
    assert why["due_at"] == "2026-06-23T09:03:00+08:00"


def test_the_sentence_is_in_the_language_of_the_reader(client):
    issue = make.dispatched_issue(type="C2")

    why = asked(client, issue).json()["why"]

    assert why["sentence"].startswith("自2026-06-22 09:03起")


def test_a_clock_that_is_over_still_explains_itself(client):
    issue = make.handled_issue()
    client.force_login(bureau.officer(issue.unit, "operator"))
    clock = issue.clocks.get(kind="handling")

    answer = client.get(f"/api/v1/clocks/{clock.pk}/").json()

    assert answer["met_at"] is not None
    assert answer["why"]["limit"] == "4 working_hours"


def test_whoever_may_not_read_the_subject_finds_no_clock(client):
    issue = make.dispatched_issue()

    assert asked(client, issue, "finance").status_code == 404

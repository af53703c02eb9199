"""Asking about a limit on the page: what may be asked, what it would give, and the decision by another body."""

from __future__ import annotations

import pytest
import time_machine
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bureau.desk.models import ClockRequest
from bureau.desk.requests import Asked, ask, waiting_for
from bureau.models import Officer, Role
from grid.models import Issue
from tests.make import bureau, minutes
from tests.make import grid as make
from tests.make import oversight as make_oversight

pytestmark = pytest.mark.django_db
FOUR_MORE = Asked("extension", "large_scale", amount="4")


@pytest.fixture
def issue():
    make_oversight.real_calendar()
    return make.issue_in("handling")


@pytest.fixture
def at_half_past_nine():
    with time_machine.travel(minutes(30), tick=False):
        yield


def ask_url(issue, kind="extension"):
    return reverse("grid:request", args=[issue.pk, kind])


def as_role(client, issue, role):
    client.force_login(make.crew(issue.unit)[role])


def asked(client, issue):
    as_role(client, issue, "squad_leader")
    client.post(ask_url(issue), {"reason": "large_scale", "amount": "4", "words": ""})
    return ClockRequest.objects.get()


def test_the_page_of_the_issue_offers_what_may_be_asked_and_says_why_not_the_rest(client, issue, at_half_past_nine):
    asked(client, issue)

    page = client.get(issue.get_absolute_url()).content.decode()

    assert ask_url(issue, "suspension") in page
    assert "已有同类申请待决定" in page


def test_looking_first_shows_the_date_and_asks_nothing(client, issue, at_half_past_nine):
    as_role(client, issue, "squad_leader")

    page = client.post(ask_url(issue), {"reason": "evidence", "amount": "2", "step": "look"}).content.decode()

    assert "06-22 16:03" in page
    assert not ClockRequest.objects.exists()


def test_a_wrong_amount_keeps_what_was_typed_and_names_the_remedy(client, issue, at_half_past_nine):
    as_role(client, issue, "squad_leader")

    answer = client.post(ask_url(issue), {"reason": "evidence", "amount": "九"})

    assert answer.status_code == 400
    assert "九" in answer.content.decode()
    assert not ClockRequest.objects.exists()


def test_the_dispatcher_sees_the_new_date_and_grants(client, issue, at_half_past_nine):
    request = asked(client, issue)
    as_role(client, issue, "dispatcher")

    page = client.get(request.get_absolute_url()).content.decode()
    client.post(reverse("bureau:request-decide", args=[request.pk]), {"verb": "grant", "reason": "情况属实"})

    request.refresh_from_db()
    assert "2026-06-23 09:03" in page or "06-23 09:03" in page
    assert request.status == ClockRequest.Status.GRANTED


def test_a_decision_without_a_reason_is_asked_for_one(client, issue, at_half_past_nine):
    request = asked(client, issue)
    as_role(client, issue, "dispatcher")

    answer = client.post(reverse("bureau:request-decide", args=[request.pk]), {"verb": "refuse", "reason": ""})

    assert answer.status_code == 400
    assert ClockRequest.objects.get().is_pending


def test_whoever_asked_takes_it_back(client, issue, at_half_past_nine):
    request = asked(client, issue)

    client.post(reverse("bureau:request-withdraw", args=[request.pk]))

    assert ClockRequest.objects.get().status == ClockRequest.Status.WITHDRAWN


def test_the_list_shows_what_waits_and_says_so_when_nothing_does(client, issue, at_half_past_nine):
    client.force_login(bureau.officer(None, Role.SUPERVISION))
    empty = client.get(reverse("bureau:requests")).content.decode()
    asked(client, issue)

    as_role(client, issue, "dispatcher")
    page = client.get(reverse("bureau:requests")).content.decode()

    assert "没有待决定的申请" in empty
    assert issue.number in page


def test_the_list_runs_a_fixed_number_of_queries(client, issue, at_half_past_nine, django_assert_max_num_queries):
    asked(client, issue)
    as_role(client, issue, "dispatcher")

    with django_assert_max_num_queries(24):
        client.get(reverse("bureau:requests"))


# on the desk


def test_the_desk_of_who_decides_shows_the_request_and_that_of_others_does_not(client):
    issue = make.issue_in("handling")
    people = make.crew(issue.unit)
    request = ask(issue, FOUR_MORE, by=people["squad_leader"], at=minutes(30))
    shown = {}

    with time_machine.travel(minutes(40), tick=False):
        for role in ("dispatcher", "squad_leader", "operator"):
            client.force_login(people[role])
            shown[role] = request.get_absolute_url() in client.get("/desk/").content.decode()

    assert shown == {"dispatcher": True, "squad_leader": False, "operator": False}


def test_decisions_on_the_desk_cost_the_same_however_many(django_assert_num_queries):
    issues = [make.issue_in("handling") for _count in range(3)]
    people = make.crew(issues[0].unit)
    dispatcher = Officer.objects.get(pk=people["dispatcher"].pk)
    ContentType.objects.get_for_model(Issue)
    ask(issues[0], FOUR_MORE, by=people["squad_leader"], at=minutes(30))
    with CaptureQueriesContext(connection) as first:
        assert len(waiting_for(dispatcher, at=minutes(40))) == 1
    for issue in issues[1:]:
        ask(issue, FOUR_MORE, by=people["squad_leader"], at=minutes(30))

    with django_assert_num_queries(len(first) - 1):  # the postings are known by now
        assert len(waiting_for(dispatcher, at=minutes(40))) == 3


def test_who_decides_nothing_costs_no_question(django_assert_num_queries):
    officer = make.crew(bureau.unit())["squad_officer"]
    assert officer.roles_now

    with django_assert_num_queries(0):
        assert waiting_for(officer, at=minutes(40)) == []

"""Asking about a limit on the page: what may be asked, what it would give, and the decision by another body."""

from __future__ import annotations

import pytest
import time_machine
from django.urls import reverse

from bureau.desk.models import ClockRequest
from bureau.models import Role
from tests.make import bureau, minutes
from tests.make import grid as make
from tests.make import oversight as make_oversight

pytestmark = pytest.mark.django_db


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

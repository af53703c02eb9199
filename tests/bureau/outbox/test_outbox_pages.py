"""The pages of the outbox, my addresses, and the link that opens a message."""

import re

import pytest
from django.core import mail
from django.urls import reverse

from bureau.desk.models import Channel, Contact, Delivery, Notice
from bureau.desk.outbox import relay
from bureau.desk.outbox.channels import ADAPTERS
from bureau.desk.outbox.failures import Rejected
from bureau.models import Role
from tests import make
from tests.bureau.outbox.kit import NOON, Way, notice, queued, spread

pytestmark = pytest.mark.django_db
QUERIES = 14


@pytest.fixture
def leader():
    return make.officer(make.unit("qibao"), Role.SQUAD_LEADER)


@pytest.fixture
def subject():
    issue = make.reported_issue(make.unit("qibao"))
    Notice.objects.update(sent_at=NOON)
    return issue


@pytest.fixture
def admin(client):
    person = make.officer(None, Role.SYSADMIN)
    client.force_login(person)
    return person


def dead(subject, leader, monkeypatch, key="one"):
    monkeypatch.setitem(ADAPTERS, Channel.MAIL, Way(Rejected("recipient_refused 550")))
    one = queued(subject, leader, key, params={"paper": f"{key}号"})
    relay(Channel.MAIL, at=NOON)
    return one


def test_dead_letters_are_listed_with_their_reason_and_without_an_address(client, admin, subject, leader, monkeypatch):
    dead(subject, leader, monkeypatch)

    page = client.get(reverse("bureau:outbox")).content.decode()

    assert "催办通知书 one号" in page
    assert "对方服务器没有这个地址。（550）" in page
    assert "example.org" not in page
    assert "七莘路" not in page


def test_the_list_runs_a_fixed_number_of_queries(
    client, admin, subject, leader, monkeypatch, django_assert_num_queries
):
    dead(subject, leader, monkeypatch)
    client.get(reverse("bureau:outbox"))
    with django_assert_num_queries(QUERIES):
        client.get(reverse("bureau:outbox"))
    for number in range(3):
        dead(subject, leader, monkeypatch, f"more{number}")

    with django_assert_num_queries(QUERIES):
        client.get(reverse("bureau:outbox"))


@pytest.mark.parametrize("state", ["dead", "waiting", "sent", "dropped", "nonsense"])
def test_an_empty_list_says_so(client, admin, state):
    page = client.get(reverse("bureau:outbox"), {"state": state})

    assert page.status_code == 200
    assert 'class="empty' in page.content.decode()


def test_a_dead_letter_is_tried_again_or_set_aside_by_hand(client, admin, subject, leader, monkeypatch):
    one = dead(subject, leader, monkeypatch)

    without_reason = client.post(one.get_absolute_url(), {"verb": "drop", "note": ""})
    client.post(one.get_absolute_url(), {"verb": "retry"})

    one.refresh_from_db()
    assert without_reason.status_code == 400
    assert one.state == "queued"
    assert client.post(one.get_absolute_url(), {"verb": "retry"}).status_code == 409


def test_the_auditor_looks_and_touches_nothing(client, subject, leader, monkeypatch):
    one = dead(subject, leader, monkeypatch)
    client.force_login(make.officer(None, Role.AUDITOR))

    assert client.get(one.get_absolute_url()).status_code == 200
    assert client.post(one.get_absolute_url(), {"verb": "retry"}).status_code == 403


@pytest.mark.parametrize("role", [Role.DIRECTOR, Role.SQUAD_LEADER, Role.SUPERVISION])
def test_nobody_else_finds_the_outbox(client, role):
    client.force_login(make.officer(make.unit("qibao"), role))

    assert client.get(reverse("bureau:outbox")).status_code == 404


def test_a_message_stuck_inside_the_portal_is_let_go_by_hand(client, admin, subject, leader):
    one = notice(subject, to_officer=leader)
    Notice.objects.filter(pk=one.pk).update(tries=5, retry_at=NOON)

    client.post(reverse("bureau:outbox"), {"message": str(one.pk)})

    assert spread() == 1
    assert client.post(reverse("bureau:outbox"), {"message": "nonsense"}).status_code == 404


def test_the_link_of_a_message_asks_to_sign_in_then_marks_it_read_and_opens_the_subject(client, subject, leader):
    one = notice(subject, to_officer=leader)
    spread()
    address = reverse("bureau:message", args=[one.pk])

    stranger = client.get(address)
    assert one.receipts.count() == 0
    client.force_login(leader)
    reader = client.get(address)

    assert stranger["Location"].startswith("/sign-in/?next=")
    assert reader["Location"] == subject.get_absolute_url()
    assert one.receipts.get().officer == leader


def test_an_address_takes_messages_only_after_its_own_person_opened_the_link_that_went_there(client, subject, leader):
    client.force_login(leader)
    client.post(reverse("contacts"), {"address": "leader@example.org"})
    notice(subject, to_officer=leader)
    spread()
    assert Delivery.objects.count() == 1, "the link alone"
    relay(Channel.MAIL, at=Delivery.objects.get().due_at)
    (link,) = re.findall(r"http\S+", mail.outbox[0].body)
    path = link.removeprefix("http://127.0.0.1:8000")

    client.force_login(make.officer(make.unit("qibao"), Role.SQUAD_LEADER))
    client.get(path)
    assert Contact.objects.get().confirmed_at is None, "another person's click confirms nothing"
    client.force_login(leader)
    client.get(path)

    assert Contact.objects.get().confirmed_at is not None
    assert client.get(reverse("contacts") + "?token=nonsense").status_code == 302


def test_naming_another_address_ends_the_former_one(client, leader):
    client.force_login(leader)
    for name in ("old", "new"):
        client.post(reverse("contacts"), {"address": f"{name}@example.org"})

    assert dict(Contact.objects.values_list("address", "ended_at"))["new@example.org"] is None
    assert Contact.objects.filter(ended_at=None).count() == 1
    client.post(reverse("contacts"), {"verb": "end", "channel": "mail"})
    assert not Contact.objects.filter(ended_at=None).exists()


def test_what_is_no_address_is_told_at_its_field(client, leader):
    client.force_login(leader)

    page = client.post(reverse("contacts"), {"address": "nonsense"})

    assert page.status_code == 400
    assert "请填写电子邮箱地址" in page.content.decode()
    assert not Contact.objects.exists()

"""E-mail through a real SMTP server on loopback: what it answers decides what becomes of the message."""

import socket
from email import message_from_bytes
from email.header import decode_header, make_header

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from django.test import override_settings

from bureau.desk.models import Channel, Notice
from bureau.desk.outbox import relay
from bureau.models import Role
from config.environment import mail_of
from tests import make
from tests.bureau.outbox.kit import NOON, contact, queued
from tests.conftest import free_port

pytestmark = pytest.mark.django_db


class Server:
    """A post office that knows `full`, `unknown` and `refused` addresses and takes every other letter."""

    def __init__(self):
        self.letters = []

    async def handle_RCPT(self, server, session, envelope, address, options):
        answers = {"unknown": "550 no such user", "full": "452 mailbox full"}
        answer = answers.get(address.partition("@")[0])
        if answer is None:
            envelope.rcpt_tos.append(address)
        return answer or "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if envelope.rcpt_tos[0].startswith("refused"):
            return "554 refused"
        self.letters.append(message_from_bytes(envelope.content))
        return "250 OK"


@pytest.fixture
def server():
    office = Server()
    controller = Controller(office, hostname="127.0.0.1", port=free_port())
    controller.start()
    with post_office(f"smtp://127.0.0.1:{controller.port}"):
        yield office
    controller.stop()


def post_office(url):
    return override_settings(EMAIL_URL=url, **mail_of(url) | {"EMAIL_TIMEOUT": 1})


@pytest.fixture
def subject():
    issue = make.reported_issue(make.unit("qibao"))
    Notice.objects.update(sent_at=NOON)
    return issue


def letter_to(subject, address, key="one"):
    leader = make.officer(make.unit("qibao"), Role.SQUAD_LEADER)
    contact(leader, address=address)
    return queued(subject, leader, key)


def outcome(delivery):
    relay(Channel.MAIL, at=NOON)
    delivery.refresh_from_db()
    return delivery.state, delivery.why


def test_a_letter_arrives_with_paper_and_link_and_an_id_that_stays_the_same(server, subject):
    one = letter_to(subject, "leader@example.org")

    assert outcome(one) == ("sent", "")

    (letter,) = server.letters
    assert str(make_header(decode_header(letter["Subject"]))) == "〔执法综合门户〕催办通知书 闵城管催〔2026〕1号"
    assert letter["Message-ID"] == f"<{one.pk}@localhost>"
    body = letter.get_payload(decode=True).decode()
    assert f"/messages/{one.notice_id}/" in body
    assert "七莘路" not in body


@pytest.mark.parametrize(
    ("address", "end"),
    [
        ("unknown@example.org", ("dead", "recipient_refused 550")),
        ("full@example.org", ("queued", "recipient_deferred 452")),
        ("refused@example.org", ("dead", "content_refused 554")),
    ],
)
def test_what_the_server_answers_decides(server, subject, address, end):
    assert outcome(letter_to(subject, address)) == end


def test_one_unknown_address_does_not_hold_up_the_letter_behind_it(server, subject):
    letter_to(subject, "unknown@example.org")
    good = letter_to(subject, "good@example.org", "two")

    assert outcome(good) == ("sent", "")


def test_a_server_that_is_away_costs_no_letter_a_try(subject):
    one = letter_to(subject, "leader@example.org")

    with post_office(f"smtp://127.0.0.1:{free_port()}"):
        assert outcome(one) == ("queued", "")
    assert one.tries == 0


def test_a_server_that_hangs_is_left_after_its_time(subject):
    one = letter_to(subject, "leader@example.org")
    with socket.create_server(("127.0.0.1", 0)) as silent, post_office(f"smtp://127.0.0.1:{silent.getsockname()[1]}"):
        assert outcome(one) == ("queued", "")


def test_a_refused_sign_in_is_the_ways_fault_and_not_the_letters(subject):
    refuse = Controller(
        Server(), hostname="127.0.0.1", port=free_port(), auth_require_tls=False, auth_required=True,
        authenticator=lambda *_all: AuthResult(success=False),
    )  # fmt: skip
    refuse.start()
    one = letter_to(subject, "leader@example.org")
    try:
        with post_office(f"smtp://portal:wrong@127.0.0.1:{refuse.port}"):
            assert outcome(one) == ("queued", "")
    finally:
        refuse.stop()


def test_without_a_server_no_letter_is_queued(subject):
    with override_settings(EMAIL_URL=""):
        leader = make.officer(make.unit("qibao"), Role.SQUAD_LEADER)
        contact(leader)
        with pytest.raises(Exception, match="does not exist"):
            queued(subject, leader)

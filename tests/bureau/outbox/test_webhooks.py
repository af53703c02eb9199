"""Webhooks over real HTTP to a server on this machine: signed, tried again, replayed, and never let inside."""

import base64
import hashlib
import hmac
import json
import socket
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network

import pytest
from django.urls import reverse

from bureau.desk.models import Channel, Delivery, Notice, Subscription
from bureau.desk.outbox import relay
from bureau.desk.outbox.addresses import check_url
from bureau.desk.outbox.subscriptions import replay, subscribe, unsubscribe
from bureau.desk.refusal import BadValue, IllegalTransition, NotYourMove
from bureau.models import Role
from tests import make
from tests.bureau.outbox.kit import NOON, notice, spread

pytestmark = pytest.mark.django_db


class System(ThreadingHTTPServer):
    """A partner's system: it keeps what came and answers as told, 204 unless told otherwise."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Answer)
        self.came, self.answers = [], []
        self.url = f"http://localhost:{self.server_port}/hooks?of=us"


class Answer(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.came.append((self.path, self.headers, body))
        status = self.server.answers.pop(0) if self.server.answers else 204
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_all):
        pass


@pytest.fixture
def system():
    system = System()
    thread = threading.Thread(target=system.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield system
    system.shutdown()
    system.server_close()
    thread.join()


@pytest.fixture
def admin():
    return make.officer(None, Role.SYSADMIN)


@pytest.fixture
def squad():
    return make.squad(make.unit("qibao"))


@pytest.fixture
def subject():
    issue = make.reported_issue(make.unit("qibao"))
    Notice.objects.update(sent_at=NOON)
    return issue


def told(subject, squad, key="one", **said):
    one = notice(subject, key, to_organisation=squad, to_role=Role.SQUAD_LEADER, **said)
    spread()
    return one


def knock(at=NOON):
    relay(Channel.WEBHOOK, at=at)


def test_a_system_gets_number_paper_and_kind_signed_as_standard_webhooks_say(system, admin, squad, subject):
    webhook = subscribe(squad, system.url, by=admin, at=NOON)
    one = told(subject, squad)

    knock()

    ((path, headers, body),) = system.came
    sent = Delivery.objects.get()
    key = base64.b64decode(webhook.secret.removeprefix("whsec_"))
    stamp = str(int(NOON.timestamp()))
    digest = hmac.new(key, f"{sent.pk}.{stamp}.".encode() + body, hashlib.sha256).digest()
    assert path == "/hooks?of=us"
    assert headers["Host"] == f"localhost:{system.server_port}"
    assert (headers["webhook-id"], headers["webhook-timestamp"]) == (str(sent.pk), stamp)
    assert headers["webhook-signature"] == f"v1,{base64.b64encode(digest).decode()}"
    assert json.loads(body) == {
        "type": "clock_urge",
        "timestamp": "2026-06-22T02:00:00+00:00",
        "organisation": squad.code,
        "subject_type": "issue",
        "subject_id": str(subject.pk),
        "number": "20260622-0001",
        "paper": "闵城管催〔2026〕1号",
        "url": f"http://127.0.0.1:8000/messages/{one.pk}/",
    }
    assert sent.state == "sent"


def test_a_system_is_told_what_its_own_organisation_is_told_and_only_the_kinds_it_asked_for(
    system, admin, squad, subject
):
    subscribe(squad, system.url, ["clock_urge"], by=admin, at=NOON)
    told(subject, squad, "other kind", kind="clock_warn")
    told(subject, make.squad(make.unit("meilong")), "other squad")
    told(subject, squad, "ours")

    assert [one.notice.dedupe_key for one in Delivery.objects.all()] == ["ours"]


@pytest.mark.parametrize("status", [500, 404, 302, 429])
def test_what_is_not_taken_is_tried_again_under_the_same_id_and_no_redirect_is_followed(
    system, admin, squad, subject, status
):
    subscribe(squad, system.url, by=admin, at=NOON)
    told(subject, squad)
    system.answers = [status]

    knock()
    knock(NOON + timedelta(seconds=30))

    paths, headers, _bodies = zip(*system.came, strict=True)
    assert set(paths) == {"/hooks?of=us"}
    assert len({head["webhook-id"] for head in headers}) == 1
    assert Delivery.objects.get().state == "sent"


def test_a_system_that_says_gone_is_not_tried_again(system, admin, squad, subject):
    subscribe(squad, system.url, by=admin, at=NOON)
    told(subject, squad)
    system.answers = [410]

    knock()

    assert (Delivery.objects.get().state, Delivery.objects.get().why) == ("dead", "gone 410")


def test_a_system_that_is_away_holds_up_no_other_system(system, admin, squad, subject):
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        subscribe(squad, f"http://127.0.0.1:{line.getsockname()[1]}/", by=admin, at=NOON)
        subscribe(squad, system.url, by=admin, at=NOON)
        for number in range(3):
            told(subject, squad, f"{number}", params={"number": f"{number}"})

        knock()

    assert len(system.came) == 3
    tried = Delivery.objects.exclude(subscription__url=system.url).values_list("tries", flat=True)
    assert sorted(tried) == [0, 0, 1], "after its first failure the system is left alone for this knock"


def test_a_name_that_leads_inside_is_refused_although_it_looks_public(
    system, admin, squad, subject, settings, monkeypatch
):
    settings.WEBHOOK_NETWORKS = []
    inside = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", system.server_port))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_all, **_said: inside)
    subscribe(squad, f"https://public.example.org:{system.server_port}/", by=admin, at=NOON)
    told(subject, squad)

    knock()

    assert system.came == []
    assert (Delivery.objects.get().state, Delivery.objects.get().why) == ("dead", "forbidden_address")


def test_a_name_is_looked_up_once_and_spoken_to_by_the_number_that_was_checked(
    system, admin, squad, subject, monkeypatch
):
    subscribe(squad, system.url, by=admin, at=NOON)
    told(subject, squad)
    asked, plain = [], socket.getaddrinfo

    def rebinding(host, *args, **said):
        asked.append(host)
        is_first = len(asked) == 1
        return plain("203.0.113.1" if host == "localhost" and not is_first else host, *args, **said)

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)

    knock()

    assert len(system.came) == 1
    assert asked.count("localhost") == 1


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.org/", "nonsense", "https://", "https://user:word@example.org/", "https://example.org/#part",
        "http://example.org:99999/", "https://127.0.0.1/", "https://10.1.2.3/", "https://169.254.169.254/latest/",
        "https://[::1]/", "https://[::ffff:10.0.0.1]/", "https://[64:ff9b::a00:1]/", "https://0.0.0.0/",
        "https://192.168.1.1/", "https://224.0.0.1/", "http://8.8.8.8/", "https://[fe80::1]/", "https://[fc00::1]/",
    ],
)  # fmt: skip
def test_what_can_never_be_an_address_of_a_webhook_is_told_at_its_field(url, settings):
    settings.WEBHOOK_NETWORKS = []

    with pytest.raises(BadValue) as refused:
        check_url(url)

    assert refused.value.pointer == "/url"


def test_a_network_of_the_administration_is_reached_when_the_setting_names_it(settings):
    settings.WEBHOOK_NETWORKS = [ip_network("10.1.0.0/16")]

    assert check_url("http://10.1.2.3/hooks") == "http://10.1.2.3/hooks"


def test_what_was_sent_since_an_instant_is_sent_again_under_the_same_ids_and_it_is_logged(
    system, admin, squad, subject
):
    webhook = subscribe(squad, system.url, by=admin, at=NOON)
    told(subject, squad, "early", at=NOON - timedelta(hours=2))
    Delivery.objects.update(queued_at=NOON - timedelta(hours=2))
    told(subject, squad, "late")
    knock()

    count = replay(webhook, since=NOON - timedelta(hours=1), by=admin, at=NOON)
    knock()

    ids = [headers["webhook-id"] for _path, headers, _body in system.came]
    assert count == 1
    assert len(ids) == 3
    assert len(set(ids)) == 2


def test_an_ended_webhook_gets_nothing_and_is_not_replayed(system, admin, squad, subject):
    webhook = subscribe(squad, system.url, by=admin, at=NOON)
    told(subject, squad)
    unsubscribe(webhook, by=admin, at=NOON)
    told(subject, squad, "later")

    knock()

    assert system.came == []
    assert Delivery.objects.get().state == "dropped"
    with pytest.raises(IllegalTransition):
        replay(webhook, since=NOON, by=admin, at=NOON)


def test_only_an_administrator_tells_a_system_anything(squad):
    with pytest.raises(NotYourMove):
        subscribe(squad, "https://example.org/", by=make.officer(None, Role.DIRECTOR), at=NOON)


def test_the_secret_is_shown_once_on_the_page(client, admin, squad):
    client.force_login(admin)

    made = client.post(
        reverse("bureau:webhooks"),
        {"organisation": squad.code, "url": "https://system.example.org/", "kinds": ["clock_urge"]},
    ).content.decode()

    webhook = Subscription.objects.get()
    assert webhook.secret in made
    assert webhook.secret not in client.get(webhook.get_absolute_url()).content.decode()
    assert webhook.secret not in client.get(reverse("bureau:webhooks")).content.decode()


def test_the_pages_replay_end_and_tell_what_is_wrong(client, admin, squad):
    client.force_login(admin)
    webhook = subscribe(squad, "https://system.example.org/", by=admin, at=NOON)
    page = webhook.get_absolute_url()

    wrong = client.post(reverse("bureau:webhooks"), {"organisation": squad.code, "url": "nonsense"})
    unknown_time = client.post(page, {"verb": "replay", "since": "never"})
    again = client.post(page, {"verb": "replay", "since": "2026-06-22T10:00"})
    client.post(page, {"verb": "end"})

    webhook.refresh_from_db()
    assert (wrong.status_code, unknown_time.status_code, again.status_code) == (400, 400, 302)
    assert webhook.ended_at is not None
    assert client.post(page, {"verb": "end"}).status_code == 409


def test_the_list_of_webhooks_runs_a_fixed_number_of_queries(client, admin, squad, django_assert_num_queries):
    client.force_login(admin)
    subscribe(squad, "https://system.example.org/", by=admin, at=NOON)
    client.get(reverse("bureau:webhooks"))
    with django_assert_num_queries(10):
        client.get(reverse("bureau:webhooks"))
    subscribe(squad, "https://other.example.org/", by=admin, at=NOON)

    with django_assert_num_queries(10):
        client.get(reverse("bureau:webhooks"))

"""WeChat Work and the text-message gateway, against stand-ins on this machine that speak their protocols."""

import json
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse

from bureau.desk.models import Channel, Contact, Delivery, Lane, Notice
from bureau.desk.outbox import binding, relay
from bureau.desk.refusal import BadValue
from bureau.models import Role
from config.environment import sms_fields_of, wecom_of
from tests import make
from tests.bureau.outbox.kit import NOON, contact, queued

pytestmark = pytest.mark.django_db


class StandIn(ThreadingHTTPServer):
    """A server that keeps what came and lets `answer(handler, path, query, body)` say what goes back."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.came = []


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        parts = urlsplit(self.path)
        length = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(length)) if length else None
        query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        self.server.came.append((parts.path, query, body, self.headers))
        status, answer = self.server.answer(parts.path, query, body, self.headers)
        data = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_POST = do_GET

    def log_message(self, *_all):
        pass


class Platform(StandIn):
    """WeChat Work: one application, members by name, tokens that can be made stale."""

    def __init__(self):
        super().__init__()
        self.tokens, self.valid, self.secret, self.next_code = 0, "", "word", 0

    def answer(self, path, query, body, headers):
        if path == "/cgi-bin/gettoken":
            if (query["corpid"], query["corpsecret"]) != ("corp", self.secret):
                return 200, {"errcode": 40001, "errmsg": "invalid credential"}
            self.tokens += 1
            self.valid = f"token-{self.tokens}"
            return 200, {"errcode": 0, "errmsg": "ok", "access_token": self.valid, "expires_in": 7200}
        if query.get("access_token") != self.valid:
            return 200, {"errcode": 42001, "errmsg": "access_token expired"}
        if self.next_code:
            return 200, {"errcode": self.next_code, "errmsg": "no"}
        if path == "/cgi-bin/message/send":
            known = body["touser"] != "nobody"
            return 200, {"errcode": 0, "errmsg": "ok", "invaliduser": "" if known else body["touser"], "msgid": "1"}
        assert path == "/cgi-bin/auth/getuserinfo"
        is_good = query["code"] == "scanned"
        return 200, {"errcode": 0, "userid": "zhangsan"} if is_good else {"errcode": 40029, "errmsg": "invalid code"}


class Gateway(StandIn):
    status = 200

    def answer(self, path, query, body, headers):
        is_known = headers["Authorization"] == "Bearer word"
        return (self.status if is_known else 401), {}


def serving(server):
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def platform(settings):
    cache.clear()
    server = Platform()
    settings.WECOM = wecom_of(f"wecom+http://corp:word@127.0.0.1:{server.server_port}/?agent=1000002")
    yield from serving(server)
    cache.clear()


@pytest.fixture
def gateway(settings):
    server = Gateway()
    settings.SMS_URL, settings.SMS_TOKEN = f"http://127.0.0.1:{server.server_port}/send", "word"
    settings.SMS_FIELDS = {"id": "serial", "to": "phone", "text": "content"}
    yield from serving(server)


@pytest.fixture
def subject():
    issue = make.reported_issue(make.unit("qibao"))
    Notice.objects.update(sent_at=NOON)
    return issue


@pytest.fixture
def leader():
    return make.officer(make.unit("meilong"), Role.SQUAD_LEADER)


def outcome(delivery, channel, *, at=NOON):
    relay(channel, at=at)
    delivery.refresh_from_db()
    return delivery.state, delivery.why


# WeChat Work


def test_a_text_card_goes_to_the_member_with_title_and_link_only(platform, subject, leader):
    contact(leader, Channel.WECOM, "zhangsan")
    one = queued(subject, leader)

    assert outcome(one, Channel.WECOM) == ("sent", "")

    ((path, query, card, _headers),) = [came for came in platform.came if came[0] != "/cgi-bin/gettoken"]
    assert (path, query) == ("/cgi-bin/message/send", {"access_token": "token-1"})
    assert (card["touser"], card["msgtype"], card["agentid"]) == ("zhangsan", "textcard", 1000002)
    assert card["enable_duplicate_check"] == 1
    assert card["textcard"]["title"] == "〔执法综合门户〕催办通知书 闵城管催〔2026〕1号"
    assert card["textcard"]["url"].endswith(f"/messages/{one.notice_id}/")
    assert "七莘路" not in json.dumps(card, ensure_ascii=False)


def test_the_token_is_fetched_once_and_anew_when_it_has_gone_stale(platform, subject, leader):
    contact(leader, Channel.WECOM, "zhangsan")
    for number in range(3):
        one = queued(subject, leader, f"{number}", params={"number": f"{number}"})
        if number == 2:
            platform.valid = "another"
        assert outcome(one, Channel.WECOM) == ("sent", "")

    assert platform.tokens == 2


@pytest.mark.parametrize(
    ("code", "end", "is_closed"),
    [
        (60111, ("dead", "recipient_refused 60111"), False),
        (45009, ("queued", ""), True),
        (-1, ("queued", ""), True),
        (40008, ("queued", "answered 40008"), False),
    ],
)
def test_what_the_platform_answers_decides(platform, subject, leader, code, end, is_closed):
    contact(leader, Channel.WECOM, "zhangsan")
    one = queued(subject, leader)
    platform.next_code = code

    assert outcome(one, Channel.WECOM) == end
    assert Lane.objects.filter(channel=Channel.WECOM, failures__gt=0).exists() is is_closed


def test_a_member_that_is_not_there_is_refused_for_good(platform, subject, leader):
    contact(leader, Channel.WECOM, "nobody")

    assert outcome(queued(subject, leader), Channel.WECOM) == ("dead", "recipient_refused")


def test_a_refused_application_closes_the_way_and_costs_no_message_a_try(platform, subject, leader):
    contact(leader, Channel.WECOM, "zhangsan")
    one = queued(subject, leader)
    platform.secret = "another"

    assert outcome(one, Channel.WECOM) == ("queued", "")
    assert one.tries == 0
    assert Lane.objects.get(channel=Channel.WECOM).why == "sign_in_refused 40001"


def test_scanning_the_code_binds_the_account_once(client, platform, leader):
    client.force_login(leader)
    page = client.post(reverse("contacts"), {"verb": "wecom"})
    waiting = Contact.objects.get()
    assert "data:image/svg+xml" in page.content.decode()
    asked = parse_qs(urlsplit(binding.scan_url(waiting)).query)
    assert asked["redirect_uri"] == ["http://127.0.0.1:8000/bind/wecom/"]
    (state,) = asked["state"]
    assert state.isalnum()
    assert len(state) <= 128
    client.logout()

    first = client.get(reverse("bind-wecom"), {"code": "scanned", "state": state})
    second = client.get(reverse("bind-wecom"), {"code": "scanned", "state": state})

    bound = Contact.objects.get()
    assert (first.status_code, second.status_code) == (200, 410)
    assert (bound.officer, bound.address, bound.is_confirmed) == (leader, "zhangsan", True)


@pytest.mark.parametrize("wrong", ["state", "code", "old"])
def test_a_wrong_or_old_scan_binds_nothing(client, platform, leader, wrong):
    waiting = binding.ask_for_wecom(leader, at=NOON)
    if wrong != "old":
        Contact.objects.update(asked_at=binding.Contact.objects.get().asked_at + timedelta(days=3650))
    said = {"code": "scanned", "state": binding.ticket_of(waiting)}
    if wrong == "state":
        said["state"] = said["state"][:-1] + ("0" if said["state"][-1] != "0" else "1")
    elif wrong == "code":
        said["code"] = "invented"

    answer = client.get(reverse("bind-wecom"), said)

    assert answer.status_code == 410
    assert Contact.objects.get().address == ""
    if wrong != "code":
        assert platform.came == [], "the platform is not even asked"


# text messages


def test_the_gateway_gets_its_own_names_of_the_fields(gateway, subject, leader):
    contact(leader, Channel.SMS, "13800000000")
    one = queued(subject, leader)

    assert outcome(one, Channel.SMS) == ("sent", "")

    ((_path, _query, body, _headers),) = gateway.came
    assert (body["serial"], body["phone"]) == (str(one.pk), "13800000000")
    assert body["content"].startswith("〔执法综合门户〕催办通知书 闵城管催〔2026〕1号 http")


@pytest.mark.parametrize(
    ("status", "end"),
    [
        (422, ("dead", "recipient_refused 422")),
        (503, ("queued", "answered 503")),
        (401, ("queued", "")),
    ],
)
def test_what_the_gateway_answers_decides(gateway, subject, leader, status, end):
    contact(leader, Channel.SMS, "13800000000")
    gateway.status = status

    assert outcome(queued(subject, leader), Channel.SMS) == end


def test_a_number_is_confirmed_by_the_code_that_arrived_there(client, gateway, leader):
    client.force_login(leader)
    client.post(reverse("contacts"), {"verb": "mobile", "mobile": "13800000000"})
    sent = Delivery.objects.get()
    relay(Channel.SMS, at=sent.due_at)
    text = gateway.came[0][2]["content"]
    code = "".join(sign for sign in text if sign.isdigit())[:6]

    wrong = client.post(reverse("contacts"), {"verb": "code", "code": f"{(int(code) + 1) % 1_000_000:06}"})
    assert wrong.status_code == 400
    client.post(reverse("contacts"), {"verb": "code", "code": code})

    assert Contact.objects.get().is_confirmed


def test_a_code_dies_after_ten_minutes_and_after_five_wrong_ones(gateway, leader):
    one = binding.ask_for_mobile(leader, "13800000000", at=NOON)
    code = binding.code_of(one)
    wrong = f"{(int(code) + 1) % 1_000_000:06}"

    with pytest.raises(BadValue) as late:
        binding.confirm_by_code(leader, code, at=NOON + timedelta(minutes=11))
    for _try in range(5):
        with pytest.raises(BadValue):
            binding.confirm_by_code(leader, wrong, at=NOON)
    with pytest.raises(BadValue) as exhausted:
        binding.confirm_by_code(leader, code, at=NOON)

    assert (late.value.code, exhausted.value.code) == ("code_over", "code_over")


def test_nobodys_telephone_is_flooded_with_codes(gateway, leader):
    for minute in range(5):
        binding.ask_for_mobile(leader, "13800000000", at=NOON + timedelta(minutes=minute))

    with pytest.raises(binding.TooMany):
        binding.ask_for_mobile(leader, "13800000001", at=NOON + timedelta(minutes=6))
    binding.ask_for_mobile(leader, "13800000001", at=NOON + timedelta(minutes=61))


def test_a_way_that_is_off_is_not_offered(client, leader):
    client.force_login(leader)

    page = client.get(reverse("contacts")).content.decode()

    assert "手机号码" not in page
    assert client.post(reverse("contacts"), {"verb": "wecom"}).status_code == 404


# settings


@pytest.mark.parametrize("url", ["https://corp:word@host/?agent=1", "wecom://host/?agent=1", "wecom://corp:word@host/"])
def test_a_wecom_address_that_lacks_something_is_refused_by_name(url):
    with pytest.raises(ImproperlyConfigured, match="WECOM_URL"):
        wecom_of(url)


def test_fields_of_the_gateway_are_named_or_refused():
    assert sms_fields_of([]) == {"id": "id", "to": "mobile", "text": "text"}
    with pytest.raises(ImproperlyConfigured, match="SMS_FIELDS"):
        sms_fields_of(["phone=to"])

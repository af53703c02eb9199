from datetime import timedelta

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from bureau.desk.keys import issue_key, revoke_key
from bureau.desk.models import ApiKey
from bureau.desk.refusal import BadValue
from bureau.models import Role
from tests.api.callers import V1, by_key, by_partner
from tests.make import bureau as make

pytestmark = pytest.mark.django_db


def with_header(header: str):
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=header)
    return client.get(f"{V1}/me/")


def test_a_personal_key_acts_as_its_person():
    officer = make.officer(make.unit(), Role.SQUAD_LEADER)

    told = by_key(officer).get(f"{V1}/me/").json()

    assert told["username"] == officer.username
    assert told["roles"] == ["squad_leader"]
    assert told["scope"]["units"] == ["310112102"]
    assert told["key"]["kind"] == "personal"


def test_a_partner_key_holds_the_post_of_partner_and_no_other():
    told = by_partner().get(f"{V1}/me/").json()

    assert told["roles"] == ["partner"]
    assert told["scope"] == {"units": [], "organisations": ["partner"]}


def test_only_the_hash_of_a_key_is_kept():
    key, plain = issue_key(make.officer(make.unit()), at=timezone.now())

    assert plain not in str(ApiKey.objects.filter(pk=key.pk).values())


def test_a_personal_key_lives_at_most_thirty_days():
    now = timezone.now()

    with pytest.raises(BadValue):
        issue_key(make.officer(make.unit()), at=now, expires_at=now + timedelta(days=31))


def test_expired_revoked_malformed_and_unknown_keys_get_the_same_401():
    officer, now = make.officer(make.unit()), timezone.now()
    _, expired = issue_key(officer, at=now - timedelta(days=31))
    gone, revoked = issue_key(officer, at=now)
    revoke_key(gone, at=now)
    _, good = issue_key(officer, at=now)
    sent = [expired, revoked, good + "\n", good + " x", "mh_" + "a" * 43, "é", ""]

    answers = [with_header(f"Bearer {plain}") for plain in sent] + [with_header(f"Basic {good}")]

    assert {answer.status_code for answer in answers} == {401}
    assert len({answer["WWW-Authenticate"] for answer in answers}) == 1
    assert len({(a.json()["code"], a.json()["detail"], str(a.json()["errors"])) for a in answers}) == 1
    assert with_header(f"Bearer {good}").status_code == 200


def test_a_key_of_a_person_who_left_is_refused():
    officer = make.officer(make.unit())
    client = by_key(officer)

    officer.is_active = False
    officer.save()

    assert client.get(f"{V1}/me/").status_code == 401


def test_the_check_of_a_key_costs_two_queries(django_assert_num_queries):
    client = by_key(make.officer(make.unit()))

    with django_assert_num_queries(2):  # the key with its person; the postings
        client.get(f"{V1}/me/")


@pytest.mark.parametrize(("scopes", "status"), [([], 200), (["me"], 200), (["me:read"], 200), (["read"], 200)])
def test_a_scope_that_covers_the_list_lets_in(scopes, status):
    assert by_key(make.officer(make.unit()), scopes=scopes).get(f"{V1}/me/").status_code == status


@pytest.mark.parametrize("scopes", [["write"], ["me:write"], ["issues"]])
def test_a_scope_for_something_else_does_not(scopes):
    response = by_key(make.officer(make.unit()), scopes=scopes).get(f"{V1}/me/")

    assert response.status_code == 403
    assert response.json()["code"] == "scope_missing"


def test_too_many_requests_are_told_when_to_come_back(settings):
    settings.API_RATES = {"key": 2}
    client = by_key(make.officer(make.unit()))

    answers = [client.get(f"{V1}/codes/lights/") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert 1 <= int(answers[2]["Retry-After"]) <= 60
    assert answers[2].json()["code"] == "too_many_requests"


def test_a_stranger_is_counted_by_the_real_peer_whatever_it_says_of_itself(settings, client):
    settings.API_RATES = {"address": 3}
    sent = [{"HTTP_X_FORWARDED_FOR": f"203.0.113.{n}", "REMOTE_ADDR": "198.51.100.7"} for n in range(5)]

    answers = [client.get(f"{V1}/me/", **headers).status_code for headers in sent]

    assert answers == [401, 401, 401, 429, 429]

"""People, their posts and certificates, and the accounts of a demonstration."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client, override_settings

from bureau import demo
from bureau.actions import certify_officer, end_posting, enrol_officer, post_officer
from bureau.loaders.units import load
from bureau.models import ApiKey, Certificate, Officer, Organisation, Posting, Role
from tests import make
from tests.bureau.test_units import REFERENCE

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo_accounts(db: None) -> str:
    load(REFERENCE)
    told = StringIO()
    call_command("demo_accounts", stdout=told)
    return told.getvalue()


def test_every_account_of_the_manual_is_there_with_its_role(demo_accounts: str) -> None:
    roles = dict(Posting.objects.values_list("officer__username", "role"))

    assert len(roles) == 19 + 13 * 7
    assert roles["shift"] == Role.SHIFT_LEADER
    assert roles["gongyequ_centre"] == Role.UNIT_DESK
    assert set(roles.values()) == set(Role.values)
    assert "demo-2015" in demo_accounts


def test_only_officers_and_leaders_of_squads_hold_a_certificate(demo_accounts: str) -> None:
    certified = Certificate.objects.in_force(date(2026, 6, 22)).values_list("officer__username", flat=True)

    assert len(certified) == 13 * 3
    assert {name.split("_")[1] for name in certified} == {"officer", "officer2", "leader"}


def test_making_the_demo_accounts_twice_changes_nothing(demo_accounts: str) -> None:
    before = list(Officer.objects.order_by("pk").values())

    call_command("demo_accounts", stdout=StringIO())

    assert list(Officer.objects.order_by("pk").values()) == before
    assert Posting.objects.count() == len(before)


def test_demo_accounts_are_refused_in_production() -> None:
    load(REFERENCE)

    with override_settings(PORTAL_ENV="production"), pytest.raises(CommandError, match="PORTAL_ENV"):
        call_command("demo_accounts")

    assert not Officer.objects.exists()


def test_a_demo_account_signs_in_with_the_published_password(demo_accounts: str, client: Client) -> None:
    answer = client.post("/sign-in/", {"username": "qibao_officer", "password": demo.PASSWORD})

    assert answer.status_code == 302


def test_rights_end_with_the_posting() -> None:
    qibao = make.unit("qibao")
    person = enrol_officer("1001", "某甲")
    posting = post_officer(person, make.squad(qibao), Role.SQUAD_OFFICER, at=make.SINCE)
    assert Officer.objects.get(pk=person.pk).holds(Role.SQUAD_OFFICER)

    end_posting(posting, at=make.SINCE.replace(year=2016))

    assert not Officer.objects.get(pk=person.pk).holds(Role.SQUAD_OFFICER)


def test_a_certificate_counts_on_its_first_and_last_day_only_while_valid() -> None:
    person = make.officer(make.unit("qibao"))
    certificate = certify_officer(person, "沪闵0001", valid_from=date(2015, 1, 1), valid_to=date(2020, 12, 31))

    assert person.certificate_on(date(2015, 1, 1)) == certificate
    assert person.certificate_on(date(2020, 12, 31)) == certificate
    assert person.certificate_on(date(2021, 1, 1)) is None


def test_a_withheld_certificate_does_not_count() -> None:
    person = make.officer(make.unit("qibao"))
    make.certificate(person, status=Certificate.Status.WITHHELD)

    assert person.certificate_on(date(2026, 6, 22)) is None


def test_enrolling_the_same_staff_number_again_makes_no_second_person() -> None:
    first = enrol_officer("1001", "某甲", hashed_password="x")

    second = enrol_officer("1001", "某乙")

    assert (second.pk, second.name, second.password) == (first.pk, "某乙", "x")


def test_a_personal_key_is_printed_once_and_kept_as_a_hash() -> None:
    person = make.officer(make.unit("qibao"), username="1001")
    told = StringIO()

    call_command("make_token", "1001", "--scope", "issues:read", stdout=told, stderr=StringIO())

    key = ApiKey.objects.get()
    assert key.officer == person
    assert key.scopes == ["issues:read"]
    assert told.getvalue().strip() not in (key.digest, key.hint)


@pytest.mark.parametrize("arguments", [["nobody"], ["1001", "--days", "31"], ["1001", "--days", "0"]])
def test_a_key_for_nobody_or_for_too_long_is_refused(arguments: list[str]) -> None:
    make.officer(make.unit("qibao"), username="1001")

    with pytest.raises(CommandError):
        call_command("make_token", *arguments)


def test_staff_read_who_serves_where_and_a_partner_reads_only_himself(client: Client) -> None:
    qibao = make.unit("qibao")
    leader, partner = make.officer(qibao, Role.SQUAD_LEADER), make.officer(None, Role.PARTNER)

    client.force_login(leader)
    seen_by_leader = client.get("/api/v1/officers/").json()["results"]
    client.force_login(partner)
    seen_by_partner = client.get("/api/v1/officers/").json()["results"]

    assert {row["username"] for row in seen_by_leader} == {leader.username, partner.username}
    assert [row["username"] for row in seen_by_partner] == [partner.username]
    assert "mobile" not in str(seen_by_leader)


def test_the_people_of_a_body_are_shown_to_staff_and_not_to_partners(client: Client) -> None:
    qibao = make.unit("qibao")
    leader = make.officer(qibao, Role.SQUAD_LEADER)
    make.certificate(leader)
    body = Organisation.objects.get(kind=Organisation.Kind.SQUAD)

    client.force_login(leader)
    for_staff = client.get(body.get_absolute_url()).content.decode()
    client.force_login(make.officer(None, Role.PARTNER))
    for_partner = client.get(body.get_absolute_url()).content.decode()

    assert f">{leader.username}<" in for_staff
    assert f">{leader.username}<" not in for_partner


def test_lists_of_units_bodies_and_officers_take_a_fixed_number_of_queries(
    client: Client, django_assert_max_num_queries
) -> None:
    load(REFERENCE)
    client.force_login(make.officer(None, Role.DIRECTOR))
    client.get("/units/")

    for path, most in [
        ("/units/", 8),
        ("/organisations/", 11),
        ("/units/310112102/", 24),
        ("/api/v1/organisations/", 7),
        ("/api/v1/units/", 5),
        ("/api/v1/officers/", 6),
    ]:
        with django_assert_max_num_queries(most):
            assert client.get(path).status_code == 200


def test_the_page_of_pujin_says_that_its_cells_stay_with_pujiang(client: Client) -> None:
    load(REFERENCE)
    client.force_login(make.officer(None, Role.DIRECTOR))

    page = client.get("/units/310112009/").content.decode()

    assert "浦江镇" in page
    assert "/units/310112114/" in page


def test_the_api_tells_ties_and_narrows_by_kind_unit_and_day(client: Client) -> None:
    load(REFERENCE)
    client.force_login(make.officer(None, Role.DIRECTOR))

    found = client.get("/api/v1/organisations/?kind=squad&unit=310112102&on=2015-06-01").json()["results"]
    early = client.get("/api/v1/units/?on=2015-07-01").json()["results"]
    wrong = client.get("/api/v1/organisations/?color=red")

    assert [row["code"] for row in found] == ["qibao-squad"]
    assert {tie["kind"] for tie in found[0]["ties"]} == {"administered_by", "guided_by"}
    assert len(early) == 13
    assert wrong.status_code == 400


def test_the_api_tells_a_year_day_by_day(client: Client) -> None:
    client.force_login(make.officer(None, Role.DIRECTOR))

    year = client.get("/api/v1/calendar/?year=2016").json()

    assert len(year["days"]) == 366
    assert client.get("/api/v1/calendar/?year=16").status_code == 400

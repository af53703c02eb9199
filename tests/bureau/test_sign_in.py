"""Coming in: by staff number or mobile, without a hint of who exists, and not by guessing."""

import pytest
from django.test import Client, override_settings

from bureau.models import Officer, Role
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> Officer:
    found = make.with_password(make.officer(make.unit("qibao"), username="1001"))
    found.mobile = "13800000001"
    found.save()
    return found


def sign_in(client: Client, username: str, password: str = make.PASSWORD, **more: str):
    return client.post("/sign-in/", {"username": username, "password": password, **more})


@pytest.mark.parametrize("name", ["1001", "13800000001"])
def test_a_person_signs_in_by_staff_number_or_mobile(client: Client, person: Officer, name: str) -> None:
    assert sign_in(client, name)["Location"] == "/desk/"


def test_a_wrong_password_and_an_unknown_person_get_the_same_words(client: Client, person: Officer) -> None:
    wrong = sign_in(client, "1001", "no").content.decode()
    unknown = sign_in(client, "1002", "no").content.decode()

    assert plain(wrong).replace("1001", "1002") == plain(unknown)


def plain(page: str) -> str:
    """The page without what is new on each: its token and its clock."""
    return "\n".join(line for line in page.splitlines() if "csrfmiddlewaretoken" not in line)


def test_who_left_cannot_sign_in(client: Client, person: Officer) -> None:
    person.is_active = False
    person.save()

    assert sign_in(client, "1001").status_code == 200
    assert "_auth_user_id" not in client.session


def test_after_too_many_failures_the_page_says_how_long_to_wait(client: Client, person: Officer) -> None:
    answers = [sign_in(client, "1001", "no") for _attempt in range(9)]

    assert answers[-1].status_code == 429
    assert answers[-1]["Retry-After"] == "900"
    assert "15" in answers[-1].content.decode()
    assert sign_in(client, "1001").status_code == 429


def test_one_goes_on_to_the_page_that_was_asked_for_and_never_to_a_foreign_one(client: Client, person: Officer) -> None:
    assert sign_in(client, "1001", next="/units/")["Location"] == "/units/"
    client.post("/sign-out/")
    assert sign_in(client, "1001", next="https://evil.example/")["Location"] == "/desk/"


def test_demo_accounts_are_listed_in_a_demonstration_only(client: Client) -> None:
    assert "demo-2015" not in client.get("/sign-in/").content.decode()
    with override_settings(PORTAL_ENV="demo"):
        assert "demo-2015" in client.get("/sign-in/").content.decode()


def test_the_language_is_remembered_with_the_person(client: Client, person: Officer) -> None:
    sign_in(client, "1001")
    client.post("/i18n/setlang/", {"language": "en"})
    person.refresh_from_db()
    elsewhere = Client()
    sign_in(elsewhere, "1001")

    assert person.language == "en"
    assert elsewhere.get("/desk/").headers["Content-Language"] == "en"


def test_signing_out_ends_the_session_and_needs_a_post(client: Client, person: Officer) -> None:
    sign_in(client, "1001")

    assert client.get("/sign-out/").status_code == 405
    client.post("/sign-out/")

    assert client.get("/desk/").status_code == 302


def test_a_stranger_sees_the_door_and_is_sent_to_sign_in_elsewhere(client: Client) -> None:
    assert client.get("/").status_code == 200
    for path in ("/desk/", "/units/", "/organisations/", "/messages/", "/me/"):
        assert client.get(path)["Location"] == f"/sign-in/?next={path}"


def test_changing_the_password_needs_the_old_one_and_keeps_me_signed_in(client: Client, person: Officer) -> None:
    sign_in(client, "1001")
    new = {"new_password1": "a-quite-other-word", "new_password2": "a-quite-other-word"}

    refused = client.post("/me/", {"old_password": "no", **new})
    changed = client.post("/me/", {"old_password": make.PASSWORD, **new})

    assert (refused.status_code, changed.status_code) == (400, 302)
    assert client.get("/desk/").status_code == 200


def test_a_person_without_a_post_sees_a_true_empty_desk(client: Client) -> None:
    client.force_login(Officer.objects.create(username="1003", name="某"))

    assert client.get("/desk/").status_code == 200


@pytest.mark.parametrize("role", Role.values)
def test_every_role_opens_its_desk(client: Client, role: str) -> None:
    client.force_login(make.officer(make.unit("qibao"), role))

    assert client.get("/desk/").status_code == 200

"""A production portal has no account until the first run, which happens once."""

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from bureau.models import Officer, Posting, Role
from tests import make

pytestmark = pytest.mark.django_db
CHOSEN = {"new_password1": make.PASSWORD, "new_password2": make.PASSWORD}


def first_run(*arguments: str) -> list[str]:
    """The paths of the links that are printed."""
    make.organisation("bureau")
    told = StringIO()
    call_command("first_run", *arguments, stdout=told)
    return re.findall(r"http://[^/]+(/welcome/\S+)", told.getvalue())


def test_it_makes_an_administrator_two_leaders_and_an_auditor_who_cannot_sign_in_yet() -> None:
    links = first_run("--admin", "0001:某管理员")

    roles = {posting.officer.username: posting.role for posting in Posting.objects.all()}
    assert roles == {
        "0001": Role.SYSADMIN,
        "director": Role.DIRECTOR,
        "deputy": Role.DEPUTY,
        "auditor": Role.AUDITOR,
    }
    assert len(links) == 4
    assert not any(officer.has_usable_password() for officer in Officer.objects.all())


def test_it_locks_itself_for_good() -> None:
    first_run()
    Officer.objects.update(is_active=False)

    with pytest.raises(CommandError, match="already_run"):
        first_run()

    assert Officer.objects.count() == 4


def test_it_asks_for_the_reference_data_first() -> None:
    with pytest.raises(CommandError, match="load_reference"):
        call_command("first_run")


def test_a_link_makes_its_person_choose_a_password_and_signs_in(client: Client) -> None:
    link = first_run()[0]

    assert client.get(link).status_code == 200
    answer = client.post(link, CHOSEN)

    assert answer["Location"] == "/desk/"
    assert client.get("/desk/").status_code == 200


def test_a_link_works_once(client: Client) -> None:
    link = first_run()[0]
    client.post(link, CHOSEN)

    again = Client().post(link, {"new_password1": "another-long-word", "new_password2": "another-long-word"})

    assert again.status_code == 410
    assert Officer.objects.get(username="admin").check_password(make.PASSWORD)


def test_a_weak_password_is_refused_and_the_link_still_holds(client: Client) -> None:
    link = first_run()[0]

    refused = client.post(link, {"new_password1": "12345", "new_password2": "12345"})

    assert refused.status_code == 400
    assert client.get(link).status_code == 200


@pytest.mark.parametrize("path", ["/welcome/abc/def/", "/welcome/YWJj/x-y/", "/welcome/%E4%B8%AD/x/"])
def test_a_made_up_link_is_over(client: Client, path: str) -> None:
    assert client.get(path).status_code == 410

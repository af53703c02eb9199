"""The pages of cases: who sees what, what can be done there, and what stays when it is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bureau.models import Officer, Role
from cases.models import Case
from tests.make import bureau, grid, powers
from tests.make import cases as make

pytestmark = pytest.mark.django_db
LIST, NEW = "/cases/", "/cases/new/"
SignIn = Callable[[Officer], Client]


@pytest.fixture(autouse=True)
def _monday_afternoon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: grid.minutes(60))


@pytest.fixture
def signed_in(client: Client) -> SignIn:
    def sign_in(officer: Officer) -> Client:
        client.force_login(officer)
        return client

    return sign_in


def person(name: str) -> Officer:
    return make.case_crew()[name]


def text_of(response: Any) -> str:
    return response.content.decode()


def lead(**changed: Any) -> dict[str, Any]:
    powers.power("CF-001")
    return {
        "power": "CF-001", "place": "七莘路1号", "act_on": "2026-06-22", "discovered_on": "2026-06-22",
        "party_kind": "person", "party_name": "张三", "first_officer": person("first").username,
        "second_officer": person("second").username, **changed,
    }  # fmt: skip


# the list


def test_the_list_shows_only_my_cases_in_a_fixed_number_of_queries(signed_in: SignIn) -> None:
    mine, other = make.opened_case(), make.filed_case(bureau.unit("meilong"))
    client = signed_in(person("first"))
    client.get(LIST)

    with CaptureQueriesContext(connection) as few:
        page = client.get(LIST)
    for number in range(2, 9):
        make.opened_case(power=f"CF-00{number}")
    with CaptureQueriesContext(connection) as many:
        client.get(LIST)

    assert mine.number in text_of(page)
    assert other.number not in text_of(page)
    assert len(few) == len(many) <= 10, "\n".join(query["sql"][:150] for query in many)


def test_an_empty_list_says_how_a_case_begins(signed_in: SignIn) -> None:
    assert "还没有执法案件" in text_of(signed_in(person("first")).get(LIST))


def test_a_filter_that_is_wrong_is_told_and_shows_no_row(signed_in: SignIn) -> None:
    case = make.opened_case()

    page = signed_in(person("first")).get(LIST, {"status": "lost"})

    assert page.status_code == 400
    assert case.number not in text_of(page)


def test_the_list_names_a_person_only_to_the_officers_of_the_case(signed_in: SignIn) -> None:
    make.opened_case()

    assert "张三" in text_of(signed_in(person("first")).get(LIST))
    assert "张三" not in text_of(signed_in(person("other")).get(LIST))


# opening


def test_the_form_brings_what_the_issue_says_and_puts_its_powers_first(signed_in: SignIn) -> None:
    issue = grid.issue_in("handling")
    issue.type.power_hint = "greening"
    issue.type.save()
    powers.power("CF-001")
    powers.power("CF-200", issue_type_hint="greening")

    page = signed_in(person("first")).get(NEW, {"issue": issue.pk})

    form = page.context["form"]
    assert form["place"].value() == issue.place
    assert [code for code, _ in form.fields["power"].choices] == ["", "CF-200", "CF-001"]


def test_only_certified_officers_of_my_squad_are_offered(signed_in: SignIn) -> None:
    bureau.officer(bureau.unit(), Role.SQUAD_OFFICER, username="without-certificate")
    make.certify(bureau.officer(bureau.unit("meilong"), Role.SQUAD_OFFICER, username="of-another-squad"))

    page = signed_in(person("first")).get(NEW)

    names = [code for code, _ in page.context["form"].fields["first_officer"].choices if code]
    assert names == sorted(person(name).username for name in ("first", "second", "other"))


def test_a_lead_is_opened_from_an_issue(signed_in: SignIn) -> None:
    issue = grid.issue_in("handling")

    answer = signed_in(person("first")).post(f"{NEW}?issue={issue.pk}", lead())

    case = Case.objects.get()
    assert answer.status_code == 302
    assert answer["Location"] == f"{case.get_absolute_url()}?opened"
    assert case.issue == issue


def test_a_refused_lead_keeps_what_was_typed_and_tells_at_the_fields(signed_in: SignIn) -> None:
    said = lead(second_officer=person("first").username, discovered_on="2026-06-21", place="漕宝路2号")

    page = signed_in(person("first")).post(NEW, said)

    form = page.context["form"]
    assert page.status_code == 422
    assert set(form.errors) == {"second_officer", "discovered_on"}
    assert "漕宝路2号" in text_of(page)
    assert "张三" in text_of(page)
    assert not Case.objects.exists()


def test_a_wrong_day_is_told_at_its_field(signed_in: SignIn) -> None:
    page = signed_in(person("first")).post(NEW, lead(act_on="31.02.2026"))

    assert page.status_code == 400
    assert list(page.context["form"].errors) == ["act_on"]


def test_whoever_opens_no_case_is_told_so(signed_in: SignIn) -> None:
    assert signed_in(person("leader")).get(NEW).status_code == 403


def test_an_issue_out_of_sight_is_404(signed_in: SignIn) -> None:
    issue = grid.dispatched_issue(bureau.unit("meilong"))
    client = signed_in(person("first"))

    assert client.get(NEW, {"issue": issue.pk}).status_code == 404
    assert client.get(NEW, {"issue": "x"}).status_code == 404


# one case


@pytest.mark.parametrize("status", ["verifying", "requested", "endorsed", "filed", "withdrawn"])
@pytest.mark.parametrize("who", ["first", "other", "leader", "deputy"])
def test_a_case_is_shown_in_every_status_in_a_bounded_number_of_queries(
    signed_in: SignIn, status: str, who: str
) -> None:
    case = make.case_in(status)
    client = signed_in(person(who))
    client.get(case.get_absolute_url())

    with CaptureQueriesContext(connection) as captured:
        page = client.get(case.get_absolute_url())

    assert page.status_code == 200
    assert case.number in text_of(page)
    assert len(captured) <= 24, [query["sql"][:100] for query in captured]


def test_the_auditor_sees_neither_party_nor_place(signed_in: SignIn) -> None:
    case = make.opened_case()

    page = text_of(signed_in(bureau.officer(None, Role.AUDITOR)).get(case.get_absolute_url()))

    assert "张" not in page.replace("张贴", "")
    assert case.place not in page


def test_a_case_of_another_unit_is_404(signed_in: SignIn) -> None:
    case = make.opened_case(bureau.unit("meilong"))
    client = signed_in(person("first"))

    assert client.get(case.get_absolute_url()).status_code == 404
    assert client.post(reverse("cases:move", args=[case.pk]), {"verb": "withdraw"}).status_code == 404
    assert client.get(reverse("cases:move-page", args=[case.pk, "withdraw"])).status_code == 404


def test_a_move_is_made_and_its_note_is_on_the_record(signed_in: SignIn) -> None:
    case = make.opened_case()

    answer = signed_in(person("first")).post(
        reverse("cases:move", args=[case.pk]), {"verb": "request_filing", "note": "事实清楚"}
    )

    case.refresh_from_db()
    assert (answer.status_code, case.status) == (302, "requested")
    assert "事实清楚" in text_of(signed_in(person("leader")).get(case.get_absolute_url()))


def test_a_return_without_words_comes_back_with_the_field(signed_in: SignIn) -> None:
    case = make.case_in("requested")

    page = signed_in(person("leader")).post(reverse("cases:move", args=[case.pk]), {"verb": "return_for_completion"})

    assert page.status_code == 400
    case.refresh_from_db()
    assert case.status == "requested"


def test_a_move_that_is_not_mine_is_refused_on_the_page(signed_in: SignIn) -> None:
    case = make.case_in("requested")

    page = signed_in(person("first")).post(reverse("cases:move", args=[case.pk]), {"verb": "endorse", "note": "x"})

    assert page.status_code == 403
    assert "未能办理" in text_of(page) or "not_your_move" in text_of(page)


def test_withdrawing_asks_first_and_needs_a_reason(signed_in: SignIn) -> None:
    case = make.opened_case()
    client, ask = signed_in(person("first")), reverse("cases:move-page", args=[case.pk, "withdraw"])

    asked = client.get(ask)
    without = client.post(reverse("cases:move", args=[case.pk]), {"verb": "withdraw"})
    done = client.post(reverse("cases:move", args=[case.pk]), {"verb": "withdraw", "reason": "当场改正"})

    case.refresh_from_db()
    assert "不能恢复" in text_of(asked)
    assert without.status_code == 400
    assert (done.status_code, case.status) == (302, "withdrawn")
    assert client.get(ask).status_code == 302


def test_an_unknown_verb_is_refused(signed_in: SignIn) -> None:
    case = make.opened_case()

    page = signed_in(person("first")).post(reverse("cases:move", args=[case.pk]), {"verb": "decide"})

    assert page.status_code == 400


def test_the_issue_names_its_cases_and_the_way_to_a_new_one(signed_in: SignIn) -> None:
    issue = grid.issue_in("handling")
    case = make.opened_case(issue=issue, at=grid.minutes(30))

    page = text_of(signed_in(person("first")).get(issue.get_absolute_url()))

    assert case.number in page
    assert f"{NEW}?issue={issue.pk}" in page

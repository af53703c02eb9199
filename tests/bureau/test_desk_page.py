"""My desk: exactly the clocks that I owe, red first; messages; documents behind their subject's scope."""

import pytest
import time_machine
from django.test import Client

from bureau.desk.models.clock import Clock
from bureau.desk.models.document import Document
from bureau.desk.models.entry import Entry
from bureau.desk.models.notice import Notice
from bureau.desk.my_work import owed_by
from bureau.desk.outbox import deliver_one
from bureau.models import Officer, Role
from tests import make

pytestmark = pytest.mark.django_db


def kinds_owed(officer: Officer) -> list[str]:
    return sorted(owed_by(officer).values_list("kind", flat=True))


def test_each_stage_is_owed_by_the_post_of_the_stage_and_nobody_else() -> None:
    qibao = make.unit("qibao")
    crew = make.crew(qibao)
    make.issue_in("filed", qibao)

    assert kinds_owed(crew["dispatcher"]) == ["dispatch"]
    assert kinds_owed(crew["operator"]) == []
    assert kinds_owed(crew["squad_leader"]) == []


def test_the_sub_centre_stands_in_for_the_centre_in_its_own_unit_only() -> None:
    qibao, meilong = make.unit("qibao"), make.unit("meilong")
    make.crew(qibao)
    make.issue_in("filed", qibao)

    assert kinds_owed(make.officer(qibao, Role.UNIT_DESK)) == ["dispatch"]
    assert kinds_owed(make.officer(meilong, Role.UNIT_DESK)) == []


def test_a_named_officer_owes_what_the_colleague_does_not() -> None:
    qibao = make.unit("qibao")
    named, other = make.officer(qibao), make.officer(qibao)
    make.dispatched_issue(qibao)
    Clock.objects.running().update(owed_officers=[named.pk])

    assert kinds_owed(named) == ["handling"]
    assert kinds_owed(other) == []


def test_red_comes_first_and_the_page_takes_a_fixed_number_of_queries(
    client: Client, django_assert_num_queries
) -> None:
    qibao = make.unit("qibao")
    for _count in range(3):
        make.dispatched_issue(qibao)
    leader = make.officer(qibao, Role.SQUAD_LEADER)
    client.force_login(leader)
    late = owed_by(leader).first()
    Clock.objects.filter(pk=late.pk).update(due_at=make.MONDAY, warn_at=make.MONDAY)

    with time_machine.travel(make.minutes(90), tick=False):
        client.get("/desk/")
        with django_assert_num_queries(QUERIES):
            page = client.get("/desk/")
        for _count in range(3):
            make.dispatched_issue(qibao)
        with django_assert_num_queries(QUERIES):
            client.get("/desk/")

    assert [job.reading.light for job in page.context["jobs"]] == ["red", "green", "green"]
    assert page.context["focus"].clock == late
    assert page.context["counts"] == {"red": 1, "yellow": 0, "green": 2, "grey": 0, "all": 3, "today": 2}


def test_a_light_narrows_the_desk_and_a_row_can_be_put_in_focus(client: Client) -> None:
    qibao = make.unit("qibao")
    make.dispatched_issue(qibao)
    make.dispatched_issue(qibao)
    leader = make.officer(qibao, Role.SQUAD_LEADER)
    client.force_login(leader)
    chosen = owed_by(leader).last()

    with time_machine.travel(make.minutes(90), tick=False):
        red = client.get("/desk/?light=red")
        focused = client.get(f"/desk/?focus={chosen.pk}")

    assert red.context["jobs"] == []
    assert focused.context["focus"].clock == chosen


def test_an_unknown_light_focus_or_page_mark_breaks_nothing(client: Client) -> None:
    client.force_login(make.officer(make.unit("qibao")))

    assert client.get("/desk/?light=pink&focus=x").status_code == 200
    assert client.get("/desk/?cursor=nonsense").status_code == 400


def test_a_message_is_mine_until_i_read_it_and_stays_unread_for_my_colleague(client: Client) -> None:
    qibao = make.unit("qibao")
    first, second = make.officer(qibao, Role.SQUAD_LEADER), make.officer(qibao, Role.SQUAD_LEADER)
    make.dispatched_issue(qibao)
    while deliver_one(at=make.minutes(120)):
        pass
    client.force_login(first)
    waiting = Notice.objects.unread_by(first).count()
    message = Notice.objects.unread_by(first).first()

    answer = client.post(f"/messages/{message.pk}/open/")

    assert answer.status_code == 302
    assert Notice.objects.unread_by(first).count() == waiting - 1
    assert Notice.objects.unread_by(second).count() == waiting


def test_a_message_of_others_is_not_there(client: Client) -> None:
    qibao = make.unit("qibao")
    make.officer(qibao, Role.SQUAD_LEADER)
    make.dispatched_issue(qibao)
    while deliver_one(at=make.minutes(120)):
        pass
    client.force_login(make.officer(make.unit("meilong"), Role.SQUAD_LEADER))

    for message in Notice.objects.all():
        assert client.post(f"/messages/{message.pk}/open/").status_code == 404


def test_a_photo_is_shown_to_whoever_sees_its_subject_and_is_not_there_for_others(client: Client) -> None:
    qibao = make.unit("qibao")
    make.handled_issue(qibao)
    photo = Document.objects.first()

    client.force_login(make.officer(qibao))
    seen = client.get(f"/documents/{photo.pk}/")
    client.force_login(make.officer(make.unit("meilong")))
    unseen = client.get(f"/documents/{photo.pk}/")
    client.force_login(make.officer(None, Role.SYSADMIN))
    metadata_only = client.get(f"/documents/{photo.pk}/")

    assert (seen.status_code, unseen.status_code, metadata_only.status_code) == (200, 404, 404)
    assert seen["Content-Type"] == "image/jpeg"
    assert seen["X-Content-Type-Options"] == "nosniff"
    assert seen["Cache-Control"].startswith("private")


def test_an_original_asks_for_a_reason_and_each_look_is_on_the_trail(client: Client) -> None:
    issue = make.handled_issue(make.unit("qibao"))
    photo = Document.objects.about(issue).first()
    deputy = make.officer(None, Role.DEPUTY)
    client.force_login(deputy)

    asked = client.get(f"/documents/{photo.pk}/original/")
    refused = client.post(f"/documents/{photo.pk}/original/", {"reason": " "})
    answer = client.post(f"/documents/{photo.pk}/original/", {"reason": "复核拍摄地点"})

    line = Entry.objects.about(issue).get(verb="view_original")
    assert (asked.status_code, refused.status_code, answer.status_code) == (200, 400, 200)
    assert answer["Content-Disposition"].startswith("attachment")
    assert (line.by, line.note, line.acting_as) == (deputy, "复核拍摄地点", Role.DEPUTY)


def test_an_original_is_not_there_for_the_centre_and_for_another_squad(client: Client) -> None:
    issue = make.handled_issue(make.unit("qibao"))
    photo = Document.objects.about(issue).first()

    for person in (make.officer(None, Role.OPERATOR), make.officer(make.unit("meilong"))):
        client.force_login(person)
        assert client.post(f"/documents/{photo.pk}/original/", {"reason": "x"}).status_code == 404

    assert not Entry.objects.filter(verb="view_original").exists()


def test_my_messages_are_told_by_the_api_in_words(client: Client, django_assert_max_num_queries) -> None:
    qibao = make.unit("qibao")
    leader = make.officer(qibao, Role.SQUAD_LEADER)
    make.dispatched_issue(qibao)
    while deliver_one(at=make.minutes(120)):
        pass
    client.force_login(leader)

    with django_assert_max_num_queries(6):
        found = client.get("/api/v1/messages/?is_read=false").json()["results"]

    assert found
    assert found[0]["title"]
    assert found[0]["is_read"] is False


QUERIES = 12

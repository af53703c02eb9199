"""Papers: issued by the portal alone, unchangeable, signed for and answered once by their addressees."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from bureau.desk.models import Entry
from bureau.desk.refusal import BadValue, IllegalTransition, NotYourMove, SodConflict
from bureau.models import Organisation, Role
from oversight.actions import acknowledge_paper, reply_to_paper
from oversight.models import Paper, Rung
from oversight.workflow_notices import NOTICE_FLOW
from tests.make import bureau
from tests.make import oversight as make

pytestmark = pytest.mark.django_db
AT = bureau.shanghai("2026-06-22 14:30")


@pytest.fixture
def paper(db):
    make.real_calendar()
    return make.urging_paper()


def seat(paper, role, name):
    return make.seat(paper.unit, role, f"{paper.unit.slug}-{name}")


@pytest.mark.parametrize(("role", "name"), [("squad_leader", "leader"), ("unit_desk", "desk"), ("town_leader", "town")])
def test_the_unit_signs_for_its_paper_and_the_trail_says_so(paper, role, name):
    by = seat(paper, role, name)

    acknowledge_paper(paper, by=by, at=AT)

    paper.refresh_from_db()
    entry = Entry.objects.about(paper.subject).order_by("-seq").first()
    assert (paper.received_by, paper.received_at) == (by, AT)
    assert (entry.verb, entry.by, entry.acting_as) == ("receive_paper", by, role)
    assert entry.facts["paper"] == paper.number


def test_a_paper_is_answered_once_after_it_was_signed_for(paper):
    leader = seat(paper, Role.SQUAD_LEADER, "leader")

    with pytest.raises(IllegalTransition) as early:
        reply_to_paper(paper, "已清理", by=leader, at=AT)
    acknowledge_paper(paper, by=leader, at=AT)
    reply_to_paper(paper, " 已清理。\r\n下午复查。", by=leader, at=AT)
    with pytest.raises(IllegalTransition) as twice:
        reply_to_paper(paper, "再答", by=leader, at=AT)

    paper.refresh_from_db()
    assert (early.value.code, twice.value.code) == ("illegal_transition", "illegal_transition")
    assert [answer.text for answer in paper.replies.all()] == ["已清理。\n下午复查。"]


def test_an_answer_stops_no_clock(paper):
    leader = seat(paper, Role.SQUAD_LEADER, "leader")
    acknowledge_paper(paper, by=leader, at=AT)

    reply_to_paper(paper, "已清理", by=leader, at=AT)

    clock = paper.rung.clock
    clock.refresh_from_db()
    assert clock.met_at is None
    assert clock.next_rung == "supervise"


@pytest.mark.parametrize("text", ["", "   ", "x" * 2001, "a\u202eb"])
def test_an_answer_of_nothing_or_too_much_is_refused_by_its_field(paper, text):
    leader = seat(paper, Role.SQUAD_LEADER, "leader")
    acknowledge_paper(paper, by=leader, at=AT)

    with pytest.raises(BadValue) as refused:
        reply_to_paper(paper, text, by=leader, at=AT)

    assert refused.value.pointer == "/text"


BY_HAND = {Role.SUPERVISION: ["serve_on_paper"], Role.DEPUTY: ["serve_on_paper"]}  # the bureau only records it


@pytest.mark.parametrize("role", [Role.SUPERVISION, Role.DEPUTY, Role.SHIFT_LEADER, Role.SQUAD_OFFICER])
def test_nobody_else_signs_for_it(paper, role):
    person = bureau.officer(paper.unit, role)

    with pytest.raises(NotYourMove):
        acknowledge_paper(paper, by=person, at=AT)

    assert [found.move.verb for found in NOTICE_FLOW.open_to(paper, person)] == BY_HAND.get(role, [])


def test_whoever_belongs_to_the_issuer_never_answers_even_with_a_second_posting(paper):
    leader = seat(paper, Role.SQUAD_LEADER, "leader")
    bureau.post(leader, bureau.organisation(Organisation.Kind.BUREAU), Role.SUPERVISION)

    with pytest.raises(SodConflict):
        acknowledge_paper(paper, by=leader, at=AT)

    assert NOTICE_FLOW.open_to(paper, leader) == []


def test_the_leader_of_another_unit_does_not_even_find_it(paper):
    stranger = bureau.officer(bureau.unit("meilong"), Role.SQUAD_LEADER)

    with pytest.raises(Paper.DoesNotExist):
        acknowledge_paper(paper, by=stranger, at=AT)


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM oversight_paper",
        "UPDATE oversight_paper SET number = 'x'",
        "UPDATE oversight_paper SET facts = '{}'",
        "UPDATE oversight_paper SET issued_at = now()",
        "DELETE FROM oversight_rung",
        "UPDATE oversight_rung SET reached_at = now()",
        "DELETE FROM oversight_referralcandidate",
    ],
)
def test_what_was_issued_is_never_changed_in_sql(paper, change):
    make.ladder.climb(at=bureau.shanghai("2026-06-24 18:00"))

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)

    assert Rung.objects.filter(pk=paper.rung_id).exists()


def test_a_receipt_stands_as_it_was_given(paper):
    acknowledge_paper(paper, by=seat(paper, Role.UNIT_DESK, "desk"), at=AT)

    with pytest.raises(DatabaseError), transaction.atomic():
        Paper.objects.filter(pk=paper.pk).update(received_at=bureau.shanghai("2026-06-22 14:00"))


def test_the_paper_stays_when_its_subject_changes(paper):
    issue = paper.subject
    type(issue).objects.filter(pk=issue.pk).update(address="别处")

    paper.refresh_from_db()

    assert paper.facts["place"] == "七莘路1号"


def test_the_page_shows_the_sheet_and_the_leader_signs_and_answers(paper, client):
    client.force_login(seat(paper, Role.SQUAD_LEADER, "leader"))
    url = paper.get_absolute_url()

    sheet = client.get(url).content.decode()
    client.post(f"{url}moves/", {"verb": "receive"})
    client.post(f"{url}moves/", {"verb": "reply", "text": "已清理"})

    paper.refresh_from_db()
    assert "催办通知书" in sheet
    assert paper.number in sheet
    assert paper.received_at
    assert paper.replies.get().text == "已清理"
    assert "已清理" in client.get(url).content.decode()


def test_a_refused_answer_keeps_what_was_typed(paper, client):
    client.force_login(seat(paper, Role.SQUAD_LEADER, "leader"))

    answer = client.post(f"{paper.get_absolute_url()}moves/", {"verb": "reply", "text": "还没有签收就答复"})

    assert answer.status_code == 409
    assert "还没有签收就答复" in answer.content.decode()


@pytest.mark.parametrize(
    "query", ["", "?kind=urging", "?state=unreceived", "?state=answered", "?year=2026", "?year=2015"]
)
def test_the_list_filters_and_asks_a_fixed_number_of_questions(paper, client, query, django_assert_max_num_queries):
    client.force_login(make.seat(None, Role.SUPERVISION, "supervisor"))
    client.get("/notices/")

    with django_assert_max_num_queries(15):
        answer = client.get(f"/notices/{query}")

    expected = 0 if query in ("?state=answered", "?year=2015") else 1
    assert len(answer.context["page"].rows) == expected


def test_a_stranger_gets_404_and_reads_no_number(paper, client):
    client.force_login(bureau.officer(bureau.unit("meilong"), Role.SQUAD_LEADER))

    page = client.get(paper.get_absolute_url())

    assert page.status_code == 404
    assert paper.number not in client.get("/notices/").content.decode()


def test_district_supervision_reads_no_paper_before_a_hand_over(paper, client):
    client.force_login(make.seat(None, Role.DISTRICT_SUPERVISION, "district"))

    assert client.get(paper.get_absolute_url()).status_code == 404

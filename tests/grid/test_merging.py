"""Reports of the same problem: suggested with reasons, merged by a person, all reporters counted, taken apart whole."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from bureau.desk.models import Notice
from bureau.desk.refusal import Refusal
from bureau.models import Role
from grid.actions import Caller, merge_issue, move_issue, unmerge_issue
from grid.likeness import alike, likely_duplicates, metres_between
from grid.models import Issue, Reporter
from tests.make import bureau
from tests.make import grid as make
from tests.make.grid import minutes

pytestmark = pytest.mark.django_db
METRE = 1 / 111_320


@pytest.fixture
def qibao():
    return bureau.unit("qibao")


def stall(unit, *, north=0.0, at=None, type="C1", description="路口有人设摊", **said):
    point = make.point(unit)
    where = {"longitude": point["longitude"], "latitude": point["latitude"] + north * METRE}
    return make.reported_issue(unit, at=at or minutes(0), type=type, description=description, **where, **said)


def suggested(issue):
    return [one.issue for one in likely_duplicates(issue, Issue.objects.all())]


def operator(issue):
    return make.crew(issue.unit)["operator"]


def merged(unit):
    root, child = stall(unit), stall(unit, north=20, at=minutes(30))
    merge_issue(child, root, by=operator(root), at=minutes(40))
    return root, child


def refused_with(call):
    with pytest.raises(Refusal) as refused:
        call()
    return refused.value


# suggestion


def test_two_reports_of_one_stall_within_50_metres_and_24_hours_are_suggested_as_one(qibao):
    root, again = stall(qibao), stall(qibao, north=40, at=minutes(23 * 60))

    assert suggested(again) == [root]


@pytest.mark.parametrize(
    "other",
    [{"north": 60}, {"at": minutes(25 * 60)}, {"type": "A3"}],
    ids=["too far", "too long ago", "another category"],
)
def test_what_is_far_late_or_of_another_kind_is_not_suggested(qibao, other):
    stall(qibao)

    assert suggested(stall(qibao, **other)) == []


def test_what_is_over_is_not_suggested(qibao):
    first = stall(qibao)
    move_issue(first, "refuse", by=operator(first), at=minutes(1), reason="not_found")

    assert suggested(stall(qibao, at=minutes(5))) == []


def test_the_nearer_and_more_alike_comes_first(qibao):
    far = stall(qibao, north=45, description="有人乱倒垃圾")
    near = stall(qibao, north=5)

    assert suggested(stall(qibao, at=minutes(5))) == [near, far]


def test_a_suggestion_costs_the_same_however_many(qibao, django_assert_num_queries):
    for north in range(5):
        stall(qibao, north=north)
    again = stall(qibao, at=minutes(9))
    likely_duplicates(again, Issue.objects.all())

    with django_assert_num_queries(3):  # two figures, and the issues
        assert len(likely_duplicates(again, Issue.objects.all())) == 5


@given(st.text(max_size=60), st.text(max_size=60))
@settings(max_examples=200)
def test_likeness_of_words_is_symmetric_and_between_nothing_and_the_same(one, other):
    assert alike(one, other) == alike(other, one)
    assert 0 <= alike(one, other) <= 1
    assert alike(one, one) in (0.0, 1.0)


def test_distance_is_that_of_the_globe():
    one, other = Issue(longitude=121.35, latitude=31.15), Issue(longitude=121.36, latitude=31.15)

    assert metres_between(one, other) == pytest.approx(951.6, abs=1)


# merging


def test_merging_keeps_both_reporters_and_the_count(qibao, client):
    root = stall(qibao, reporter=Caller("张三", "13800000000"))
    child = stall(qibao, north=20, at=minutes(30), reporter=Caller("李四", "13900000000"))

    merge_issue(child, root, by=operator(root), at=minutes(40))

    client.force_login(operator(root))
    told = client.get(f"/api/v1/issues/{root.pk}/").json()
    assert told["reports"] == 2
    assert set(Reporter.objects.filter(issue__in=[root, child]).values_list("phone", flat=True)) == {
        "13800000000", "13900000000",
    }  # fmt: skip


def test_what_goes_along_owes_nothing_and_is_not_in_hand(qibao):
    root, child = merged(qibao)

    assert not child.clocks.running().exists()
    assert list(Issue.objects.open()) == [root]


def test_nothing_is_done_with_what_goes_along(qibao):
    root, child = merged(qibao)

    refusal = refused_with(lambda: move_issue(child, "accept", by=operator(child), at=minutes(50)))

    assert (refusal.code, refusal.status) == ("goes_along", 409)
    assert root.number in str(refusal)


def test_taking_apart_restores_both_and_wins_no_time(qibao):
    root, child = merged(qibao)
    plain = stall(qibao, at=minutes(30))

    unmerge_issue(child, by=operator(root), at=minutes(100), reason="是另一个摊位")

    child.refresh_from_db()
    clock, untouched = child.clocks.running().get(), plain.clocks.running().get()
    assert (child.status, child.merged_into) == (Issue.Status.REPORTED, None)
    assert (clock.kind, clock.due_at) == (untouched.kind, untouched.due_at)
    assert set(Issue.objects.open()) == {root, child, plain}
    move_issue(child, "accept", by=operator(child), at=minutes(101))


def test_both_trails_tell_it_and_hold(qibao):
    root, child = merged(qibao)
    unmerge_issue(child, by=operator(root), at=minutes(100), reason="是另一个摊位")

    assert [entry.verb for entry in child.entries][-2:] == ["merge", "unmerge"]
    assert [entry.verb for entry in root.entries][-2:] == ["merged", "unmerged"]
    call_command("verify_trail", stdout=StringIO())


def test_when_the_root_is_closed_whoever_reported_it_too_is_told(qibao):
    station = bureau.officer(qibao, Role.STATION)
    root = make.issue_in("verified", qibao)
    child = stall(qibao, by=station, channel="station", at=minutes(30))
    merge_issue(child, root, by=operator(root), at=minutes(40))

    move_issue(root, "close", by=make.crew(qibao)["shift_leader"], at=minutes(50))

    told = Notice.objects.get(kind="issue_closed", to_officer=station)
    assert told.params["number"] == child.number


def test_a_root_with_reports_along_is_neither_refused_nor_void(qibao):
    root, _child = merged(qibao)

    refusal = refused_with(lambda: move_issue(root, "refuse", by=operator(root), at=minutes(50), reason="not_found"))

    assert refusal.code == "others_go_along"


def test_what_is_dispatched_does_not_go_along(qibao):
    root, sent = stall(qibao), make.dispatched_issue(qibao)

    assert refused_with(lambda: merge_issue(sent, root, by=operator(root), at=minutes(50))).status == 409


def test_chains_closed_roots_and_itself_are_refused(qibao):
    root, child = merged(qibao)
    third, over = stall(qibao, at=minutes(31)), stall(qibao, at=minutes(32))
    move_issue(over, "refuse", by=operator(over), at=minutes(33), reason="not_found")
    by = operator(root)

    codes = [
        refused_with(lambda one=one, into=into: merge_issue(one, into, by=by, at=minutes(50))).code
        for one, into in ((third, child), (root, third), (third, over), (third, third))
    ]

    assert codes == ["merge_chain", "merge_chain", "merge_closed", "merge_itself"]


def test_merging_belongs_to_the_centre(qibao):
    root, again = stall(qibao), stall(qibao, at=minutes(5))

    refusal = refused_with(lambda: merge_issue(again, root, by=make.crew(qibao)["squad_leader"], at=minutes(50)))

    assert refusal.status == 403


# pages and API


def test_the_page_suggests_merges_and_takes_apart(qibao, client):
    root, again = stall(qibao), stall(qibao, north=10, at=minutes(5))
    client.force_login(operator(root))

    page = client.get(again.get_absolute_url()).content.decode()
    client.post(reverse("grid:merge", args=[again.pk]), {"into": root.number})
    again.refresh_from_db()
    along = again.merged_into
    client.post(reverse("grid:unmerge", args=[again.pk]), {"reason": "是另一个摊位"})

    again.refresh_from_db()
    assert root.number in page
    assert (along, again.merged_into) == (root, None)


def test_a_refused_merge_says_why_on_the_page(qibao, client):
    again = stall(qibao)
    client.force_login(operator(again))

    answer = client.post(reverse("grid:merge", args=[again.pk]), {"into": "000000-0000"})

    assert answer.status_code == 400


def test_the_api_suggests_merges_and_takes_apart(qibao, client):
    root, again = stall(qibao), stall(qibao, north=10, at=minutes(5))
    client.force_login(operator(root))
    url = f"/api/v1/issues/{again.pk}"

    [likely] = client.get(f"{url}/duplicates/").json()
    merging = client.post(f"{url}/merging/", {"into": root.number}, content_type="application/json").json()
    apart = client.post(f"{url}/unmerging/", {"reason": "另一个"}, content_type="application/json").json()

    assert (likely["number"], likely["is_same_type"], round(likely["metres"])) == (root.number, True, 10)
    assert (merging["merged_into"], apart["merged_into"]) == (root.number, None)

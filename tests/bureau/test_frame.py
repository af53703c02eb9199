"""The frame of every page: who I am, what I may open, and no more queries than were promised."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory
from django.utils import translation

from bureau import context
from bureau.desk.contributions import NavEntry, Registry, navigation
from bureau.models import Officer, Role
from tests.bureau.kit import at

NOW = at("06-22 15:20")


@pytest.fixture
def request_of(rf: RequestFactory):
    def build(user, **cookies):
        rf.cookies.load(cookies)
        request = rf.get("/issues/")
        request.user = user
        return request

    return build


@pytest.mark.django_db
@pytest.mark.parametrize(("rooms", "most"), [(Registry(), 3), (navigation, 4)], ids=["bare", "with what rooms count"])
def test_the_frame_asks_three_queries_and_one_for_my_red_lights(
    request_of, django_assert_max_num_queries, monkeypatch, rooms, most
):
    monkeypatch.setattr(context, "navigation", rooms)
    officer = Officer.objects.create(username="030017", name="队员甲")
    context.frame_of(request_of(officer), at=NOW)
    again = Officer.objects.get(pk=officer.pk)

    with django_assert_max_num_queries(most):
        known = context.frame_of(request_of(again), at=NOW)

    assert known["unread"] == 0
    assert known["initial"] == "队"


@pytest.mark.django_db
def test_a_page_without_a_frame_asks_nothing(request_of, django_assert_num_queries):
    with django_assert_num_queries(0):
        context.frame(request_of(AnonymousUser()))


@pytest.mark.django_db
def test_nobody_who_is_not_signed_in_gets_a_navigation(request_of):
    known = context.frame_of(request_of(AnonymousUser()), at=NOW)

    assert "navigation" not in known


def test_colours_and_density_come_from_cookies_and_unknown_ones_are_ignored(request_of):
    chosen = context.appearance_of(request_of(AnonymousUser(), theme="dark", density="loose"))
    odd = context.appearance_of(request_of(AnonymousUser(), theme="pink", density="huge"))

    assert (chosen["theme"], chosen["density"], chosen["follows_system"]) == ("dark", "loose", False)
    assert (odd["theme"], odd["density"], odd["follows_system"]) == ("light", "", True)


def test_groups_stand_in_the_order_of_the_frame_whatever_order_rooms_register_in():
    entries = [("basis", "powers"), ("oversight", "board"), ("work", "desk")]
    drawn = [(group, context.RailEntry(name, name, "/", "list")) for group, name in entries]

    groups = context.groups_of(drawn)

    assert [group.entries[0].name for group in groups] == ["desk", "board", "powers"]


@pytest.mark.django_db
def test_an_entry_for_another_role_is_left_out(request_of, monkeypatch):
    registry = type(context.navigation)()
    registry.add("mine", NavEntry("Mine", "set_language", "list", "work"))
    registry.add("theirs", NavEntry("Theirs", "set_language", "list", "work", roles=frozenset({Role.LEGAL})))
    monkeypatch.setattr(context, "navigation", registry)
    officer = Officer.objects.create(username="030017", name="队员甲")

    names = [entry.name for _group, entry in context.entries_of(officer, "/issues/")]

    assert names == ["mine"]


def test_the_day_is_said_in_the_language_of_the_page():
    day = at("06-22 15:20").date()

    with translation.override("zh-hans"):
        chinese = context.short_date(day)
    with translation.override("en"):
        english = context.short_date(day)

    assert chinese == "6月22日 周一"
    assert english == "Mon 22 June"

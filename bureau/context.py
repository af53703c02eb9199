"""What the frame of every page shows: navigation by role, working time, messages, who I am as which posting."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any, Final

from django.db.models import Count, Exists, OuterRef, Q
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bureau.desk.almanac import current_calendar
from bureau.desk.contributions import NavEntry, navigation
from bureau.desk.models.notice import Notice, NoticeReceipt, PassedOn
from bureau.desk.refusal import Words
from bureau.face.words import short_date

THEMES: Final = {"system": _("as system"), "light": pgettext_lazy("colours", "light"), "dark": _("dark")}
DENSITIES: Final = {"dense": _("dense"), "middle": _("middle"), "loose": _("loose")}
GROUPS: Final[dict[str, Words]] = {
    "work": "",
    "oversight": pgettext_lazy("navigation", "Oversight"),
    "basis": pgettext_lazy("navigation", "Basis"),
}


@dataclass(frozen=True)
class RailEntry:
    """An entry of the rail or of the tab bar, as it is drawn."""

    name: str
    label: Words
    url: str
    icon: str
    is_here: bool = False
    count: int | None = None
    is_red: bool = False


@dataclass(frozen=True)
class Group:
    label: Words
    entries: tuple[RailEntry, ...]


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `now` (aware) and `frame`. At most three queries, asked only when a page shows the frame."""
    now = timezone.now()
    return {"now": now, "frame": SimpleLazyObject(lambda: frame_of(request, at=now))}


def frame_of(request: HttpRequest, *, at: datetime) -> dict[str, Any]:
    officer = request.user
    known: dict[str, Any] = {
        **appearance_of(request),
        "today": short_date(timezone.localdate(at)),
        "period": current_calendar().period_at(at),
        "search_url": address("search"),
        "sign_out_url": address("sign-out"),
        "notices_url": "",
    }
    if not officer.is_authenticated:
        return known
    entries = list(entries_of(officer, request.path))
    bell = bell_of(officer)
    return (
        known
        | bell
        | {
            "navigation": groups_of(entries),
            "tabs": tabs_of(entries, request.path, bell["unread"]),
            "posting": "、".join(str(posting) for posting in officer.postings_now),
            "initial": str(officer)[:1],
        }
    )


def bell_of(officer: Any) -> dict[str, Any]:
    """How many messages I have not read, and how many of them sound until somebody does. One query."""
    somebody = Exists(NoticeReceipt.objects.filter(notice=OuterRef("pk")))
    unread = Notice.objects.unread_by(officer).annotate(is_read_by_somebody=somebody)
    sounds = Q(passed_on=PassedOn.DESK, is_read_by_somebody=False)
    found = unread.aggregate(unread=Count("pk"), sounding=Count("pk", filter=sounds))
    return {"notices_url": address("messages"), "bell_url": address("bureau:messages-bell"), **found}


def appearance_of(request: HttpRequest) -> dict[str, Any]:
    """Colours and density from the person's cookies; unknown values are read as the default."""
    theme, density = request.COOKIES.get("theme", ""), request.COOKIES.get("density", "")
    chosen = theme if theme in THEMES else "system"
    return {
        "chosen_theme": chosen,
        "theme": "dark" if chosen == "dark" else "light",
        "follows_system": chosen == "system",
        "density": density if density in DENSITIES else "",  # none chosen: the page says what suits it
        "themes": THEMES.items(),
        "densities": DENSITIES.items(),
    }


def address(name: str) -> str:
    """The address of a named page, or empty while no room has contributed it."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def entries_of(officer: Any, path: str) -> Iterable[tuple[str, RailEntry]]:
    """The entries this person may open, with their groups, in their order."""
    for name, entry in navigation.items():
        if entry.roles is not None and entry.roles.isdisjoint(officer.roles_now):
            continue
        url = address(entry.url_name)
        if url:
            yield entry.group, drawn(name, entry, url, officer, path)


def drawn(name: str, entry: NavEntry, url: str, officer: Any, path: str) -> RailEntry:
    count = entry.count(officer) if entry.count else None
    return RailEntry(name, entry.label, url, entry.icon, path.startswith(url), count, entry.is_red)


def groups_of(entries: list[tuple[str, RailEntry]]) -> list[Group]:
    """Groups in the order of GROUPS, unknown ones last; entries keep their order."""
    order = {name: index for index, name in enumerate(GROUPS)}
    ranked = sorted(entries, key=lambda pair: order.get(pair[0], len(order)))
    return [
        Group(GROUPS.get(name, name), tuple(entry for _group, entry in found))
        for name, found in groupby(ranked, key=lambda pair: pair[0])
    ]


def tabs_of(entries: list[tuple[str, RailEntry]], path: str, unread: int) -> list[RailEntry]:
    """The tab bar of the phone: my desk, a list, the camera in the middle, messages, me."""
    by_name = {entry.name: entry for _group, entry in entries}
    tabs = [by_name[name] for name in ("desk", "issues", "cases") if name in by_name][:2]
    report, inbox, me = address("grid:new"), address("messages"), address("me")
    tabs += [RailEntry("report", _("Report a problem"), report, "camera", path == report)] if report else []
    tabs += [RailEntry("messages", _("Messages"), inbox, "bell", path == inbox, unread)] if inbox else []
    tabs += [RailEntry("me", _("Me"), me, "me", path == me)] if me else []
    return tabs

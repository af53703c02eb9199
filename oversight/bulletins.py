"""The bulletin: published by itself at the first working instant of each week, and on order for a meeting (R14)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from bureau.desk import figures
from bureau.desk.almanac import current_calendar
from bureau.desk.calendar import WorkingCalendar, midnight
from bureau.desk.clocks import iso
from bureau.desk.fence import cards_of
from bureau.desk.models import Clock
from bureau.desk.numbering import take_number
from bureau.desk.readings import counted
from bureau.desk.refusal import NotYourMove
from bureau.desk.workflow import actors
from bureau.models import Officer, Organisation, Role
from oversight.board import COUNTS, RUNG_AFTER, UnitRow, empty_rows, rows_of
from oversight.models import Bulletin
from oversight.querysets import RedListQuerySet, whole_red_list

KIND: Final = "bulletin"
WEEK: Final = timedelta(days=7)
ORDERERS = actors(Role.SUPERVISION, Role.DEPUTY, Role.DIRECTOR)
figures.declare(oversight_bulletin_mark="闵城管通")
figures.describe(oversight_bulletin_mark=_("Mark in the number of bulletins"))


def publish_weekly(*, at: datetime) -> Bulletin | None:
    """The bulletin of this week, once its first working instant has come and while it does not stand yet.

    Knocked at as often as one likes: a week has one (unique). After downtime it freezes the figures of the real
    instant and keeps the computed one beside it; a week that was missed whole has none.
    """
    monday = timezone.localdate(at) - timedelta(days=timezone.localdate(at).weekday())
    due_at = first_working_instant(monday, current_calendar())
    if due_at is None or at < due_at or Bulletin.objects.filter(week=monday).exists():
        return None
    try:
        with transaction.atomic():
            return freeze(at=at, week=monday, due_at=due_at)
    except IntegrityError:  # another worker was first; its number stands and ours was given back
        return None


def first_working_instant(monday: date, calendar: WorkingCalendar) -> datetime | None:
    """None for a week that is a holiday from Monday to Sunday."""
    instant = calendar.next_working_instant(midnight(monday))
    return instant if instant < midnight(monday + WEEK) else None


@transaction.atomic
def order_bulletin(*, by: Officer, at: datetime) -> Bulletin:
    """One more for the fortnightly meeting; raises NotYourMove for anybody but supervision and the leaders."""
    if not by.roles_now & ORDERERS.roles:
        raise NotYourMove(_("A bulletin is ordered by supervision and by the bureau's leaders."))
    return freeze(at=at, by=by)


def freeze(
    *, at: datetime, week: date | None = None, due_at: datetime | None = None, by: Officer | None = None
) -> Bulletin:  # fmt: skip
    """Number and keep what is red at `at`, in the caller's transaction."""
    with override("zh-hans"):
        content = content_at(at)
    today = timezone.localdate(at)
    bulletin = Bulletin(week=week, due_at=due_at, frozen_at=at, ordered_by=by, content=content)
    bulletin.sha256 = digest_of(content)
    mark = figures.figure("oversight_bulletin_mark", today)
    bulletin.number = f"{mark}〔{today.year}〕{take_number(issuer().code, KIND, today.year)}号"
    bulletin.save(force_insert=True)
    return bulletin


def issuer() -> Organisation:
    found = Organisation.objects.filter(kind=Organisation.Kind.BUREAU).order_by("valid_from").first()
    if found is None:
        raise ImproperlyConfigured("No organisation of kind 'bureau' is in force: load the reference data first.")
    return found


def digest_of(content: dict[str, Any]) -> str:
    """SHA-256 over the canonical JSON of the content."""
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def is_whole(bulletin: Bulletin) -> bool:
    return digest_of(bulletin.content) == bulletin.sha256


# what it says


def content_at(at: datetime) -> dict[str, Any]:
    """Units with rank and figures, red rows and suspended rows: from the very rows of the board."""
    clocks, calendar = whole_red_list(), current_calendar()
    reds = list(clocks.red(at).select_related("owed_by").order_by("due_at", "pk"))
    held = list(clocks.suspended().select_related("owed_by").order_by("suspended_at", "pk"))
    units = rows_of(clocks, empty_rows(at), calendar, at=at)
    cards = cards_of([*reds, *held])
    return {
        "at": iso(at),
        "units": [unit_facts(row) for row in units],
        "total": {name: sum(getattr(row, name) for row in units) for name in COUNTS},
        "reds": [red_facts(clock, cards, calendar, at) for clock in reds],
        "suspended": [held_facts(clock, cards) for clock in held],
    }


def unit_facts(row: UnitRow) -> dict[str, Any]:
    named = {"code": row.unit.code, "name": row.unit.name_zh} if row.unit else {"code": "", "name": ""}
    longest = {"longest": row.oldest, "longest_unit": row.oldest_unit} if row.red else {}
    return {**named, "rank": row.place, **longest, **{name: getattr(row, name) for name in COUNTS}}


def red_facts(clock: Clock, cards: Any, calendar: WorkingCalendar, at: datetime) -> dict[str, Any]:
    over = counted(clock, clock.due_at or at, at, calendar)
    return {
        **subject_facts(clock, cards),
        "rung": RUNG_AFTER.get(clock.next_rung, "waiting"),
        "red_since": iso(clock.due_at),
        "over": over,
        "over_unit": clock.shown_unit,
    }


def held_facts(clock: Clock, cards: Any) -> dict[str, Any]:
    return {**subject_facts(clock, cards), "since": iso(clock.suspended_at), "resumes_at": iso(clock.resumes_at)}


def subject_facts(clock: Clock, cards: Any) -> dict[str, Any]:
    card = cards.get(clock.subject_id)
    return {
        "unit": clock.unit_id or "",
        "clock": clock.kind,
        "subject": str(clock.subject_id),
        "number": card.number if card else "",
        "type": str(card.title) if card else "",
        "place": str(card.place) if card else "",
        "handler": clock.owed_by.name_zh if clock.owed_by else "",
    }


PERSONAL: Final = ("subject", "number", "type", "place", "handler")


def shown_to(bulletin: Bulletin, officer: Any) -> dict[str, Any]:
    """What this person reads: the ranking and every figure; rows of the own reach only, bare for those outside it."""
    reach, is_metadata = RedListQuerySet.units_of(officer), RedListQuerySet.is_metadata(officer)
    content = dict(bulletin.content)
    for name in ("reds", "suspended"):
        content[name] = list(rows_for(content[name], reach, is_metadata))
    return content


def rows_for(rows: Iterable[dict[str, Any]], reach: set[str] | None, is_metadata: bool) -> Iterable[dict[str, Any]]:
    for row in rows:
        if reach is None or row["unit"] in reach:
            yield {key: value for key, value in row.items() if not (is_metadata and key in PERSONAL)}

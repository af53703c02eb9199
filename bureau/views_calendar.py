"""The calendar page: a year as it counts, and the entering of a year's days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from bureau.desk.almanac import YearDay, YearTable, current_calendar, working_days_of, year_table
from bureau.desk.calendar import FIRST_YEAR, LAST_YEAR, DayKind
from bureau.desk.day_names import day_name_in_words
from bureau.desk.year_entry import ENACTERS, enter_year
from bureau.forms_calendar import YearForm
from bureau.models.people import Officer

CSS = {DayKind.WEEKEND: "rest", DayKind.HOLIDAY: "rest holiday", DayKind.MAKE_UP: "makeup", DayKind.WORKING: ""}


@dataclass(frozen=True)
class Cell:
    """A day in its month; an empty one before the first and after the last."""

    number: int | None = None
    css: str = ""
    name: str = ""


@dataclass(frozen=True)
class Month:
    first: date
    working_days: int
    weeks: list[list[Cell]]


@require_GET
@login_required
def calendar(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    year = asked_year(request, today.year)
    table = year_table(year)
    context = {
        "table": table,
        "months": list(months_of(table, today)),
        "named": [(day, day_name_in_words(day.name)) for day in table.days if day.name],
        "periods": current_calendar().periods_on(next_working_day(table)),
        "years": [other for other in (year - 1, year, year + 1) if FIRST_YEAR <= other <= LAST_YEAR],
        "may_enter": officer_of(request).holds(*ENACTERS),
    }
    return render(request, "calendar/calendar.html", context)


@login_required
def enter_calendar(request: HttpRequest) -> HttpResponse:
    """Look first, load then: the same form goes round with `step` look or load."""
    if not officer_of(request).holds(*ENACTERS):
        raise PermissionDenied
    now = timezone.localtime()
    form = YearForm(request.POST or None, request.FILES or None, initial={"year": asked_year(request, now.year + 1)})
    if not form.is_bound or not form.is_valid():
        return render(request, "calendar/enter.html", {"form": form}, status=400 if form.is_bound else 200)
    year, days = form.cleaned_data["year"], form.cleaned_data["days"]
    if request.POST.get("step") != "load":
        preview = {
            "year": year,
            "days": [(row, day_name_in_words(row.name)) for row in sorted(days)],
            "working_days": working_days_of(year, days),
        }
        return render(request, "calendar/enter.html", {"form": form, "preview": preview})
    moved = enter_year(year, days, by=officer_of(request), at=now, source=form.cleaned_data["source"])
    words = ngettext("%(n)s deadline has moved.", "%(n)s deadlines have moved.", moved) % {"n": moved}
    messages.success(request, _("The days of %(year)s are loaded.") % {"year": year} + " " + words)
    return redirect(f"{reverse('calendar')}?year={year}")


def officer_of(request: HttpRequest) -> Officer:
    return cast("Officer", request.user)  # the decorator sent every visitor away


def asked_year(request: HttpRequest, default: int) -> int:
    text = request.GET.get("year", str(default))
    if not (text.isascii() and text.isdigit() and FIRST_YEAR <= int(text[:5]) <= LAST_YEAR):
        raise Http404(_("There is a calendar from 1950 to 2099 only."))
    return int(text)


def months_of(table: YearTable, today: date) -> Iterator[Month]:
    for _number, days in groupby(table.days, key=lambda day: day.on.month):
        month = list(days)
        cells = [Cell()] * month[0].on.weekday() + [cell_of(day, today) for day in month]
        cells += [Cell()] * (-len(cells) % 7)
        worked = sum(day.kind in (DayKind.WORKING, DayKind.MAKE_UP) for day in month)
        yield Month(month[0].on, worked, [cells[place : place + 7] for place in range(0, len(cells), 7)])


def cell_of(day: YearDay, today: date) -> Cell:
    css = f"{CSS[day.kind]} today" if day.on == today else CSS[day.kind]
    return Cell(day.on.day, css.strip(), day_name_in_words(day.name))


def next_working_day(table: YearTable) -> date:
    return next(day.on for day in reversed(table.days) if day.kind is DayKind.WORKING)

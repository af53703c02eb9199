"""Filters of red lights and papers, shared by pages and API."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as p_

from bureau.desk.calendar import WorkingCalendar
from bureau.desk.contributions import topics
from bureau.desk.filters import StrictFilterSet
from bureau.desk.models.clock import Clock, Ladder, RungName
from bureau.models import Unit
from oversight.board.ages import BAND_LABELS, Ages
from oversight.board.trend import span_of
from oversight.models import Paper, Rung

DATE_BOX = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
RUNGS = [
    (RungName.URGE, _("Urging notice")),
    (RungName.SUPERVISE, _("Supervision notice")),
    (RungName.REFER, _("Referral candidate")),
    ("waiting", _("no paper yet")),
]
LIGHTS = [
    ("red", _("Red light")),
    ("yellow", _("Yellow light")),
    ("soon", _("red within a working day")),
    ("grey", _("suspended")),
    ("open", _("in hand")),
]


def topic_choices() -> list[tuple[str, Any]]:
    return sorted(topics().items())


class RedLightFilter(StrictFilterSet):
    """Red clocks by unit, kind and the rung on which they stand."""

    unit = django_filters.ModelChoiceFilter(
        queryset=Unit.objects.all(), label=p_("territory", "unit"), empty_label=_("all units")
    )
    rung = django_filters.ChoiceFilter(choices=RUNGS, method="of_rung", label=_("rung"), empty_label=_("all rungs"))
    kind = django_filters.CharFilter(max_length=30, label=_("kind of limit"))

    class Meta:
        model = Clock
        fields: ClassVar[list[str]] = []

    def of_rung(self, queryset: Any, name: str, rung: str) -> QuerySet[Clock]:
        found: QuerySet[Clock] = queryset.standing_on(rung)
        return found


class ClockRowFilter(RedLightFilter):
    """The rows behind a figure of the board, by light, ladder and age too; `ages` and `soon_until` are set first."""

    ages: Ages
    soon_until: datetime
    type = django_filters.ChoiceFilter(
        field_name="topic", choices=topic_choices, label=p_("sort of subject", "type"), empty_label=_("all types")
    )
    age = django_filters.ChoiceFilter(
        choices=BAND_LABELS, method="of_age", label=_("how long red"), empty_label=_("any age")
    )
    light = django_filters.ChoiceFilter(
        choices=LIGHTS, method="of_light", label=_("light"), empty_label=_("all lights")
    )
    ladder = django_filters.ChoiceFilter(choices=Ladder.choices, label=_("ladder"), empty_label=_("both ladders"))

    def without_types(self) -> None:
        """For whoever reads figures only: the type of a subject is no more told by asking than by showing."""
        del self.filters["type"]

    def of_rung(self, queryset: Any, name: str, rung: str) -> QuerySet[Clock]:
        return super().of_rung(queryset.red(self.ages.at), name, rung)

    def of_age(self, queryset: Any, name: str, band: str) -> QuerySet[Clock]:
        found: QuerySet[Clock] = queryset.red(self.ages.at).filter(self.ages.of_band(band))
        return found

    def of_light(self, queryset: Any, name: str, light: str) -> QuerySet[Clock]:
        found: QuerySet[Clock] = {
            "red": lambda: queryset.red(self.ages.at),
            "yellow": lambda: queryset.yellow(self.ages.at),
            "soon": lambda: queryset.turning_red(self.ages.at, self.soon_until),
            "grey": queryset.suspended,
            "open": queryset.all,
        }[light]()
        return found


class TurnedFilter(StrictFilterSet):
    """The rungs at which clocks turned red, by unit and by the working day they count on; `calendar` is set first."""

    calendar: WorkingCalendar
    on = django_filters.DateFilter(method="of_day", label=_("working day"), widget=DATE_BOX)
    unit = django_filters.ModelChoiceFilter(
        field_name="clock__unit",
        queryset=Unit.objects.all(),
        label=p_("territory", "unit"),
        empty_label=_("all units"),
    )

    class Meta:
        model = Rung
        fields: ClassVar[list[str]] = []

    def of_day(self, queryset: Any, name: str, on: date) -> QuerySet[Rung]:
        start, end = span_of(on, self.calendar)
        found: QuerySet[Rung] = queryset.filter(reached_at__gte=start, reached_at__lt=end)
        return found


class PaperFilter(StrictFilterSet):
    """Papers by kind, unit, year of issue, and what the unit did with them."""

    STATES: ClassVar[list[tuple[str, Any]]] = [
        ("unreceived", _("not signed for")),
        ("unanswered", _("not answered")),
        ("to_judge", _("answered, to be judged")),
        ("answered", _("answered")),
    ]
    kind = django_filters.ChoiceFilter(
        choices=Paper.Kind.choices, label=_("kind of paper"), empty_label=_("both kinds")
    )
    unit = django_filters.ModelChoiceFilter(
        queryset=Unit.objects.all(), label=p_("territory", "unit"), empty_label=_("all units")
    )
    state = django_filters.ChoiceFilter(
        choices=STATES, method="of_state", label=_("receipt and reply"), empty_label=_("any")
    )
    year = django_filters.NumberFilter(
        method="of_year", label=_("year of issue"), min_value=2000, max_value=2999, decimal_places=0
    )

    class Meta:
        model = Paper
        fields: ClassVar[list[str]] = []

    def of_state(self, queryset: Any, name: str, state: str) -> QuerySet[Paper]:
        found: QuerySet[Paper] = {
            "unreceived": queryset.awaiting_receipt,
            "unanswered": queryset.awaiting_reply,
            "to_judge": queryset.to_be_judged,
            "answered": lambda: queryset.exclude(replied_at=None),
        }[state]()
        return found

    def of_year(self, queryset: Any, name: str, year: Any) -> QuerySet[Paper]:
        found: QuerySet[Paper] = queryset.of_year(int(year))
        return found

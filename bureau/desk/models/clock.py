from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.utils.translation import gettext_lazy as _

from bureau.desk.calendar import midnight
from bureau.desk.clockwork import Limit
from bureau.desk.ids import uuid7
from bureau.desk.limits import Unit as LimitUnit
from bureau.desk.subject import AboutSubject, SubjectQuerySet

if TYPE_CHECKING:
    from typing import Self

ONE_DAY = timedelta(days=1)


class Light(models.TextChoices):
    GREEN = "green", _("green light")
    YELLOW = "yellow", _("yellow light")
    RED = "red", _("red light")
    GREY = "grey", _("suspended")


WORKING_UNITS = ("working_hours", "working_days")


class Ladder(models.TextChoices):
    FULL = "full", _("full ladder")
    LIGHT_ONLY = "light_only", _("light only")


class RungName(models.TextChoices):
    WARN = "warn", _("reminder")
    URGE = "urge", _("urging notice")
    SUPERVISE = "supervise", _("supervision notice")
    REFER = "refer", _("referral candidate")


RUNGS = {
    Ladder.FULL: (RungName.WARN, RungName.URGE, RungName.SUPERVISE, RungName.REFER),
    Ladder.LIGHT_ONLY: (RungName.WARN, RungName.URGE),
}


ON_THE_BOARD = (  # what the red-light board counts by, so that it reads the index alone
    "id", "kind", "topic", "warn_at", "suspended_at", "next_rung", "limit_unit", "counts_days", "owed_by",
    "subject_type",
)  # fmt: skip


class ClockQuerySet(SubjectQuerySet):
    def running(self) -> Self:
        return self.filter(met_at=None)

    def counting(self) -> Self:
        """Running and not suspended."""
        return self.running().filter(suspended_at=None)

    def red(self, at: datetime) -> Self:
        return self.counting().filter(due_at__lt=at)

    def yellow(self, at: datetime) -> Self:
        return self.counting().filter(warn_at__lt=at, due_at__gte=at)

    def green(self, at: datetime) -> Self:
        return self.counting().filter(warn_at__gte=at)

    def due_on(self, on: date) -> Self:
        """Counting, and due within that local day."""
        return self.counting().filter(due_at__gte=midnight(on), due_at__lt=midnight(on + ONE_DAY))

    def suspended(self) -> Self:
        return self.running().exclude(suspended_at=None)

    def newly_due(self, at: datetime) -> Self:
        """Clocks whose next rung has come; served by a partial index, so the cost follows what is due."""
        return self.running().filter(next_rung_at__lte=at)

    def newly_resumed(self, at: datetime) -> Self:
        """Suspended clocks whose day of resuming has come (R11)."""
        return self.suspended().filter(resumes_at__lte=at)

    def with_light(self, at: datetime) -> Self:
        return self.annotate(light_now=light_case(at))

    def on_full_ladder(self) -> Self:
        return self.filter(ladder=Ladder.FULL)


def light_case(at: datetime, prefix: str = "") -> Case:
    """The light as SQL: the same order of questions as `Clock.light` (grid.md R5)."""
    return Case(
        When(~Q(**{f"{prefix}met_at": None}), then=F(f"{prefix}met_light")),
        When(~Q(**{f"{prefix}suspended_at": None}), then=Value(Light.GREY)),
        When(**{f"{prefix}due_at__lt": at}, then=Value(Light.RED)),
        When(**{f"{prefix}warn_at__lt": at}, then=Value(Light.YELLOW)),
        When(**{f"{prefix}warn_at__isnull": False}, then=Value(Light.GREEN)),
        default=Value(""),
        output_field=models.CharField(),
    )


class Clock(AboutSubject):
    """One obligation with a limit 时限: what began when, how long it may take, who owes it, and the next rung.

    Instants are computed once and stored (grid.md R16); a pause or an extension computes them anew.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(_("kind"), max_length=30)
    topic = models.CharField(_("sort of subject"), max_length=24, blank=True)
    ladder = models.CharField(_("ladder"), max_length=10, choices=Ladder.choices)
    limit_amount = models.DecimalField(_("limit"), max_digits=7, decimal_places=2)
    limit_unit = models.CharField(_("unit of the limit"), max_length=16)
    counts_days = models.BooleanField(_("counted in days, the first excluded"), default=False)
    started_at = models.DateTimeField(_("started at"))
    warn_at = models.DateTimeField(_("yellow at"), null=True)
    due_at = models.DateTimeField(_("due at"), null=True)
    supervise_at = models.DateTimeField(_("supervision notice at"), null=True)
    refer_at = models.DateTimeField(_("referral candidate at"), null=True)
    next_rung = models.CharField(_("next rung"), max_length=10, choices=RungName.choices, blank=True)
    next_rung_at = models.DateTimeField(_("next rung at"), null=True)
    round = models.PositiveSmallIntegerField(_("round"), default=0)
    is_provisional = models.BooleanField(_("provisional"), default=False)
    calendar_token = models.UUIDField(_("version of the calendar it was computed by"), null=True)
    suspended_at = models.DateTimeField(_("suspended at"), null=True)
    suspended_for = models.CharField(_("reason of the suspension"), max_length=200, blank=True)
    resumes_at = models.DateTimeField(_("resumes at"), null=True)
    held_until = models.DateTimeField(_("no rung before"), null=True)
    met_at = models.DateTimeField(_("met at"), null=True)
    met_light = models.CharField(_("light when met"), max_length=6, choices=Light.choices, blank=True)
    owed_role = models.CharField(_("owed by whoever is"), max_length=24, blank=True)
    owed_officers = ArrayField(models.UUIDField(), verbose_name=_("owed by these officers"), default=list, blank=True)

    objects = ClockQuerySet.as_manager()

    class Meta:
        ordering = ["due_at"]
        verbose_name = _("clock")
        verbose_name_plural = _("clocks")
        constraints = [
            models.UniqueConstraint(
                name="one_running_clock_of_a_kind",
                fields=["subject_type", "subject_id", "kind"],
                condition=Q(met_at=None),
            )
        ]
        indexes = [
            models.Index(name="clock_next_rung", fields=["next_rung_at"], condition=Q(met_at=None)),
            models.Index(name="clock_due_of_owner", fields=["owed_by", "due_at"], condition=Q(met_at=None)),
            models.Index(
                name="clock_of_board",
                fields=["ladder", "unit", "due_at"],
                include=ON_THE_BOARD,
                condition=Q(met_at=None),
            ),
            GinIndex(name="clock_of_officers", fields=["owed_officers"], condition=Q(met_at=None)),
            models.Index(name="clock_due", fields=["due_at"], condition=Q(met_at=None)),
            models.Index(name="clock_of_subject", fields=["subject_id", "kind"]),
            models.Index(
                name="clock_resumes", fields=["resumes_at"], condition=Q(met_at=None, resumes_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.limit}"

    @property
    def limit(self) -> Limit:
        return Limit(Decimal(self.limit_amount).normalize(), LimitUnit(self.limit_unit))  # 0.5, not 0.50

    @property
    def counts_working_time(self) -> bool:
        """Hours and days of work; a clock counted in dates runs on to 24:00 of its last day, by the wall clock."""
        return self.limit_unit in WORKING_UNITS and not self.counts_days

    @property
    def shown_unit(self) -> str:
        """The unit in which its time left reads: 1 day is 8 working hours, or 24 hours where dates are counted."""
        return "natural_days" if self.counts_days else self.limit_unit

    def light(self, at: datetime) -> str:
        """The light at that instant: exactly 80 % is still green, exactly 100 % still yellow (grid.md R5)."""
        if self.met_at is not None:
            return self.met_light
        if self.suspended_at is not None:
            return Light.GREY
        if self.due_at is not None and at > self.due_at:
            return Light.RED
        return Light.YELLOW if self.warn_at is not None and at > self.warn_at else Light.GREEN

    def rung_instant(self, rung: str) -> datetime | None:
        return {
            RungName.WARN: self.warn_at,
            RungName.URGE: self.due_at,
            RungName.SUPERVISE: self.supervise_at,
            RungName.REFER: self.refer_at,
        }[RungName(rung)]

    def next_rung_comes_at(self) -> datetime | None:
        """The instant of the next rung, later when a pending request for extension holds it (grid.md R4)."""
        instant = self.rung_instant(self.next_rung) if self.next_rung else None
        return max(instant, self.held_until) if instant and self.held_until else instant


class ClockSpan(models.Model):
    """A stretch of a clock that is over, or an extension granted: written once, never edited."""

    class Kind(models.TextChoices):
        RUNNING = "running", _("running")
        SUSPENDED = "suspended", _("suspended")
        STOPPED = "stopped", _("handled, then sent back")
        EXTENDED = "extended", _("extended")

    clock = models.ForeignKey(Clock, models.PROTECT, related_name="spans", verbose_name=_("clock"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    from_at = models.DateTimeField(_("from"))
    to_at = models.DateTimeField(_("to"), null=True)
    amount = models.DecimalField(_("granted"), max_digits=7, decimal_places=2, null=True)
    amount_unit = models.CharField(_("unit of what was granted"), max_length=16, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta:
        ordering = ["from_at", "id"]
        verbose_name = _("span of a clock")
        verbose_name_plural = _("spans of clocks")
        triggers = [pgtrigger.Protect(name="span_is_never_changed", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.kind} {self.from_at:%m-%d %H:%M}"

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as p_

from bureau.desk.clockwork import Limit
from bureau.desk.explain import limit_in_words
from bureau.desk.ids import uuid7
from bureau.desk.limits import Unit as LimitUnit
from bureau.desk.models.clock import Clock
from bureau.desk.subject import AboutSubject, SubjectQuerySet
from bureau.models.people import Officer
from bureau.models.units import Organisation

if TYPE_CHECKING:
    from typing import Self


class ClockRequestQuerySet(SubjectQuerySet):
    def pending(self) -> Self:
        return self.filter(status=ClockRequest.Status.PENDING)

    def granted(self) -> Self:
        return self.filter(status=ClockRequest.Status.GRANTED)

    def newly_lapsed(self, at: datetime) -> Self:
        """Pending requests whose time for a decision is over by `at`."""
        return self.pending().filter(decide_by__lt=at)

    def for_list(self) -> Self:
        return self.select_related("clock", "asked_by", "asked_for", "decided_by", "decided_for", "unit")


class ClockRequest(AboutSubject):
    """What one organisation asks about a clock, and what a person of another one decides (grid.md R4, R9 to R11).

    What was asked never changes; what was decided is written once.
    """

    class Kind(models.TextChoices):
        EXTENSION = "extension", p_("request", "extension")
        SUSPENSION = "suspension", p_("request", "suspension")
        DEFERRAL = "deferral", p_("request", "deferral")
        RETURN = "return", p_("request", "return")
        VOID = "void", p_("request", "void")
        REWORK = "rework", p_("request", "rework")

    class Status(models.TextChoices):
        PENDING = "pending", p_("request", "waits for a decision")
        GRANTED = "granted", p_("request", "granted")
        REFUSED = "refused", p_("request", "refused")
        WITHDRAWN = "withdrawn", p_("request", "withdrawn")
        LAPSED = "lapsed", p_("request", "refused by the system, undecided in time")
        MOOT = "moot", p_("request", "no longer needed")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    clock = models.ForeignKey(Clock, models.PROTECT, related_name="requests", verbose_name=_("clock"))
    status = models.CharField(_("status"), max_length=9, choices=Status.choices, default=Status.PENDING)
    level = models.PositiveSmallIntegerField(_("decided by the centre (1) or by the district (2)"), default=1)
    amount = models.DecimalField(_("asked for"), max_digits=7, decimal_places=2, null=True)
    amount_unit = models.CharField(_("unit of what is asked for"), max_length=16, blank=True)
    resumes_at = models.DateTimeField(_("to resume at"), null=True)
    reason = models.CharField(_("reason"), max_length=40)
    words = models.CharField(_("in words"), max_length=1000, blank=True)
    asked_by = models.ForeignKey(
        Officer, models.PROTECT, related_name="requests_asked", verbose_name=_("asked by"), db_index=False
    )
    asked_for = models.ForeignKey(
        Organisation, models.PROTECT, related_name="requests_asked", verbose_name=_("asked for"), db_index=False
    )
    asked_at = models.DateTimeField(_("asked at"))
    decide_by = models.DateTimeField(_("to be decided by"), null=True)
    decided_by = models.ForeignKey(
        Officer, models.PROTECT, null=True, related_name="requests_decided", verbose_name=_("decided by"),
        db_index=False,
    )  # fmt: skip
    decided_for = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="+", verbose_name=_("decided for"), db_index=False
    )
    decided_at = models.DateTimeField(_("decided at"), null=True)
    decision = models.CharField(_("reason of the decision"), max_length=1000, blank=True)
    effect = models.JSONField(_("effect on the clock"), default=dict)

    objects = ClockRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-id"]
        verbose_name = _("request about a clock")
        verbose_name_plural = _("requests about clocks")
        constraints = [
            models.UniqueConstraint(
                name="one_pending_request_of_a_kind", fields=["clock", "kind"], condition=Q(status="pending")
            ),
            models.CheckConstraint(
                name="who_asks_never_decides", condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by"))
            ),
            models.CheckConstraint(
                name="a_person_of_another_body_decides",
                condition=Q(decided_for=None) | Q(kind="rework") | ~Q(decided_for=F("asked_for")),
            ),
            models.CheckConstraint(
                name="what_is_over_was_decided_some_day",
                condition=Q(status="pending", decided_at=None) | ~Q(status="pending") & Q(decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="a_person_grants", condition=~Q(status="granted") | Q(decided_by__isnull=False)
            ),
            models.CheckConstraint(
                name="an_extension_says_how_much",
                condition=~Q(kind="extension") | Q(amount__gt=0, decide_by__isnull=False),
            ),
            models.CheckConstraint(
                name="a_suspension_says_until_when",
                condition=~Q(kind__in=("suspension", "deferral")) | Q(resumes_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(name="request_of_subject", fields=["subject_id", "asked_at"]),
            models.Index(name="request_newest", fields=["-asked_at", "-id"]),
            models.Index(name="request_pending", fields=["asked_at"], condition=Q(status="pending")),
            models.Index(name="request_to_decide", fields=["decide_by"], condition=Q(status="pending")),
        ]
        triggers = [
            pgtrigger.Protect(name="request_is_never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="decision_is_never_changed",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__status__df="pending"),
            ),
            pgtrigger.Protect(
                name="what_was_asked_is_never_changed",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(
                    "kind", "clock", "level", "amount", "amount_unit", "resumes_at", "reason", "words",
                    "asked_by", "asked_for", "asked_at", "subject_type", "subject_id",
                ),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.asked_at:%m-%d %H:%M}"

    def get_absolute_url(self) -> str:
        return reverse("bureau:request", args=[self.pk])

    @property
    def asked_limit(self) -> Limit | None:
        if self.amount is None:
            return None
        return Limit(Decimal(self.amount).normalize(), LimitUnit(self.amount_unit))

    @property
    def asked_in_words(self) -> str:
        """`4 working hours`, in the language in force; empty where no time is asked for."""
        return limit_in_words(self.asked_limit) if self.asked_limit else ""

    @property
    def is_pending(self) -> bool:
        return self.status == self.Status.PENDING

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pgtrigger
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from bureau.desk.ids import uuid7
from bureau.desk.subject import AboutSubject, SubjectQuerySet
from bureau.models.people import Officer
from bureau.models.roles import Role
from bureau.models.units import Organisation

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Self

MOST_TRIES = 5


class NoticeQuerySet(SubjectQuerySet):
    def addressed_to(self, officer: Any) -> Self:
        """Notices for this person by name, or for a role this person holds in the organisation told."""
        if not officer.is_authenticated:
            return self.none()
        mine = Q(to_officer=officer)
        for posting in officer.postings_now:
            mine |= Q(to_organisation_id=posting.organisation_id, to_role__in=("", posting.role))
        return self.filter(mine)

    def unread_by(self, officer: Any) -> Self:
        read = NoticeReceipt.objects.filter(notice=OuterRef("pk"), officer=officer)
        return self.addressed_to(officer).exclude(sent_at=None).filter(~Exists(read))

    def unsent(self) -> Self:
        return self.filter(sent_at=None)

    def ready(self, at: datetime) -> Self:
        """To be delivered now: one that failed waits for its next try, and after the last one for a person."""
        return self.unsent().filter(Q(retry_at=None) | Q(retry_at__lte=at), tries__lt=MOST_TRIES)

    def climbing(self, at: datetime) -> Self:
        """Urgent ones whose time to be read is over."""
        return self.filter(climbs_at__lte=at)

    def unheard(self) -> Self:
        """Those that reached nobody and that nobody has read since."""
        return self.filter(is_unheard=True, receipts=None)

    def sounding(self) -> Self:
        return self.filter(passed_on=PassedOn.DESK)

    def stuck(self) -> Self:
        return self.unsent().filter(tries__gte=MOST_TRIES)


class PassedOn(models.TextChoices):
    """Why a message stands with somebody to whom it was not addressed."""

    ABSENT = "absent", _("the receiver is away, moved or gone")
    UNREAD = "unread", _("the receiver did not read it in time")
    DESK = "desk", _("nobody read it in time")


class Notice(AboutSubject):
    """A message to a person or a post: the outbox row itself, posted in the transaction of what it tells of."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(_("kind"), max_length=40)
    to_officer = models.ForeignKey(
        Officer, models.PROTECT, null=True, related_name="notices", verbose_name=_("to officer")
    )
    to_organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="notices", verbose_name=_("to organisation")
    )
    to_role = models.CharField(_("to whoever is"), max_length=24, blank=True)
    params = models.JSONField(_("what is told"), default=dict)
    dedupe_key = models.CharField(_("told once"), max_length=200, unique=True)
    is_urgent = models.BooleanField(_("urgent"), default=False)
    created_at = models.DateTimeField(_("created at"))
    sent_at = models.DateTimeField(_("sent at"), null=True)
    tries = models.PositiveSmallIntegerField(_("failed tries"), default=0)
    retry_at = models.DateTimeField(_("next try at"), null=True)
    climbs_at = models.DateTimeField(_("goes on at, if nobody reads it"), null=True)
    steps = models.PositiveSmallIntegerField(_("steps it went on"), default=0)
    copy_of = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="copies", verbose_name=_("passed on from")
    )
    passed_on = models.CharField(_("why it was passed on"), max_length=8, choices=PassedOn.choices, blank=True)
    is_unheard = models.BooleanField(_("reached nobody"), default=False)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        constraints = [
            models.CheckConstraint(
                name="a_notice_has_a_receiver",
                condition=Q(to_officer__isnull=False) | Q(to_organisation__isnull=False),
            )
        ]
        indexes = [
            models.Index(name="notice_unsent", fields=["created_at"], condition=Q(sent_at=None)),
            models.Index(name="notice_climbs", fields=["climbs_at"], condition=Q(climbs_at__isnull=False)),
            models.Index(name="notice_unheard", fields=["created_at"], condition=Q(is_unheard=True)),
            models.Index(name="notice_to_post", fields=["to_organisation", "to_role", "-created_at"]),
        ]
        triggers = [pgtrigger.Protect(name="notice_is_never_deleted", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.kind} {self.created_at:%m-%d %H:%M}"

    @property
    def role_in_words(self) -> str:
        return str(Role(self.to_role).label) if self.to_role else ""


class NoticeReceipt(models.Model):
    """Who read a notice, and when."""

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="receipts", verbose_name=_("message"))
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="+", verbose_name=_("officer"))
    read_at = models.DateTimeField(_("read at"))

    class Meta:
        verbose_name = _("receipt")
        verbose_name_plural = _("receipts")
        constraints = [models.UniqueConstraint(name="one_receipt_of_a_reader", fields=["notice", "officer"])]

    def __str__(self) -> str:
        return f"{self.officer} {self.read_at:%m-%d %H:%M}"

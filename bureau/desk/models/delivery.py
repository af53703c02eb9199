from __future__ import annotations

from typing import TYPE_CHECKING

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bureau.desk.ids import uuid7
from bureau.desk.models.notice import Notice
from bureau.desk.models.subscription import Subscription
from bureau.desk.scope import Grant, Projection, Reach, ScopedQuerySet
from bureau.models.people import Officer
from bureau.models.roles import Role

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Self


class Channel(models.TextChoices):
    """The ways out of the portal, in the order in which a person is tried; in the portal itself a notice is a row."""

    WECOM = "wecom", _("WeChat Work")
    MAIL = "mail", _("e-mail")
    SMS = "sms", _("text message")
    WEBHOOK = "webhook", _("webhook")


class Contact(models.Model):
    """Where a person is reached outside the portal: bound and confirmed by the person, ended and never deleted."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="contacts", verbose_name=_("officer"))
    channel = models.CharField(_("channel"), max_length=8, choices=Channel.choices)
    address = models.CharField(_("address"), max_length=254)
    asked_at = models.DateTimeField(_("asked at"))
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True)
    ended_at = models.DateTimeField(_("ended at"), null=True)
    is_digest = models.BooleanField(_("what is not urgent together, once a day"), default=False)
    wrong_codes = models.PositiveSmallIntegerField(_("wrong codes"), default=0)

    class Meta:
        ordering = ["asked_at", "id"]
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        constraints = [
            models.UniqueConstraint(
                name="one_contact_of_a_person_in_a_channel", fields=["officer", "channel"], condition=Q(ended_at=None)
            )
        ]
        triggers = [pgtrigger.Protect(name="contact_is_never_deleted", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.get_channel_display()} {self.officer}"

    @property
    def is_confirmed(self) -> bool:
        return self.confirmed_at is not None and self.ended_at is None


class DeliveryQuerySet(ScopedQuerySet):
    """The outbox is kept by the administrators and looked at by the auditor; what a message tells stands elsewhere."""

    access = {
        Role.SYSADMIN: Grant(Reach.EVERY, Projection.METADATA),
        Role.AUDITOR: Grant(Reach.EVERY, Projection.METADATA),
    }

    def for_list(self) -> Self:
        return self.select_related("notice", "contact__officer", "subscription__organisation")

    def waiting(self) -> Self:
        return self.filter(state__in=(Delivery.State.QUEUED, Delivery.State.LEASED))

    def ready(self, at: datetime) -> Self:
        """Due by `at` and held by nobody; a lease ends by the clock of the database."""
        queued = Q(state=Delivery.State.QUEUED)
        return self.filter(queued | Q(state=Delivery.State.LEASED, leased_until__lt=Now()), due_at__lte=at)

    def held_with(self, token: object) -> Self:
        return self.filter(state=Delivery.State.LEASED, token=token)

    def dead(self) -> Self:
        return self.filter(state=Delivery.State.DEAD)


class Delivery(models.Model):
    """One message on one way out to one receiver: the row is the queue.

    `said_once` names receiver, way and what is told, so that the same news never leaves twice on one way. A lease of
    at most 120 s and a token hold it while it is sent (I26); whoever lost the token settles nothing.
    """

    class State(models.TextChoices):
        QUEUED = "queued", pgettext_lazy("delivery", "waiting")
        LEASED = "leased", pgettext_lazy("delivery", "under way")
        SENT = "sent", pgettext_lazy("delivery", "sent")
        DROPPED = "dropped", pgettext_lazy("delivery", "no longer needed")
        DEAD = "dead", pgettext_lazy("delivery", "undeliverable")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    notice = models.ForeignKey(Notice, models.PROTECT, related_name="deliveries", verbose_name=_("message"))
    channel = models.CharField(_("channel"), max_length=8, choices=Channel.choices)
    contact = models.ForeignKey(Contact, models.PROTECT, null=True, related_name="+", verbose_name=_("contact"))
    subscription = models.ForeignKey(
        Subscription, models.PROTECT, null=True, related_name="deliveries", verbose_name=_("webhook")
    )
    said_once = models.CharField(_("told once"), max_length=64, unique=True)
    is_urgent = models.BooleanField(_("urgent"), default=False)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.QUEUED)
    queued_at = models.DateTimeField(_("queued at"))
    due_at = models.DateTimeField(_("not before"))
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    token = models.UUIDField(_("token of its holder"), null=True)
    leased_until = models.DateTimeField(_("leased until"), null=True)
    settled_at = models.DateTimeField(_("settled at"), null=True)
    why = models.CharField(_("why it failed"), max_length=60, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        ordering = ["-queued_at", "-id"]
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = [
            models.CheckConstraint(
                name="a_delivery_goes_to_a_person_or_to_a_system",
                condition=Q(contact__isnull=False, subscription=None) | Q(contact=None, subscription__isnull=False),
            ),
            models.CheckConstraint(
                name="a_delivery_under_way_has_a_holder",
                condition=~Q(state="leased") | Q(token__isnull=False, leased_until__isnull=False),
            ),
            models.CheckConstraint(
                name="a_delivery_is_settled_once_it_is_over",
                condition=Q(state__in=["queued", "leased"], settled_at=None)
                | Q(state__in=["sent", "dropped", "dead"], settled_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                F("channel"), F("is_urgent").desc(), F("due_at"),
                name="delivery_waiting", condition=Q(state__in=["queued", "leased"]),
            ),
            models.Index(name="delivery_dead", fields=["-settled_at"], condition=Q(state="dead")),
        ]  # fmt: skip
        triggers = [pgtrigger.Protect(name="delivery_is_never_deleted", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.get_channel_display()} {self.notice}"

    def get_absolute_url(self) -> str:
        return reverse("bureau:delivery", args=[self.pk])

    @property
    def receiver(self) -> str:
        return str(self.contact.officer if self.contact else self.subscription)


class Lane(models.Model):
    """A way out that does not answer, since when, and until when nobody tries it."""

    channel = models.CharField(_("channel"), max_length=8, primary_key=True, choices=Channel.choices)
    failing_since = models.DateTimeField(_("failing since"), null=True)
    closed_until = models.DateTimeField(_("closed until"), null=True)
    failures = models.PositiveIntegerField(_("failures in a row"), default=0)
    why = models.CharField(_("why it failed"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("way out")
        verbose_name_plural = _("ways out")

    def __str__(self) -> str:
        return self.get_channel_display()

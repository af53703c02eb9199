from __future__ import annotations

import pgtrigger
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bureau.desk.ids import uuid7
from bureau.desk.scope import Grant, Projection, Reach, ScopedQuerySet
from bureau.models.people import Officer
from bureau.models.roles import Role
from bureau.models.units import Organisation


class SubscriptionQuerySet(ScopedQuerySet):
    access = {
        Role.SYSADMIN: Grant(Reach.EVERY, Projection.METADATA),
        Role.AUDITOR: Grant(Reach.EVERY, Projection.METADATA),
    }


class Subscription(models.Model):
    """A system of an organisation that is told by signed webhooks what the organisation is told; ended, never deleted.

    `secret` is what the receiver checks signatures with (Standard Webhooks, `whsec_` and base64); it is shown once.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="subscriptions", verbose_name=_("organisation")
    )
    url = models.CharField(_("address of the system"), max_length=300)
    secret = models.CharField(_("secret"), max_length=120)
    kinds = models.JSONField(_("kinds of event"), default=list, blank=True)
    made_by = models.ForeignKey(Officer, models.PROTECT, related_name="+", verbose_name=_("made by"))
    made_at = models.DateTimeField(_("made at"))
    ended_at = models.DateTimeField(_("ended at"), null=True)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        ordering = ["made_at", "id"]
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        triggers = [pgtrigger.Protect(name="subscription_is_never_deleted", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.organisation} {self.url}"

    def get_absolute_url(self) -> str:
        return reverse("bureau:webhook", args=[self.pk])

    def wants(self, kind: str) -> bool:
        return not self.kinds or kind in self.kinds

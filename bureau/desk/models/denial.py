"""Requests that were refused, each a line of the trail of whoever asked."""

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from bureau.desk.models.entry import DatabaseClock
from bureau.desk.models.root import waits_for_a_root
from bureau.desk.scope import Grant, Projection, Reach, ScopedQuerySet
from bureau.models.people import Officer
from bureau.models.roles import Role


class DenialQuerySet(ScopedQuerySet):
    """Who reads the trail of refusals (security.md section 3, audit.read)."""

    access = {role: Grant(Reach.EVERY, Projection.FULL) for role in (Role.AUDITOR, Role.SUPERVISION)}


class Denial(models.Model):
    """A request that was refused 被拒绝的请求: by whom, which, and why; never what was sent with it."""

    class Via(models.TextChoices):
        PAGE = "page", _("page")
        KEY = "key", _("API key")

    account = models.ForeignKey(
        Officer, models.PROTECT, null=True, related_name="+", verbose_name=_("account"), db_index=False
    )
    seq = models.PositiveIntegerField(_("line"))
    at = models.DateTimeField(_("at"))
    recorded_at = models.DateTimeField(_("recorded at"), db_default=DatabaseClock())
    status = models.PositiveSmallIntegerField(_("status"))
    code = models.CharField(_("code"), max_length=60)
    method = models.CharField(_("method"), max_length=8)
    route = models.CharField(_("address"), max_length=200)
    subject = models.UUIDField(_("subject"), null=True)
    via = models.CharField(_("by way of"), max_length=8, choices=Via.choices)
    trace = models.CharField(_("trace"), max_length=32)
    previous_hash = models.CharField(_("hash of the line before"), max_length=64, blank=True)
    hash = models.CharField(_("hash"), max_length=64)

    objects = DenialQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        verbose_name = _("refused request")
        verbose_name_plural = _("refused requests")
        indexes = [models.Index(name="denial_at", fields=["at"]), models.Index(name="denial_code", fields=["code"])]
        constraints = [
            models.UniqueConstraint(
                name="one_refusal_of_a_number_of_an_account", fields=["account", "seq"], nulls_distinct=False
            )
        ]
        triggers = [
            pgtrigger.Protect(name="denial_is_never_changed", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="denials_are_never_emptied",
                operation=pgtrigger.Truncate,
                level=pgtrigger.Statement,
                when=pgtrigger.Before,
                func="RAISE EXCEPTION 'The trail is never emptied';",
            ),
            waits_for_a_root(
                "denial_waits_for_a_root",
                "SELECT 'denial', id::text, NULL::integer, account_id, seq, hash FROM fresh ORDER BY fresh.id",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.status} {self.code}"

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bureau.models.people import Officer
from bureau.models.units import Organisation


class ApiKey(models.Model):
    """A key of the API, kept as a hash: personal (acts as its person) or a partner's (acts as its organisation)."""

    digest = models.CharField(_("SHA-256 of the key"), max_length=64, unique=True)
    hint = models.CharField(_("first characters"), max_length=12)
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="api_keys", verbose_name=_("officer"))
    partner = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="api_keys", verbose_name=_("partner")
    )
    scopes = models.JSONField(_("scopes"), default=list, blank=True)
    issued_at = models.DateTimeField(_("issued at"))
    expires_at = models.DateTimeField(_("expires at"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)

    class Meta:
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")
        constraints = [
            models.CheckConstraint(
                name="a_personal_key_expires", condition=~Q(partner=None) | Q(expires_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.hint}…"


class IdempotencyRecord(models.Model):
    """The answer given to a creation, so that the same request asked again gets the same answer."""

    owner = models.CharField(_("who asked"), max_length=60)
    key = models.CharField(_("key"), max_length=200)
    request_digest = models.CharField(_("SHA-256 of the request"), max_length=64)
    status = models.PositiveSmallIntegerField(_("status"), null=True)
    body = models.JSONField(_("answer"), null=True)
    headers = models.JSONField(_("headers"), default=dict)
    created_at = models.DateTimeField(_("created at"))

    class Meta:
        verbose_name = _("answered request")
        verbose_name_plural = _("answered requests")
        constraints = [models.UniqueConstraint(name="one_answer_to_a_key_of_an_owner", fields=["owner", "key"])]

    def __str__(self) -> str:
        return f"{self.owner} {self.key}"

from collections.abc import Sequence
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from bureau.desk.ids import uuid7
from bureau.models.roles import Role
from bureau.models.units import Dated, DatedQuerySet, Organisation

if TYPE_CHECKING:
    from typing import Self


class OfficerManager(BaseUserManager["Officer"]):
    def get_by_natural_key(self, username: str | None) -> "Officer":
        return self.get(username=username)


class Officer(AbstractBaseUser):
    """One natural person, one account. What the person may do stands in postings, never here."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    username = models.CharField(_("staff number"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=40)
    mobile = models.CharField(_("mobile"), max_length=11, null=True, blank=True, unique=True)
    is_active = models.BooleanField(_("active"), default=True)
    language = models.CharField(_("language"), max_length=8, default="zh-hans")

    USERNAME_FIELD = "username"
    objects = OfficerManager()

    class Meta:
        ordering = ["username"]
        verbose_name = _("officer")
        verbose_name_plural = _("officers")

    def __str__(self) -> str:
        return self.name

    @cached_property
    def postings_now(self) -> Sequence["Posting"]:
        """Postings in force by the database's own time, read once for each request."""
        return list(self.postings.current().select_related("organisation", "organisation__unit"))

    @property
    def roles_now(self) -> frozenset[Role]:
        return frozenset(Role(posting.role) for posting in self.postings_now)

    def holds(self, *roles: Role) -> bool:
        return not self.roles_now.isdisjoint(roles)

    def certificate_on(self, on: date) -> "Certificate | None":
        """The enforcement certificate that is valid on that day, or None (law.md 3.8: the date of the act counts)."""
        valid = Certificate.objects.in_force(on).filter(officer=self, status=Certificate.Status.VALID)
        found: Certificate | None = valid.first()
        return found


class PostingQuerySet(models.QuerySet):
    def current(self) -> "Self":
        """In force now, by the clock of the database."""
        return self.filter(starts_at__lte=Now()).filter(Q(ends_at=None) | Q(ends_at__gt=Now()))

    def at(self, at: datetime) -> "Self":
        return self.filter(starts_at__lte=at).filter(Q(ends_at=None) | Q(ends_at__gt=at))

    def held_by_active(self) -> "Self":
        return self.filter(officer__is_active=True)


class Posting(models.Model):
    """A person serves an organisation in a role, from one instant to another."""

    officer = models.ForeignKey(Officer, models.PROTECT, related_name="postings", verbose_name=_("officer"))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="postings", verbose_name=_("organisation")
    )
    role = models.CharField(_("role"), max_length=24, choices=Role.choices)
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("to"), null=True, blank=True)
    deputy_of = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="deputies", verbose_name=_("deputy of")
    )

    objects = PostingQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "id"]
        verbose_name = _("posting")
        verbose_name_plural = _("postings")
        constraints = [
            models.CheckConstraint(
                name="posting_ends_after_it_begins", condition=Q(ends_at=None) | Q(ends_at__gt=F("starts_at"))
            ),
            models.UniqueConstraint(
                name="one_open_posting_of_a_role_in_an_organisation",
                fields=["officer", "organisation", "role"],
                condition=Q(ends_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} {self.get_role_display()}"


class Certificate(Dated):
    """Administrative enforcement certificate 行政执法证; without one a person is never one of the two officers."""

    class Status(models.TextChoices):
        VALID = "valid", _("valid")
        WITHHELD = "withheld", _("withheld")
        CANCELLED = "cancelled", _("cancelled")

    officer = models.ForeignKey(Officer, models.PROTECT, related_name="certificates", verbose_name=_("officer"))
    number = models.CharField(_("certificate number"), max_length=30, unique=True)
    scope = models.CharField(_("scope"), max_length=60, default="城市管理行政执法")
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.VALID)

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["valid_from"]
        verbose_name = _("enforcement certificate")
        verbose_name_plural = _("enforcement certificates")

    def __str__(self) -> str:
        return self.number

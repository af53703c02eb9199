"""What a row of the desk is about: any noun of any room, without the desk knowing the noun."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _

from bureau.desk.scope import Grant, Projection, Reach, ScopedQuerySet
from bureau.models.roles import Role
from bureau.models.units import Organisation, Unit

if TYPE_CHECKING:
    from typing import Self

FULL = Projection.FULL
SUBJECT_ACCESS = {
    Role.INSPECTOR: Grant(Reach.EVERY, FULL),
    Role.OPERATOR: Grant(Reach.EVERY, FULL),
    Role.SHIFT_LEADER: Grant(Reach.EVERY, FULL),
    Role.DISPATCHER: Grant(Reach.EVERY, FULL),
    Role.UNIT_DESK: Grant(Reach.UNIT, FULL),
    Role.TOWN_LEADER: Grant(Reach.UNIT, FULL),
    Role.SQUAD_OFFICER: Grant(Reach.UNIT, FULL),
    Role.SQUAD_LEADER: Grant(Reach.UNIT, FULL),
    Role.LEGAL: Grant(Reach.EVERY, Projection.NO_PERSONS),
    Role.DEPUTY: Grant(Reach.EVERY, FULL),
    Role.DIRECTOR: Grant(Reach.EVERY, FULL),
    Role.SUPERVISION: Grant(Reach.EVERY, FULL),
    Role.DISTRICT_SUPERVISION: Grant(Reach.EVERY, Projection.METADATA),
    Role.PARTNER: Grant(Reach.OWN, FULL),
    Role.AUDITOR: Grant(Reach.EVERY, Projection.METADATA),
    Role.SYSADMIN: Grant(Reach.EVERY, Projection.METADATA),
}


class SubjectQuerySet(ScopedQuerySet):
    """Rows of the desk in lists: fenced by `unit` and `owed_by`; opening one goes through its own subject."""

    access = SUBJECT_ACCESS
    holder_field = "owed_by"
    subject_field = "subject_id"

    def about(self, subject: models.Model) -> Self:
        return self.filter(subject_type=ContentType.objects.get_for_model(subject), subject_id=subject.pk)


class AboutSubject(models.Model):
    subject_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+", verbose_name=_("kind of subject"))
    subject_id = models.UUIDField(_("subject"))
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", verbose_name=_("unit"))
    owed_by = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+", verbose_name=_("owed by"))
    subject = GenericForeignKey("subject_type", "subject_id")

    class Meta:
        abstract = True


def facts_of(subject: models.Model) -> dict[str, Any]:
    """The columns with which a row of the desk points to its subject."""
    return {
        "subject_type": ContentType.objects.get_for_model(subject),
        "subject_id": subject.pk,
        "unit_id": getattr(subject, "unit_id", None),
    }

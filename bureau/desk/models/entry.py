from typing import Any

import pgtrigger
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from bureau.desk.models.root import waits_for_a_root
from bureau.desk.subject import AboutSubject, SubjectQuerySet
from bureau.models.people import Officer
from bureau.models.units import Organisation


class DatabaseClock(Now):
    """The wall clock of the database at this very statement, not at the beginning of the transaction."""

    template = "clock_timestamp()"

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_sql(compiler, connection, template=self.template, **extra)


class Entry(AboutSubject):
    """One line of the trail 流转记录: written with the act, never changed, chained to the line before it."""

    seq = models.PositiveIntegerField(_("line"))
    verb = models.CharField(_("act"), max_length=40)
    source = models.CharField(_("from status"), max_length=30, blank=True)
    target = models.CharField(_("to status"), max_length=30, blank=True)
    by = models.ForeignKey(
        Officer, models.PROTECT, null=True, related_name="entries", verbose_name=_("by"), db_index=False
    )
    acting_for = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="+", verbose_name=_("acting for"), db_index=False
    )
    acting_as = models.CharField(_("acting as"), max_length=24, blank=True)
    at = models.DateTimeField(_("at"))
    recorded_at = models.DateTimeField(_("recorded at"), db_default=DatabaseClock())
    note = models.TextField(_("note"), blank=True)
    facts = models.JSONField(_("facts"), default=dict)
    previous_hash = models.CharField(_("hash of the line before"), max_length=64, blank=True)
    hash = models.CharField(_("hash"), max_length=64)

    objects = SubjectQuerySet.as_manager()

    class Meta:
        ordering = ["subject_type", "subject_id", "seq"]
        verbose_name = _("trail entry")
        verbose_name_plural = _("trail entries")
        constraints = [
            models.UniqueConstraint(
                name="one_line_of_a_number_in_a_trail", fields=["subject_id", "subject_type", "seq"]
            )
        ]
        triggers = [
            pgtrigger.Protect(name="entry_is_never_changed", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="entries_are_never_emptied",
                operation=pgtrigger.Truncate,
                level=pgtrigger.Statement,
                when=pgtrigger.Before,
                func="RAISE EXCEPTION 'The trail is never emptied';",
            ),
            waits_for_a_root(
                "entry_waits_for_a_root",
                "SELECT 'entry', id::text, subject_type_id, subject_id, seq, hash FROM fresh ORDER BY fresh.id",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.verb}"

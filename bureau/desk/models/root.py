"""What waits to be sealed, and the roots that seal it."""

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from bureau.desk.scope import Grant, Projection, Reach, ScopedQuerySet
from bureau.models.roles import Role


def waits_for_a_root(name: str, rows: str) -> pgtrigger.Trigger:
    """A trigger that queues new rows for the sealer; the database does it, so that no writer can forget it.

    `rows` selects kind, row, subject type, subject, line and hash from `fresh`.
    """
    return pgtrigger.Trigger(
        name=name,
        operation=pgtrigger.Insert,
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        referencing=pgtrigger.Referencing(new="fresh"),  # type: ignore[no-untyped-call]  # the library has none there
        func=f"INSERT INTO bureau_unsealed (kind, row, subject_type_id, subject_id, seq, hash) {rows}; RETURN NULL;",
    )


class Unsealed(models.Model):
    """A line that no root knows yet, as it was when it was written; the sealer takes it away."""

    kind = models.CharField(_("kind"), max_length=12)
    row = models.CharField(_("row"), max_length=40)
    subject_type_id = models.IntegerField(_("kind of subject"), null=True)
    subject_id = models.UUIDField(_("subject"), null=True)
    seq = models.PositiveIntegerField(_("line"))
    hash = models.CharField(_("hash"), max_length=64)

    class Meta:
        ordering = ["id"]
        verbose_name = _("line without a root")
        verbose_name_plural = _("lines without a root")

    def __str__(self) -> str:
        return f"{self.kind} {self.row}"


class RootQuerySet(ScopedQuerySet):
    """Who checks the trail (security.md section 3, audit.verify); a root holds hashes alone, so whole or not at all."""

    access = {
        role: Grant(Reach.EVERY, Projection.FULL)
        for role in (Role.SUPERVISION, Role.DISTRICT_SUPERVISION, Role.AUDITOR, Role.SYSADMIN)
    }


class TrailRoot(models.Model):
    """A signature over all lines written since the root before, and over that root: see bureau.proofs.roots.

    `text` is the root as outsiders get it; the other columns repeat of it what pages ask for.
    """

    n = models.PositiveBigIntegerField(_("number of the root"), primary_key=True)
    at = models.DateTimeField(_("sealed at"))
    digest = models.CharField(_("hash of the root"), max_length=64)
    lines = models.PositiveIntegerField(_("lines sealed"))
    text = models.TextField(_("the root as handed out"))

    objects = RootQuerySet.as_manager()

    class Meta:
        ordering = ["n"]
        verbose_name = _("root of the trail")
        verbose_name_plural = _("roots of the trail")
        indexes = [models.Index(name="root_at", fields=["at"])]
        triggers = [
            pgtrigger.Protect(name="root_is_never_changed", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="roots_are_never_emptied",
                operation=pgtrigger.Truncate,
                level=pgtrigger.Statement,
                when=pgtrigger.Before,
                func="RAISE EXCEPTION 'Roots of the trail are never emptied';",
            ),
        ]

    def __str__(self) -> str:
        return f"root {self.n}"

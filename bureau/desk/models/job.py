from __future__ import annotations

from typing import TYPE_CHECKING

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bureau.desk.ids import uuid7
from bureau.desk.models.document import Document
from bureau.desk.scope import Grant, Projection, Reach, ScopedQuerySet
from bureau.models.people import Officer
from bureau.models.roles import Role

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Self

MOST_TRIES = 5


class JobQuerySet(ScopedQuerySet):
    """Whoever ordered it follows it, and nobody else."""

    access = {role: Grant(Reach.MINE, Projection.FULL) for role in Role}
    maker_field = "asked_by"

    def live(self) -> Self:
        return self.filter(state__in=(Job.State.WAITING, Job.State.RUNNING))

    def abandoned(self) -> Self:
        """Whose holder has not been heard of for a lease, by the clock of the database."""
        return self.filter(state=Job.State.RUNNING, leased_until__lt=Now())

    def ready(self, at: datetime) -> Self:
        waiting = Q(state=Job.State.WAITING, not_before__lte=at)
        return self.filter(waiting | Q(state=Job.State.RUNNING, leased_until__lt=Now()), tries__lt=MOST_TRIES)

    def held_with(self, token: object) -> Self:
        return self.filter(state=Job.State.RUNNING, token=token)


class Job(models.Model):
    """Work in the background that somebody ordered and waits for: its place in the queue, its progress, its file.

    `key` says what is made: while one is live, another order of the same is the same job. A lease of at most 120 s
    and a token hold it (I26); whoever lost the token can neither report nor keep anything.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("at work")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(_("kind of work"), max_length=40)
    key = models.CharField(_("made once"), max_length=200)
    facts = models.JSONField(_("what it is made of"), default=dict)
    asked_by = models.ForeignKey(Officer, models.PROTECT, related_name="+", verbose_name=_("job ordered by"))
    asked_at = models.DateTimeField(_("ordered at"))
    not_before = models.DateTimeField(_("not before"))
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    token = models.UUIDField(_("token of its holder"), null=True)
    leased_until = models.DateTimeField(_("leased until"), null=True)
    done_steps = models.PositiveIntegerField(_("steps done"), default=0)
    all_steps = models.PositiveIntegerField(_("steps in all"), default=0)
    why = models.CharField(_("why it failed"), max_length=60, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True)
    document = models.ForeignKey(Document, models.PROTECT, null=True, related_name="+", verbose_name=_("its file"))

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-id"]
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        constraints = [
            models.UniqueConstraint(
                name="one_live_job_of_a_key_and_person",
                fields=["key", "asked_by"],
                condition=Q(state__in=("waiting", "running")),
            ),
            models.CheckConstraint(
                name="a_running_job_is_leased",
                condition=~Q(state="running") | Q(token__isnull=False, leased_until__isnull=False),
            ),
            models.CheckConstraint(
                name="a_done_job_has_its_file", condition=~Q(state="done") | Q(document__isnull=False)
            ),
            models.CheckConstraint(name="no_more_steps_than_all", condition=Q(done_steps__lte=F("all_steps"))),
        ]
        indexes = [models.Index(name="job_live", fields=["asked_at"], condition=Q(state__in=("waiting", "running")))]
        triggers = [pgtrigger.Protect(name="job_is_never_deleted", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"

    def get_absolute_url(self) -> str:
        return reverse("bureau:job", args=[self.pk])

    @property
    def is_live(self) -> bool:
        return self.state in (self.State.WAITING, self.State.RUNNING)

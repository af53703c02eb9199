from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bureau.desk.ids import uuid7
from bureau.desk.models import Clock, Document, Entry
from bureau.desk.models.clock import ClockQuerySet
from bureau.desk.models.document import DocumentQuerySet
from bureau.models import Officer, Organisation, Unit
from grid.models.catalogue import IssueType
from grid.models.cells import Cell
from grid.querysets import AssignmentQuerySet, IssueQuerySet
from grid.statuses import AT_WORK, NOT_YET_FILED, OPEN, Status

NEWEST = ["-reported_at", "-id"]


class Issue(models.Model):
    """A problem of the city at a place 问题: reported, filed, dispatched, handled, verified by someone else, closed."""

    Status = Status

    class Channel(models.TextChoices):
        PATROL = "patrol", _("patrol")
        HOTLINE = "hotline", _("24 h hotline")
        PUBLIC = "public", _("public page")
        STATION = "station", _("work station")
        KIOSK = "kiosk", _("service kiosk")
        STUDIO = "studio", _("community studio")
        WECHAT = "wechat", _("WeChat")
        ORDER_12345 = "order_12345", _("12345 order")
        ALARM = "alarm", _("alarm")
        PARTNER = "partner", pgettext_lazy("channel", "partner body")
        LEADER = "leader", _("leader's instruction")
        OPEN311 = "open311", _("Open311")

    class Outcome(models.TextChoices):
        FIXED = "fixed", _("fixed")
        PARTLY_FIXED = "partly_fixed", _("partly fixed")
        NOT_FIXABLE = "not_fixable", _("not fixable")
        CASE_OPENED = "case_opened", _("enforcement case opened")

    class Crs(models.TextChoices):
        WGS84 = "EPSG:4326", "WGS-84"
        GCJ02 = "GCJ02", "GCJ-02"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.CharField(_("number"), max_length=12, unique=True)
    type = models.ForeignKey(IssueType, models.PROTECT, related_name="issues", verbose_name=_("type"), db_index=False)
    description = models.TextField(_("description"))
    address = models.CharField(_("address"), max_length=200, blank=True)
    longitude = models.FloatField(_("longitude (WGS-84)"), null=True)
    latitude = models.FloatField(_("latitude (WGS-84)"), null=True)
    given_crs = models.CharField(_("coordinates given in"), max_length=10, choices=Crs.choices, blank=True)
    given_longitude = models.FloatField(_("longitude as given"), null=True)
    given_latitude = models.FloatField(_("latitude as given"), null=True)
    cell = models.ForeignKey(Cell, models.PROTECT, null=True, related_name="issues", verbose_name=_("cell"))
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="issues", verbose_name=pgettext_lazy("territory", "unit"), db_index=False
    )
    handled_by = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="issues", verbose_name=_("handled by"), db_index=False
    )
    status = models.CharField(_("status"), max_length=12, choices=Status.choices)
    channel = models.CharField(_("channel"), max_length=12, choices=Channel.choices)
    occurred_at = models.DateTimeField(_("occurred at"))
    reported_at = models.DateTimeField(_("reported at"))
    reported_by = models.ForeignKey(
        Officer, models.PROTECT, null=True, related_name="issues_reported", verbose_name=_("reported by")
    )
    external_ref = models.CharField(_("number given elsewhere"), max_length=60, blank=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="children", verbose_name=_("goes along with"), db_index=False
    )
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome.choices, blank=True)
    case_number = models.CharField(_("number of the enforcement case"), max_length=60, blank=True)
    rework_count = models.PositiveSmallIntegerField(_("times reworked"), default=0)
    handled_at = models.DateTimeField(_("handled at"), null=True)
    closed_at = models.DateTimeField(_("closed at"), null=True)

    objects = IssueQuerySet.as_manager()

    class Meta:
        ordering = NEWEST
        verbose_name = _("issue")
        verbose_name_plural = _("issues")
        constraints = [
            models.CheckConstraint(
                name="a_place_has_both_coordinates",
                condition=Q(longitude=None, latitude=None) | Q(longitude__isnull=False, latitude__isnull=False),
            ),
            models.CheckConstraint(
                name="no_work_without_a_handler",
                condition=~Q(status__in=[*AT_WORK, Status.CLOSED]) | Q(handled_by__isnull=False),
            ),
            models.CheckConstraint(
                name="a_case_opened_has_a_number", condition=~Q(outcome="case_opened") | ~Q(case_number="")
            ),
            models.CheckConstraint(
                name="only_what_is_not_dispatched_goes_along",
                condition=Q(merged_into=None)
                | Q(status__in=[Status.REPORTED, Status.CONFIRMING, Status.ACCEPTED, Status.FILED])
                & ~Q(merged_into=F("id")),
            ),
            models.UniqueConstraint(
                name="one_issue_of_an_outside_number", fields=["channel", "external_ref"], condition=~Q(external_ref="")
            ),
        ]
        indexes = [
            models.Index(name="issue_newest", fields=NEWEST),
            models.Index(name="issue_of_unit", fields=["unit", *NEWEST]),
            models.Index(name="issue_of_handler", fields=["handled_by", *NEWEST]),
            models.Index(name="issue_of_type", fields=["type", *NEWEST]),
            models.Index(name="issue_of_status", fields=["status", *NEWEST]),
            models.Index(name="issue_of_channel", fields=["channel", *NEWEST]),
            models.Index(name="issue_open_of_unit", fields=["unit", "status", *NEWEST], condition=Q(status__in=OPEN)),
            models.Index(name="issue_merged", fields=["merged_into"], condition=Q(merged_into__isnull=False)),
            models.Index(name="issue_address", fields=["address"], opclasses=["varchar_pattern_ops"]),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("grid:detail", args=[self.pk])

    @property
    def is_filed(self) -> bool:
        """It is 网格案件 from filing on."""
        return self.status not in NOT_YET_FILED

    @property
    def place(self) -> str:
        """In words: the address, else the cell, else the unit."""
        return self.address or self.cell_id or str(self.unit)

    @property
    def topic(self) -> str:
        """The sort of subject that its clocks name."""
        return self.type_id

    @property
    def clocks(self) -> ClockQuerySet:
        return Clock.objects.about(self)

    @property
    def entries(self) -> models.QuerySet[Entry]:
        return Entry.objects.about(self).select_related("by", "acting_for").order_by("seq")

    @property
    def photos(self) -> DocumentQuerySet:
        return Document.objects.about(self).photos().standing()

    @property
    def assignment(self) -> Assignment | None:
        """The standing assignment: in whose hands it is now."""
        return self.assignments.standing().select_related("organisation").first()


class Reporter(models.Model):
    """Who told us: personal data of its own table, read only by an act that is logged (security.md T05)."""

    issue = models.OneToOneField(
        Issue, models.PROTECT, primary_key=True, related_name="reporter", verbose_name=_("issue")
    )
    name = models.CharField(_("name"), max_length=40, blank=True)
    phone = models.CharField(_("phone"), max_length=20, blank=True)

    class Meta:
        verbose_name = _("reporter")
        verbose_name_plural = _("reporters")

    def __str__(self) -> str:
        return str(self.issue_id)


class Assignment(models.Model):
    """In whose hands an issue was, from dispatch on; a former handler keeps reading."""

    class Ending(models.TextChoices):
        REDISPATCHED = "redispatched", _("dispatched anew, the centre erred")
        RETURNED = "returned", pgettext_lazy("assignment", "returned")

    issue = models.ForeignKey(Issue, models.PROTECT, related_name="assignments", verbose_name=_("issue"))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="assignments", verbose_name=_("organisation"), db_index=False
    )
    dispatched_at = models.DateTimeField(_("dispatched at"))
    by = models.ForeignKey(
        Officer, models.PROTECT, related_name="dispatches", verbose_name=_("dispatched by"), db_index=False
    )
    rule = models.CharField(_("rule that matched"), max_length=30)
    officers = models.ManyToManyField(Officer, related_name="assignments", verbose_name=_("officers"))
    taken_at = models.DateTimeField(_("taken at"), null=True)
    ended_at = models.DateTimeField(_("ended at"), null=True)
    ended_as = models.CharField(_("why it ended"), max_length=12, choices=Ending.choices, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["dispatched_at", "id"]
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        constraints = [
            models.UniqueConstraint(
                name="one_standing_assignment_of_an_issue", fields=["issue"], condition=Q(ended_at=None)
            )
        ]
        indexes = [
            models.Index(
                name="assignment_that_ended", fields=["organisation", "issue"], condition=Q(ended_at__isnull=False)
            )
        ]

    def __str__(self) -> str:
        return f"{self.issue_id} {self.organisation}"

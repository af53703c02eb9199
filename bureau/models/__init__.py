"""The nouns of the bureau: who belongs to whom, who is who; and the rows of the desk."""

from bureau.models.units import Organisation, OrganisationTie, Unit  # isort: skip
from bureau.models.roles import Role  # isort: skip
from bureau.models.people import Certificate, Officer, Posting  # isort: skip
from bureau.desk.models import (  # isort: skip
    ApiKey,
    CalendarDay,
    CalendarVersion,
    CalendarYear,
    Clock,
    ClockRequest,
    ClockSpan,
    Document,
    Entry,
    Figure,
    IdempotencyRecord,
    Notice,
    NoticeReceipt,
    NumberSeries,
    WorkPeriod,
)

__all__ = [
    "ApiKey",
    "CalendarDay",
    "CalendarVersion",
    "CalendarYear",
    "Certificate",
    "Clock",
    "ClockRequest",
    "ClockSpan",
    "Document",
    "Entry",
    "Figure",
    "IdempotencyRecord",
    "Notice",
    "NoticeReceipt",
    "NumberSeries",
    "Officer",
    "Organisation",
    "OrganisationTie",
    "Posting",
    "Role",
    "Unit",
    "WorkPeriod",
]

"""Rows that every room shares: whose, who did it, by when, whom to tell, on what paper."""

from bureau.desk.models.absence import Absence
from bureau.desk.models.calendar import CalendarDay, CalendarEdition, CalendarVersion, CalendarYear, WorkPeriod
from bureau.desk.models.clock import Clock, ClockSpan
from bureau.desk.models.delivery import Channel, Contact, Delivery, Lane
from bureau.desk.models.denial import Denial
from bureau.desk.models.document import Document
from bureau.desk.models.entry import Entry
from bureau.desk.models.figure import Figure
from bureau.desk.models.imprint import Annulment, Imprint
from bureau.desk.models.job import Job
from bureau.desk.models.keys import ApiKey, IdempotencyRecord
from bureau.desk.models.notice import Notice, NoticeReceipt
from bureau.desk.models.numbers import NumberSeries
from bureau.desk.models.request import ClockRequest
from bureau.desk.models.root import TrailRoot, Unsealed
from bureau.desk.models.rule_change import RuleChange
from bureau.desk.models.subscription import Subscription

__all__ = [
    "Absence",
    "Annulment",
    "ApiKey",
    "CalendarDay",
    "CalendarEdition",
    "CalendarVersion",
    "CalendarYear",
    "Channel",
    "Clock",
    "ClockRequest",
    "ClockSpan",
    "Contact",
    "Delivery",
    "Denial",
    "Document",
    "Entry",
    "Figure",
    "IdempotencyRecord",
    "Imprint",
    "Job",
    "Lane",
    "Notice",
    "NoticeReceipt",
    "NumberSeries",
    "RuleChange",
    "Subscription",
    "TrailRoot",
    "Unsealed",
    "WorkPeriod",
]

"""The indicators K01 to K16 of the platform (grid.md section 2, K-table): each a share of clocks, named and documented.

Whatever an indicator counts is an obligation of an issue: a clock tells what was owed, when, and how it ended. Clocks
that ended without a light (returned, dispatched anew, void) were nobody's fault and stand outside, unless it says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as p_

from bureau.desk.models import ClockRequest
from bureau.desk.models.clock import Light
from bureau.desk.refusal import Words
from grid.models import Assignment, Issue
from grid.statuses import NOT_YET_FILED, Status

Channel = Issue.Channel
PASSIVE: Final = (
    Channel.HOTLINE, Channel.PUBLIC, Channel.WECHAT, Channel.ORDER_12345, Channel.OPEN311, Channel.KIOSK,
    Channel.STUDIO, Channel.STATION,
)  # fmt: skip
STOOD: Final = Q(met_at=None) | ~Q(met_light="")
IN_TIME: Final = Q(met_light__in=(Light.GREEN, Light.YELLOW))
MET: Final = Q(met_at__isnull=False)
STARTED, DUE, MET_THEN, SETTLED = "started", "due", "met", "settled"


def issue(**conditions: Any) -> Q:
    """The clock's issue is such a one."""
    return Q(Exists(Issue.objects.filter(pk=OuterRef("subject_id"), **conditions)))


def granted(kind: str) -> Q:
    found = ClockRequest.objects.granted().filter(subject_id=OuterRef("subject_id"), kind=kind)
    return Q(Exists(found))


FILED: Final = ~issue(status__in=NOT_YET_FILED)
WRONGLY_SENT: Final = Q(Exists(Assignment.objects.filter(issue_id=OuterRef("subject_id")).exclude(ended_as="")))


@dataclass(frozen=True, eq=False)
class Indicator:
    """`counts` of `of`, among clocks of `kind` whose `moment` lies in the period.

    `moment`: started, due, met, or settled (met then, or due then and not met). `of` and `counts` narrow the clocks.
    `is_count`: no share but the number of `of`. `missing` says what is not recorded yet; such a one has no value.
    """

    code: str
    name: Words
    formula: Words
    kind: str = ""
    moment: str = DUE
    of: Q = field(default_factory=Q)
    counts: Q = field(default_factory=Q)
    is_low_better: bool = False
    is_count: bool = False
    missing: Words = ""


def on_time(code: str, name: Words, kind: str, of: Q = STOOD) -> Indicator:
    return Indicator(code, name, _("met within the limit / due in the period"), kind, DUE, of, IN_TIME)


def share_of_filed(code: str, name: Words, formula: Words, counts: Q) -> Indicator:
    return Indicator(code, name, formula, "dispatch", STARTED, Q(), counts, is_low_better=True)


NOT_RECORDED: Final = _("What it needs is not recorded yet: the call-back of 12345 orders comes with that inlet.")
ALL: Final = (
    Indicator("K01", _("Effective patrol reports"), _("filed, or filed and voided later / reported on patrol"),
              "accept", STARTED, issue(channel=Channel.PATROL), FILED | issue(status=Status.VOID)),
    Indicator("K02", _("Missed by patrol"), _("public reports that the patrol should have found / filed"),
              is_low_better=True,
              missing=_("A person judges whether the patrol should have found it; that is not recorded yet.")),
    on_time("K03a", _("Confirmed on time"), "confirm"),
    on_time("K03b", _("Verified on time"), "verification"),
    on_time("K04", _("Accepted or sent on on time"), "accept"),
    Indicator("K05", _("Share filed"), _("filed / accepted in the period"), "filing", STARTED, Q(), FILED),
    on_time("K06a", _("Filed on time"), "filing"),
    Indicator("K06b", _("Filed rightly"), _("filed and not voided later / filed in the period"), "dispatch", STARTED,
              Q(), ~issue(status=Status.VOID)),
    on_time("K07a", _("Dispatched on time"), "dispatch"),
    Indicator("K07b", _("Dispatched rightly"), _("to one body only / dispatched in the period"), "handling", STARTED,
              Q(), ~WRONGLY_SENT),
    Indicator("K08a", _("Share handled"), _("handled / due in the period"), "handling", DUE, STOOD, MET),
    on_time("K08b", _("Handled on time"), "handling"),
    Indicator("K09", _("Sent back for rework"), _("reworked / handled in the period"), "handling", MET_THEN, STOOD,
              issue(rework_count__gt=0), is_low_better=True),
    Indicator("K10", _("To be closed"), _("handled in the period, or due in it and not handled"), "handling", SETTLED,
              STOOD, is_count=True),
    Indicator("K11a", _("Share closed"), _("closed / to be closed (K10)"), "handling", SETTLED, STOOD,
              issue(status=Status.CLOSED)),
    Indicator("K11b", _("Closed on time"), _("handled on time and closed / to be closed (K10)"), "handling", SETTLED,
              STOOD, issue(status=Status.CLOSED) & IN_TIME),
    Indicator("K12", _("Overdue"), _("handled late or not at all / due in the period"), "handling", DUE, STOOD,
              ~IN_TIME, is_low_better=True),
    share_of_filed("K13", _("Reported by the public"), _("public reports / filed in the period"),
                   issue(channel__in=PASSIVE)),
    Indicator("K14", _("Found first"), _("found by patrol / found by patrol or by the public, filed in the period"),
              "dispatch", STARTED, issue(channel__in=(*PASSIVE, Channel.PATROL)), issue(channel=Channel.PATROL)),
    share_of_filed("K15a", p_("indicator", "Extended"), _("with an extension granted / filed in the period"),
                   granted("extension")),
    share_of_filed("K15b", p_("indicator", "Suspended"), _("with a suspension granted / filed in the period"),
                   granted("suspension") | granted("deferral")),
    share_of_filed("K15c", p_("indicator", "Returned"), _("with a return granted / filed in the period"),
                   granted("return")),
    share_of_filed("K15d", p_("indicator", "Voided"), _("voided / filed in the period"), issue(status=Status.VOID)),
    Indicator("K16a", _("12345: contacted first"), _("contacted within 1 working day / orders"), missing=NOT_RECORDED),
    on_time("K16b", _("12345: handled on time"), "handling", STOOD & issue(channel=Channel.ORDER_12345)),
    Indicator("K16c", _("12345: solved"), _("solved / answered call-backs"), missing=NOT_RECORDED),
    Indicator("K16d", _("12345: satisfied"), _("satisfied / answered call-backs"), missing=NOT_RECORDED),
)  # fmt: skip
BY_CODE: Final[Mapping[str, Indicator]] = {one.code: one for one in ALL}

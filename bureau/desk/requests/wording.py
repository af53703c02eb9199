"""What requests are called in messages, on trails and in refusals."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as p_

from bureau.desk.contributions import NoticeKind

WAITS = _("{number}, {place}: a request waits for your decision.")
LOOK = _("{number}, {place}: look at the decision and at the new date.")
ACTS = {
    "ask_extension": p_("act", "Asked for: extension"),
    "ask_suspension": p_("act", "Asked for: suspension"),
    "ask_deferral": p_("act", "Asked for: deferral"),
    "ask_return": p_("act", "Asked for: return"),
    "ask_void": p_("act", "Asked for: voiding"),
    "ask_rework": p_("act", "Asked for: rework"),
    "grant_extension": p_("act", "Granted: extension"),
    "grant_suspension": p_("act", "Granted: suspension"),
    "grant_deferral": p_("act", "Granted: deferral"),
    "grant_return": p_("act", "Granted: return"),
    "grant_void": p_("act", "Granted: voiding"),
    "grant_rework": p_("act", "Granted: rework"),
    "refuse_extension": p_("act", "Refused: extension"),
    "refuse_suspension": p_("act", "Refused: suspension"),
    "refuse_deferral": p_("act", "Refused: deferral"),
    "refuse_return": p_("act", "Refused: return"),
    "refuse_void": p_("act", "Refused: voiding"),
    "refuse_rework": p_("act", "Refused: rework"),
    "withdraw_extension": p_("act", "Request taken back: extension"),
    "withdraw_suspension": p_("act", "Request taken back: suspension"),
    "withdraw_deferral": p_("act", "Request taken back: deferral"),
    "withdraw_return": p_("act", "Request taken back: return"),
    "withdraw_void": p_("act", "Request taken back: voiding"),
    "withdraw_rework": p_("act", "Request taken back: rework"),
    "lapse_extension": p_("act", "Not decided in time, refused by the system: extension"),
    "lapse_suspension": p_("act", "Not decided in time, refused by the system: suspension"),
    "lapse_deferral": p_("act", "Not decided in time, refused by the system: deferral"),
    "lapse_return": p_("act", "Not decided in time, refused by the system: return"),
    "lapse_void": p_("act", "Not decided in time, refused by the system: voiding"),
    "lapse_rework": p_("act", "Not decided in time, refused by the system: rework"),
    "moot_extension": p_("act", "No longer needed: extension"),
    "moot_suspension": p_("act", "No longer needed: suspension"),
    "moot_deferral": p_("act", "No longer needed: deferral"),
    "moot_return": p_("act", "No longer needed: return"),
    "moot_void": p_("act", "No longer needed: voiding"),
    "moot_rework": p_("act", "No longer needed: rework"),
    "return": p_("act", "Return granted, back to the dispatcher"),
    "designate": p_("act", "Designated by the coordination meeting"),
    "void_dispatched": p_("act", "Voided on request"),
    "rework_on_request": p_("act", "Sent back for rework on request"),
    "resume_clock": p_("act", "The clock goes on"),
}
NOTICES = {
    "request_extension": NoticeKind(_("Asked for extension: {number}"), WAITS),
    "request_suspension": NoticeKind(_("Asked for suspension: {number}"), WAITS),
    "request_deferral": NoticeKind(_("Asked for deferral: {number}"), WAITS),
    "request_return": NoticeKind(_("Asked for return: {number}"), WAITS),
    "request_void": NoticeKind(_("Asked for voiding: {number}"), WAITS),
    "request_rework": NoticeKind(_("Asked for rework: {number}"), WAITS),
    "request_granted": NoticeKind(_("Granted: {number}"), LOOK),
    "request_refused": NoticeKind(_("Refused: your request about {number}"), LOOK),
    "request_lapsed": NoticeKind(
        _("Not decided in time: your request about {number}"),
        LOOK,
    ),
}
REQUEST_ERRORS = {
    "request_over": _("This request was decided already, or is over."),
    "request_pending": _("Such a request is waiting for its decision already."),
    "request_lapsed": _("The time for this decision is over: the system has refused the request (rule R4)."),
    "late_request": _("The limit has run out. An extension must be asked for before that (rule R4)."),
    "extension_used_up": _(
        "The centre and the district have both decided on an extension of this clock already (rule R4)."
    ),
    "suspension_of_red": _("The clock is red: it cannot be suspended any more (rule R11)."),
    "suspension_used_up": _("This clock was suspended and the suspension renewed; it is renewed once only (rule R11)."),
    "return_used_up": _("Your organisation has asked to return this issue once already (rule R10)."),
    "return_designated": _(
        "The coordination meeting has designated who handles this issue: it is not returned again (rule R10)."
    ),
    "resume_day_passed": _("The day on which the clock was to go on has come already."),
    "not_suspended": _("This clock is not suspended."),
    "no_clock": _("No such clock runs now."),
    "other_unit_of_time": _("An extension counts as its limit does."),
    "E_CLOCK_SUSPENDED": _("The clock is suspended: while it stands there is nothing to extend."),
    "extension_too_long": _("The extension is longer than the limit itself."),
    "suspension_too_long": _("The suspension is longer than a suspension may be."),
}

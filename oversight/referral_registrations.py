"""What referrals hand down to the desk's pages."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from bureau.desk import contributions
from bureau.desk.contributions import NavEntry, NoticeKind, SubjectKind, SubjectPanel
from bureau.desk.wording import coded
from oversight.actions.referral_telling import TOLD_ON_THE_SUBJECT
from oversight.models import ReferralCandidate
from oversight.querysets import ReferralQuerySet
from oversight.referrals import cards
from oversight.workflow import BY_PAPER, PAPER_MARK, REFERRAL_FLOW

CLOCK_LABELS = {
    "referral_decision": _("Decision on the referral"),
    "referral_approval": _("Approval of the referral"),
    "sealed_answer": _("Second look at an answer from paper"),
    "referral_withdrawal": _("Approval of the withdrawal"),
    "correction": _("Correction ordered by district supervision"),
}
ACTS = {
    "propose_referral": _("Referral proposed"),
    "order_once_more": _("Ordered once more"),
    "accept_explanation": _("Explanation accepted, not referred"),
    "hand_over": _("Handed over to district supervision"),
    "send_referral_back": _("Referral sent back with remarks"),
    "receive_referral": _("Received by district supervision"),
    "order_correction": _("Correction ordered by district supervision"),
    "report_correction": _("Correction reported"),
    "confirm_correction": _("Correction confirmed"),
    "reject_correction": _("Correction rejected"),
    "start_accountability": _("Accountability started"),
    "close_referral": _("Closed by district supervision"),
    "ask_referral_withdrawal": _("Withdrawal of the referral asked for"),
    "withdraw_referral": _("Referral withdrawn"),
    "keep_referral": _("The referral stands"),
    "tell_again": _("Told again: not received"),
    "enter_sealed_answer": _("Entered from sealed paper"),
    "confirm_sealed_answer": _("Entry from paper confirmed"),
    "reject_sealed_answer": _("Entry from paper rejected"),
    "make_pack": _("Hand-over pack made"),
    "take_pack": _("Hand-over pack downloaded"),
}
CHECK = _("Two persons of the bureau entered it. Object at once if you never wrote this paper.")
SEE = _("Open the referral for what was said.")
ACTS |= {
    f"{TOLD_ON_THE_SUBJECT[verb]}{PAPER_MARK}": format_lazy(
        _("{act} (entered from paper)"), act=ACTS[TOLD_ON_THE_SUBJECT[verb]]
    )
    for verb in BY_PAPER
}
NOTICE_KINDS = {
    "referral_sealed_answer": NoticeKind(_("An answer from paper waits for a second look: {number}"), SEE),
    "referral_from_paper": NoticeKind(_("Entered from your sealed paper: {number}"), CHECK),
    "referral_transfer": NoticeKind(_("A referral waits for approval"), SEE),
    "referral_renew": NoticeKind(_("A referral waits for approval"), SEE),
    "referral_ask_withdrawal": NoticeKind(_("The withdrawal of {number} waits for approval"), SEE),
    "referral_withdraw": NoticeKind(_("Withdrawn: {number}"), SEE),
    "referral_keep": NoticeKind(_("{number} stands, it is not withdrawn"), SEE),
    "referral_unreceived": NoticeKind(_("Not received yet: {number}"), SEE),
    "referral_one_more_order": NoticeKind(_("Ordered once more"), SEE),
    "referral_explained": NoticeKind(_("Explanation accepted, not referred"), SEE),
    "referral_approve": NoticeKind(_("Handed over to district supervision: {number}"), SEE),
    "referral_send_back": NoticeKind(_("Referral sent back with remarks"), SEE),
    "referral_receive": NoticeKind(_("District supervision received {number}"), SEE),
    "referral_order_correction": NoticeKind(_("Correction ordered: {number}"), SEE),
    "referral_report_correction": NoticeKind(_("Correction reported: {number}"), SEE),
    "referral_confirm_correction": NoticeKind(_("Correction confirmed: {number}"), SEE),
    "referral_reject_correction": NoticeKind(_("Correction rejected: {number}"), SEE),
    "referral_start_accountability": NoticeKind(_("Accountability started: {number}"), SEE),
    "referral_close": NoticeKind(_("Closed by district supervision: {number}"), SEE),
}
NOTICE_KINDS |= {
    f"referral_{entered}": NoticeKind(
        format_lazy(_("{act} (entered from paper)"), act=NOTICE_KINDS[f"referral_{verb}"].title), SEE
    )
    for verb, entered in BY_PAPER.items()
}
ERRORS = {
    "original_damaged": _("A file of the hand-over pack is missing or no longer as it came in."),
    "already_handled": _("The matter was handled since, so there is nothing to order."),
    "approval_lapsed": _("The second person signs within 24 hours of the first, and that time is over."),
    "entry_waits": _("An answer on paper waits for its second person already."),
    "nothing_entered": _("No answer on paper waits here."),
    "proposal_changed": _("What would be handed over is no longer what was proposed."),
}


def referrals_about(subject: models.Model, officer: Any, at: datetime) -> dict[str, Any] | None:
    """The referrals of a subject, newest first; left out when there is none to read."""
    kind = ContentType.objects.get_for_model(subject)
    mine = ReferralCandidate.objects.visible_to(officer).filter(subject_type=kind, subject_id=subject.pk)
    found = list(mine.order_by("-duty_at")[:10])
    return {"referrals": found} if found else None


def handed_over_subjects() -> Any:
    return ReferralCandidate.objects.handed_over().values("subject_id")


def register_referrals() -> None:
    contributions.handed_over.add("referrals", handed_over_subjects)
    contributions.workflows.add("referral", REFERRAL_FLOW, order=60)
    contributions.subject_kinds.add(
        "oversight.referralcandidate",
        SubjectKind(
            model=ReferralCandidate,
            label=_("referral"),
            cards=cards,
            clock_labels=CLOCK_LABELS,
            verb_labels={move.verb: move.label for move in (*REFERRAL_FLOW.table, *REFERRAL_FLOW.granted)},
            status_labels=dict(ReferralCandidate.Status.choices),
        ),
        order=60,
    )
    roles = frozenset(ReferralQuerySet.access)
    contributions.navigation.add(
        "referrals", NavEntry(_("Referrals"), "oversight:referrals", "forward", "oversight", roles=roles), order=52
    )
    for noun in ("grid.issue", "cases.case"):
        panel = SubjectPanel(noun, _("Referrals"), "oversight/subject_referrals.html", referrals_about)
        contributions.subject_panels.add(f"referrals of {noun}", panel, order=51)
    for kind, words in NOTICE_KINDS.items():
        contributions.notice_kinds.add(kind, words)
    for verb, label in ACTS.items():
        contributions.act_labels.add(verb, label)
    for code, label in ERRORS.items():
        contributions.error_codes.add(code, label)
    contributions.code_lists.add("referral-reasons", partial(coded, ReferralCandidate.Reason.choices), order=50)

"""The verbs of oversight: papers by receivers and issuer, referrals by bureau, district supervision and unit."""

from oversight.actions.drafts import draft_paper, move_draft
from oversight.actions.packs import may_take, take_pack
from oversight.actions.papers import LONGEST_REPLY, acknowledge_paper, move_paper, reply_to_paper
from oversight.actions.referrals import move_referral, open_candidates, tell_unreceived
from oversight.actions.scans import assign_page, file_scan, set_page_aside
from oversight.actions.sealed_answers import confirm_sealed_answer, enter_sealed_answer, reject_sealed_answer
from oversight.actions.withdrawals import act_on_withdrawal, decide_withdrawal, propose_withdrawal

__all__ = [
    "LONGEST_REPLY",
    "acknowledge_paper",
    "act_on_withdrawal",
    "assign_page",
    "confirm_sealed_answer",
    "decide_withdrawal",
    "draft_paper",
    "enter_sealed_answer",
    "file_scan",
    "may_take",
    "move_draft",
    "move_paper",
    "move_referral",
    "open_candidates",
    "propose_withdrawal",
    "reject_sealed_answer",
    "reply_to_paper",
    "set_page_aside",
    "take_pack",
    "tell_unreceived",
]

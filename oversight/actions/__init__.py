"""The verbs of oversight: papers by receivers and issuer, referrals by bureau, district supervision and unit."""

from oversight.actions.packs import may_take, take_pack
from oversight.actions.papers import LONGEST_REPLY, acknowledge_paper, move_paper, reply_to_paper
from oversight.actions.referrals import move_referral, open_candidates, tell_unreceived
from oversight.actions.sealed_answers import confirm_sealed_answer, enter_sealed_answer, reject_sealed_answer

__all__ = [
    "LONGEST_REPLY",
    "acknowledge_paper",
    "confirm_sealed_answer",
    "enter_sealed_answer",
    "may_take",
    "move_paper",
    "move_referral",
    "open_candidates",
    "reject_sealed_answer",
    "reply_to_paper",
    "take_pack",
    "tell_unreceived",
]

"""The verbs of oversight: papers by their receivers, referrals by bureau, district supervision and unit."""

from oversight.actions.packs import may_take, take_pack
from oversight.actions.papers import LONGEST_REPLY, acknowledge_paper, closed_to, open_to, reply_to_paper
from oversight.actions.referrals import move_referral, open_candidates

__all__ = [
    "LONGEST_REPLY",
    "acknowledge_paper",
    "closed_to",
    "may_take",
    "move_referral",
    "open_candidates",
    "open_to",
    "reply_to_paper",
    "take_pack",
]

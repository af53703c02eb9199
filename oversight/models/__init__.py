"""What oversight leaves behind: rungs and papers of the ladder, referrals, and the bulletin."""

from oversight.models.bulletin import Bulletin
from oversight.models.papers import ISSUED, LATE, Paper, Rung
from oversight.models.referrals import ReferralCandidate

__all__ = ["ISSUED", "LATE", "Bulletin", "Paper", "ReferralCandidate", "Rung"]

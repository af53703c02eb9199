"""What oversight leaves behind: rungs and papers of the ladder, candidates for a referral, and the bulletin."""

from oversight.models.bulletin import Bulletin
from oversight.models.papers import ISSUED, LATE, Paper, ReferralCandidate, Rung

__all__ = ["ISSUED", "LATE", "Bulletin", "Paper", "ReferralCandidate", "Rung"]

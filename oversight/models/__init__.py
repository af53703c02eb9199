"""What oversight leaves behind: rungs and papers of the ladder, referrals, and the bulletin."""

from oversight.models.bulletin import Bulletin
from oversight.models.drafts import PaperDraft
from oversight.models.papers import ISSUED, LATE, Paper, Rung
from oversight.models.referrals import ReferralCandidate
from oversight.models.replies import PaperReply
from oversight.models.scans import Scan, ScanPage
from oversight.models.sealed_answers import SealedAnswer
from oversight.models.withdrawals import PaperWithdrawal

__all__ = [
    "ISSUED",
    "LATE",
    "Bulletin",
    "Paper",
    "PaperDraft",
    "PaperReply",
    "PaperWithdrawal",
    "ReferralCandidate",
    "Rung",
    "Scan",
    "ScanPage",
    "SealedAnswer",
]

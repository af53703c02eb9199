"""The verbs of the grid: the only door for pages, API, tasks and commands."""

from grid.actions.correct import can_correct, correct_issue
from grid.actions.dispatch import Proposal, propose_handler
from grid.actions.merge import can_merge, merge_issue, unmerge_issue
from grid.actions.move import move_issue
from grid.actions.photos import add_photo, can_add_photo
from grid.actions.remark import remark
from grid.actions.report import Caller, report_issue
from grid.actions.reporter import can_reveal, reveal_reporter

__all__ = [
    "Caller",
    "Proposal",
    "add_photo",
    "can_add_photo",
    "can_correct",
    "can_merge",
    "can_reveal",
    "correct_issue",
    "merge_issue",
    "move_issue",
    "propose_handler",
    "remark",
    "report_issue",
    "reveal_reporter",
    "unmerge_issue",
]

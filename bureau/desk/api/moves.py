"""What is open to me and what is closed, as the API tells it."""

from __future__ import annotations

from typing import Any

from bureau.desk.workflow import Move, Workflow


def told_moves(flow: Workflow, subject: Any, by: Any) -> dict[str, Any]:
    """`moves[]` that this person may make now, and `closed[]` with the reason of each."""
    closed = flow.closed_to(subject, by)
    return {
        "moves": open_moves(flow, subject, by),
        "closed": [
            {
                "verb": found.move.verb,
                "label": label_of(found.move),
                "code": found.refusal.code,
                "reason": str(found.refusal),
                "first_at": found.refusal.first_at and found.refusal.first_at.isoformat(timespec="seconds"),
            }
            for found in closed
        ],
    }


def open_moves(flow: Workflow, subject: Any, by: Any) -> list[dict[str, Any]]:
    """`[{"verb", "label", "needs"}]`, in the order of the table."""
    return [
        {"verb": found.move.verb, "label": label_of(found.move), "needs": list(found.move.needs)}
        for found in flow.open_to(subject, by)
    ]


def label_of(move: Move) -> str:
    return str(move.label) or move.verb

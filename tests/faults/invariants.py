"""What must hold whatever fails, and the named mutants that each must turn its tests red."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Invariant:
    """One promise, and the names of its mutants: each is a function of tests/faults/mutants.py."""

    says: str
    mutants: tuple[str, ...]


INVARIANTS = {
    "I01": Invariant("every acknowledged report exists once", ("ack_before_commit",)),
    "I02": Invariant("nothing is lost between commit and sending", ("on_commit_delay", "sent_mark_before_send")),
    "I03": Invariant("however often a message comes, it has one effect", ("drop_the_unique_key",)),
    "I04": Invariant("each red light has one notice a stage", ("no_unique",)),
    "I05": Invariant("no stage is missed by downtime, and each has its legal instant", ("timedelta_from_now",)),
    "I06": Invariant("clocks and trails never go back", ("app_side_now",)),
    "I07": Invariant("working-day sums are right", ("calendar_days",)),
    "I09": Invariant("races have exactly one winner", ("no_version_check",)),
    "I10": Invariant("numbers have no gap and no double", ("nextval", "max_plus_one")),
    "I11": Invariant("one line an act, and no rewriting goes unseen", ("audit_on_commit", "no_external_root")),
    "I12": Invariant("refusals are kept though the work rolled back", ("denial_in_the_same_transaction",)),
    "I22": Invariant("one that is poison holds up no other", ("infinite_retry",)),
    "I23": Invariant("what is away is told, and nothing is half done", ("swallow_exception",)),
    "I25": Invariant("hand-overs are received, told again or visibly withdrawn", ("receipt_not_required",)),
    "I26": Invariant("nothing is held for ever", ("lease_without_expiry",)),
}


class Violation(AssertionError):
    """An invariant does not hold; says with what."""

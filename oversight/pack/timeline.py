"""How it came to the referral: the acts on the subject, and the working behind each of its dates."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.utils.translation import override

from bureau.desk.clocks import iso, timing_of
from bureau.desk.contributions import act_labels, kind_of
from bureau.desk.explain import as_json, limit_in_words, sentence
from bureau.desk.models import Clock, Entry
from bureau.models.roles import Role
from oversight.models import ReferralCandidate
from oversight.pack.writing import page

Maker = Callable[[str, str, bytes, datetime], Any]


def timeline_files(referral: ReferralCandidate, made: Maker) -> list[Any]:
    """The timeline twice: to be read, and for machines with the hash of each line of the trail."""
    at = referral.handed_over_at
    assert at is not None  # a pack is of a hand-over
    with override("zh-hans"):
        clocks, acts = clocks_told(referral), acts_told(referral)
    machine = {"clocks": clocks, "acts": acts}
    content = json.dumps(machine, ensure_ascii=False, sort_keys=True, indent=1, default=str).encode()
    shown = page("timeline", {"clocks": clocks, "acts": readable(acts), "referral": referral})
    return [
        made("timeline.html", "事项时间线及时限计算说明", shown, at),
        made("timeline.json", "事项时间线（供机器读取）", content, at),
    ]


def acts_told(referral: ReferralCandidate) -> list[dict[str, Any]]:
    """The lines of the trail of the subject and of the referral up to the hand-over, in the order of time."""
    entries = [*lines_about(referral.subject, referral), *lines_about(referral, referral)]
    return [told(entry) for entry in sorted(entries, key=lambda entry: (entry.at, entry.pk))]


def readable(acts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each act once: what the referral says of itself stands, its echo on the subject's trail is left out."""
    return [one for one in acts if "referral" not in one["facts"] and one["verb"] != "raise"]


def lines_about(subject: Any, referral: ReferralCandidate) -> Any:
    found = Entry.objects.about(subject).filter(at__lte=referral.handed_over_at)
    return found.select_related("by", "acting_for", "subject_type").order_by("seq")


def told(entry: Entry) -> dict[str, Any]:
    model = entry.subject_type.model_class()
    kind = kind_of(model) if model else None
    words = (kind.verb_labels.get(entry.verb) if kind else None) or act_labels.get(entry.verb) or entry.verb
    role = Role(entry.acting_as).label if entry.acting_as in Role.values else ""
    who = " ".join(str(part) for part in (entry.acting_for, role, entry.by) if part)
    return {
        "at": iso(entry.at),
        "instant": entry.at,
        "about": str(kind.label) if kind else "",
        "what": str(words),
        "verb": entry.verb,
        "who": who or "系统",
        "note": entry.note or str(entry.facts.get("words", "")),
        "facts": entry.facts,
        "seq": entry.seq,
        "hash": entry.hash,
        "previous_hash": entry.previous_hash,
    }


def clocks_told(referral: ReferralCandidate) -> list[dict[str, Any]]:
    """Each clock of the subject with why its date is that date."""
    found = Clock.objects.about(referral.subject).filter(started_at__lte=referral.handed_over_at)
    model = referral.subject_type.model_class()
    kind = kind_of(model) if model else None
    labels = kind.clock_labels if kind else {}
    until = referral.handed_over_at
    assert until is not None  # a pack is of a hand-over
    return [
        clock_told(clock, str(labels.get(clock.kind, clock.kind)), until)
        for clock in found.order_by("started_at", "pk")
    ]


def clock_told(clock: Clock, label: str, until: datetime) -> dict[str, Any]:
    timing = timing_of(clock)
    is_met = clock.met_at is not None and clock.met_at <= until
    instants = ("started_at", "warn_at", "due_at", "supervise_at", "refer_at")
    return {
        "kind": clock.kind,
        "label": label,
        "limit": limit_in_words(clock.limit),
        "why": sentence(timing),
        "instants": {name: getattr(clock, name) for name in instants} | {"met_at": clock.met_at if is_met else None},
        "working": as_json(timing),
        "round": clock.round,
    }

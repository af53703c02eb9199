"""The timeline of an issue: what was done, which lights turned, and what comes if nothing is done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as p_

from bureau.desk.clockwork import BadLimit, Limit
from bureau.desk.contributions import act_labels
from bureau.desk.explain import limit_in_words
from bureau.desk.models import Entry
from bureau.desk.models.clock import RUNGS, Ladder
from bureau.desk.refusal import Words
from bureau.face import words
from bureau.face.panels import Happening
from bureau.models import Officer, Organisation, Role, Unit
from grid.actions.dispatch import RULES
from grid.actions.redispatch import REDISPATCH_REASONS
from grid.actions.reporter import PURPOSES
from grid.actions.settle import REFUSAL_REASONS, VOID_REASONS
from grid.models import Issue, IssueType
from grid.presenting.clocks import PASSED_WORDS, RUNG_WORDS, STAGE_WORDS, Shown
from grid.registrations import VERB_LABELS
from grid.requests import ISSUE_REQUESTS

DISPATCHES = ("dispatch", "redispatch")
SEALED = ("urge", "supervise", "refer")
CHANGED = {
    "address": _("address"),
    "type": _("type"),
    "unit": _("unit it lies in"),
    "cell": _("cell"),
    "longitude": _("longitude"),
    "latitude": _("latitude"),
    "limit": _("limit"),
    "due_at": _("due"),
    "photo": _("photo"),
}
STATUSES = dict(Issue.Status.choices)
REASONS = {
    **REFUSAL_REASONS,
    **VOID_REASONS,
    **REDISPATCH_REASONS,
    **{code: words for spec in ISSUE_REQUESTS.kinds.values() for code, words in spec.reasons.items()},
}


@dataclass(frozen=True)
class Names:
    """What codes in the trail are called, read once for the whole timeline."""

    organisations: Mapping[str, str] = field(default_factory=dict)
    officers: Mapping[str, str] = field(default_factory=dict)
    types: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)


def names_of(entries: Iterable[Entry]) -> Names:
    """Three queries at most, however long the trail is."""
    facts = [(entry.verb, entry.facts) for entry in entries]
    codes = {said["to"] for verb, said in facts if verb in DISPATCHES and "to" in said}
    usernames = {name for verb, said in facts if verb == "take" for name in said.get("officers", ())}
    corrected = [said for verb, said in facts if verb == "correct"]
    return Names(
        {o.code: str(o) for o in Organisation.objects.filter(code__in=codes)} if codes else {},
        {o.username: o.name for o in Officer.objects.filter(username__in=usernames)} if usernames else {},
        {t.pk: str(t) for t in IssueType.objects.all()} if any("type" in said for said in corrected) else {},
        {u.pk: str(u) for u in Unit.objects.all()} if any("unit" in said for said in corrected) else {},
    )


def past_of(issue: Issue, entries: Sequence[Entry], clocks: Iterable[Shown]) -> list[Happening]:
    """Everything that happened, newest first: the lines of the trail, and the lights that turned."""
    names = names_of(entries)
    acts = [happening_of(entry, names) for entry in entries]
    lights = [turned for shown in clocks if shown.has_ladder for turned in turned_of(shown)]
    return sorted(acts + lights, key=lambda happening: happening.at)[::-1]


def happening_of(entry: Entry, names: Names) -> Happening:
    return Happening(
        at=entry.at,
        what=what_of(entry, names),
        who=who_of(entry),
        rule=rule_of(entry, names),
        note=entry.note,
        changes=tuple(changes_of(entry, names)),
    )


def what_of(entry: Entry, names: Names) -> Words:
    if entry.verb in DISPATCHES and entry.facts.get("to") in names.organisations:
        words = gettext("Dispatched to %(to)s") if entry.verb == "dispatch" else gettext("Dispatched anew to %(to)s")
        return words % {"to": names.organisations[entry.facts["to"]]}
    return PAST.get(entry.verb) or VERB_LABELS.get(entry.verb) or act_labels.get(entry.verb) or entry.verb


def who_of(entry: Entry) -> str:
    if entry.by is None:
        is_ours = entry.verb == "recompute" or act_labels.get(entry.verb) is not None
        return gettext("by the system") if is_ours else gettext("without an account")
    role = Role(entry.acting_as).label if entry.acting_as in Role.values else ""
    return " ".join(str(part) for part in (entry.acting_for, role, entry.by) if part)


def rule_of(entry: Entry, names: Names) -> Words:
    """The detail that goes with the act, out of its facts."""
    said = entry.facts
    if entry.verb == "dispatch":
        return RULES.get(said.get("rule"), "")
    if entry.verb == "take":
        named = gettext(", ").join(names.officers.get(name, name) for name in said.get("officers", ()))
        return gettext("handled by %(names)s") % {"names": named}
    if entry.verb in ("feed_back", "rework", "withdraw_feedback") and said.get("outcome"):
        label = dict(Issue.Outcome.choices).get(said["outcome"], said["outcome"])
        return " ".join(part for part in (str(label), said.get("case", "")) if part)
    if "reason" in said:
        return REASONS.get(said["reason"], said["reason"])
    if "purpose" in said:
        return PURPOSES.get(said["purpose"], said["purpose"])
    return ""


def changes_of(entry: Entry, names: Names) -> Iterable[tuple[Words, Any, Any]]:
    """Old and new of each corrected fact."""
    if entry.verb not in ("correct", "recompute"):
        return
    for name, label in CHANGED.items():
        pair = entry.facts.get(name)
        if isinstance(pair, list) and len(pair) == 2:
            yield label, *(shown(name, value, names) for value in pair)


def shown(name: str, value: Any, names: Names) -> Any:
    if value in (None, ""):
        return "–"
    if name == "type":
        return names.types.get(value, value)
    if name == "unit":
        return names.units.get(value, value)
    if name == "due_at":
        return words.instant(datetime.fromisoformat(value))
    if name in ("longitude", "latitude"):
        return f"{value:.5f}"
    if name == "photo":
        return value[:8]
    return limit_words(value) if name == "limit" else value


def limit_words(text: str) -> str:
    try:
        return limit_in_words(Limit.parse(text))
    except BadLimit:
        return text


def turned_of(shown: Shown) -> Iterable[Happening]:
    """The lights and rungs that this clock passed before it was met."""
    for rung in RUNGS[Ladder.FULL]:
        instant = shown.clock.rung_instant(rung)
        if instant is not None and instant < shown.until:
            mark = "yellow" if rung == "warn" else ""
            yield Happening(instant, PASSED_WORDS[rung], mark=mark, seal=rung if rung in SEALED else "")


def ahead_of(shown: Shown | None) -> list[Happening]:
    """What comes if nothing is done, the furthest first."""
    if shown is None or shown.clock.met_at is not None or shown.clock.suspended_at is not None:
        return []
    told = RUNG_WORDS if shown.has_ladder else STAGE_WORDS
    coming = []
    for rung in RUNGS[Ladder(shown.clock.ladder)]:
        instant = shown.clock.rung_instant(rung)
        if instant is not None and instant > shown.at:
            seal = rung if rung in SEALED and shown.has_ladder else ""
            mark = "yellow" if rung == "warn" else "" if seal else "red"
            coming.append(Happening(instant, told[rung], mark=mark, seal=seal))
    return coming[::-1]


PAST = {
    "report": p_("act done", "Reported"),
    "ask_confirmation": p_("act done", "Confirmation asked for"),
    "confirm": p_("act done", "Confirmed on the spot"),
    "deny": p_("act done", "Not found on the spot"),
    "accept": p_("act done", "Accepted"),
    "refuse": p_("act done", "Refused"),
    "file": p_("act done", "Grid case filed"),
    "void": p_("act done", "Made void"),
    "dispatch": p_("act done", "Dispatched"),
    "redispatch": p_("act done", "Dispatched anew, the centre had erred"),
    "arrive": p_("act done", "Arrived on site"),
    "take": p_("act done", "Taken"),
    "feed_back": p_("act done", "Result fed back"),
    "withdraw_feedback": p_("act done", "Feedback withdrawn"),
    "ask_verification": p_("act done", "Verification asked for"),
    "verify": p_("act done", "Verification passed"),
    "rework": p_("act done", "Verification failed, sent back for rework"),
    "close": p_("act done", "Closed"),
    "add_photo": p_("act done", "Photo added"),
    "correct": p_("act done", "Corrected"),
    "reveal_reporter": p_("act done", "Reporter's contact looked at"),
    "recompute": p_("act done", "Limit computed anew"),
}

"""What became of a paper: issued, sent, signed for, answered, and what comes if nothing is done."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, F, Min, Q
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from bureau.desk.contributions import kind_of, subject_kinds
from bureau.desk.models import Document
from bureau.desk.models.clock import Clock, RungName
from bureau.desk.models.notice import Notice
from bureau.desk.refusal import Words
from bureau.desk.workflow import ClosedMove, Move
from bureau.models import Officer
from oversight.actions.withdrawals import refused as withdrawal_refused
from oversight.models import Paper, PaperReply, PaperWithdrawal, Rung, ScanPage
from oversight.workflow import BUREAU
from oversight.workflow_notices import DRAFTERS, WITHDRAWAL_FLOW

DRAFTED_ABOUT: Final = ("grid.issue", "cases.case")
RULES: Final = {Paper.Kind.URGING: "R6", Paper.Kind.SUPERVISION: "R7", Paper.Kind.COMBINED: "R6, R7"}
NEXT: Final = {
    Paper.Kind.URGING: RungName.SUPERVISE,
    Paper.Kind.SUPERVISION: RungName.REFER,
    Paper.Kind.COMBINED: RungName.REFER,
}
NEXT_WORDS: Final = {RungName.SUPERVISE: _("Supervision notice"), RungName.REFER: _("Referral candidate")}


@dataclass(frozen=True)
class Step:
    """A station of a paper's way; `state` is done, now or ahead."""

    state: str
    what: Words
    at: datetime | None = None
    told: Words = ""
    url: str = ""


def steps_of(paper: Paper) -> list[Step]:
    """The way of the paper in order. Three queries: messages, the next rung, and its paper."""
    return [
        Step("done", _("Drawn up and numbered"), paper.issued_at, by_rule(paper)),
        sent_step(paper),
        received_step(paper),
        *answered_steps(paper),
        *last_steps(paper),
    ]


def by_rule(paper: Paper) -> Words:
    if paper.rung is None:
        return format_lazy(_("by hand, drafted by {person}"), person=str(paper.draft.drafted_by))
    return format_lazy(_("by the portal, rule {rule}"), rule=RULES[Paper.Kind(paper.kind)])


def sent_step(paper: Paper) -> Step:
    told = Notice.objects.filter(subject_id=paper.subject_id, params__paper_id=str(paper.pk))
    sent_at = told.aggregate(first=Min("sent_at"))["first"]
    if sent_at is None:
        return Step("now", _("On its way"), None, _("in the portal"))
    return Step("done", _("Sent"), sent_at, _("in the portal"))


def received_step(paper: Paper) -> Step:
    if paper.received_at is None:
        return Step("now", _("Waits for its receipt"))
    if paper.served_by is not None:
        words = format_lazy(_("{receiver}, brought by {server}"), receiver=paper.receiver_name, server=paper.served_by)
        return Step("done", _("Served on paper"), paper.received_at, words)
    return Step("done", _("Signed for"), paper.received_at, str(paper.received_by))


def answered_steps(paper: Paper) -> list[Step]:
    """Every answer with its verdict, then what is waited for."""
    steps = []
    for answer in replies_of(paper):
        steps += [Step("done", _("Answered"), answer.at, str(answer.by)), verdict_step(answer)]
    if paper.status in (Paper.Status.ANSWERED, Paper.Status.ACCEPTED, Paper.Status.WITHDRAWN):
        return steps
    if paper.status == Paper.Status.REJECTED:
        due = Clock.objects.about(paper).running().filter(kind="paper_reply").first()
        return [*steps, Step("now", _("Waits for another answer"), due.due_at if due else None)]
    return [Step("now" if paper.received_at else "ahead", _("Waits for an answer"), paper.rectify_by)]


def verdict_step(answer: PaperReply) -> Step:
    if answer.judged_at is None:
        return Step("now", _("Waits for the bureau to accept or reject the answer"))
    words = _("Answer accepted") if answer.verdict == PaperReply.Verdict.ACCEPTED else _("Answer rejected")
    return Step("done", words, answer.judged_at, str(answer.judged_by))


def replies_of(paper: Paper) -> list[PaperReply]:
    """The answers in order, each with `files`. Two queries, asked once for a paper at hand."""
    if not hasattr(paper, "told_replies"):
        found = list(paper.replies.select_related("by", "judged_by").order_by("serial"))
        kind = ContentType.objects.get_for_model(PaperReply)
        files = defaultdict(list)
        for document in Document.objects.filter(subject_type=kind, subject_id__in=[answer.pk for answer in found]):
            files[document.subject_id].append(document)
        for answer in found:
            answer.paper, answer.files = paper, files[answer.pk]  # type: ignore[attr-defined]
        paper.told_replies = found  # type: ignore[attr-defined]
    return paper.told_replies  # type: ignore[attr-defined,no-any-return]


def scans_of(paper: Paper) -> list[Document]:
    """The signed and sealed scans that were filed to it."""
    return list(Document.objects.about(paper).filter(kind=Document.Kind.SCAN).order_by("at", "id"))


def files_of_pages(pages: Iterable[ScanPage]) -> dict[Any, Document]:
    """The file of each page of the tray. One query."""
    kind = ContentType.objects.get_for_model(ScanPage)
    found = Document.objects.filter(subject_type=kind, subject_id__in=[page.pk for page in pages])
    return {document.subject_id: document for document in found}


def withdrawals_of(paper: Paper, by: Officer) -> tuple[list[PaperWithdrawal], list[Move], list[ClosedMove]]:
    """What was said of taking it back, and what this person may say now."""
    told = list(paper.withdrawals.select_related("proposed_by", "decided_by").order_by("proposed_at"))
    standing = next((one for one in told if one.status == PaperWithdrawal.Status.PROPOSED), None)
    if standing is not None:
        standing.paper = paper
        opened, closed = WITHDRAWAL_FLOW.choices(standing, by)
        return told, [found.move for found in opened], closed
    may_propose = BUREAU.posting_of(by, paper) is not None and withdrawal_refused(paper, by) is None
    return told, [WITHDRAWAL_FLOW.moves["propose"]] if may_propose else [], []


def last_steps(paper: Paper) -> list[Step]:
    """What the clock did: it was met, or it went on to the next rung, or will; or that the paper was taken back."""
    if paper.withdrawn_at is not None:
        return [Step("done", _("Withdrawn"), paper.withdrawn_at)]
    if paper.rung is not None:
        return [last_step(paper, paper.rung)]
    clock = paper.clock
    return [Step("done", _("Handled and fed back"), clock.met_at)] if clock and clock.met_at else []


def last_step(paper: Paper, rung_before: Rung) -> Step:
    clock = rung_before.clock
    following = NEXT[Paper.Kind(paper.kind)]
    words = NEXT_WORDS[following]
    raised: Any = Rung.objects.filter(clock=clock, round=rung_before.round, name=following)
    rung = raised.select_related("paper").first()
    if rung is not None:
        next_paper = getattr(rung, "paper", None)
        return Step(
            "done", words, rung.reached_at, next_paper or "", next_paper.get_absolute_url() if next_paper else ""
        )
    if clock.met_at is not None:
        return Step("done", _("Handled and fed back"), clock.met_at)
    ahead = clock.refer_at if following == RungName.REFER else clock.supervise_at
    return Step("ahead", words, ahead, _("if nothing is fed back by then"))


def facts_shown(paper: Paper) -> dict[str, Any]:
    """The facts of the paper with their instants read back from ISO 8601."""
    facts = dict(paper.facts)
    for name in ("started_at", "red_at", "reached_at"):
        facts[name] = parse_datetime(facts[name]) if facts.get(name) else None
    return facts


def past_month(paper: Paper, papers: Any, *, at: datetime) -> list[tuple[Words, str]]:
    """How many papers of each kind the unit got in 30 days, and how many were fed back within their period."""
    since = at - timedelta(days=30)
    met_in_time = Count("pk", filter=Q(rung__clock__met_at__lte=F("rectify_by")))
    found = papers.filter(unit_id=paper.unit_id, issued_at__gte=since).order_by().values("kind")
    counts = {row["kind"]: (row["all"], row["met"]) for row in found.annotate(all=Count("pk"), met=met_in_time)}
    return [
        (kind.label, format_lazy(_("{all}, of which {met} fed back in time"), all=total, met=met))
        for kind in Paper.Kind
        for total, met in [counts.get(kind, (0, 0))]
    ]


def subject_url(row: Any, officer: Any) -> str:
    """The address of what a paper or a referral is about, when this person may open it; else nothing."""
    model: Any = row.subject_type.model_class()
    kind = kind_of(model)
    if kind is None or not model.objects.visible_to(officer).filter(pk=row.subject_id).exists():
        return ""
    return kind.cards([row.subject_id])[row.subject_id].url


def clock_label(clock: Clock) -> Words:
    """What the limit is called by the noun that it is about."""
    model = ContentType.objects.get_for_id(clock.subject_type_id).model_class()
    kind = kind_of(model) if model else None
    return kind.clock_labels.get(clock.kind, clock.kind) if kind else clock.kind


def subject_to_draft_about(noun: str, pk: UUID | str, by: Officer) -> Any:
    """The issue or case about which this person may draft a notice, or None."""
    kind = subject_kinds.get(noun) if noun in DRAFTED_ABOUT else None
    try:
        key = UUID(str(pk))
    except ValueError:
        return None
    model: Any = kind.model if kind else None
    subject = model.objects.visible_to(by).filter(pk=key).first() if model else None
    return subject if subject is not None and DRAFTERS.posting_of(by, subject) else None


def card_of(subject: Any) -> Any:
    kind = kind_of(type(subject))
    return kind.cards([subject.pk])[subject.pk] if kind else None


def draft_url(subject: Any, by: Officer) -> str:
    """Where this person drafts a notice about it; nothing for whoever may not."""
    noun = subject._meta.label_lower
    if noun not in DRAFTED_ABOUT or DRAFTERS.posting_of(by, subject) is None:
        return ""
    return f"{reverse('oversight:draft-new')}?noun={noun}&id={subject.pk}"

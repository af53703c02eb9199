"""What papers hand down to the desk's pages."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import partial
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _

from bureau.desk import contributions
from bureau.desk.contributions import NavEntry, NoticeKind, SubjectCard, SubjectKind, SubjectPanel
from bureau.desk.wording import coded
from oversight.models import Paper
from oversight.querysets import PaperQuerySet
from oversight.workflow_notices import NOTICE_FLOW

CLOCK_LABELS = {
    "paper_judgement": _("Judgement of an answer"),
    "paper_reply": _("Another answer to a paper"),
}
ACTS = {
    "receive_paper": _("Signed for a paper"),
    "reply_to_paper": _("Answered a paper"),
    "accept_reply": _("Answer to a paper accepted"),
    "reject_reply": _("Answer to a paper rejected"),
}
SEE = _("Open the paper for what was said.")
NOTICE_KINDS = {
    "paper_reply": NoticeKind(_("Answered: {paper}"), _("Accept the answer, or reject it with a reason.")),
    "paper_accept_reply": NoticeKind(_("Answer accepted: {paper}"), SEE),
    "paper_reject_reply": NoticeKind(_("Answer rejected, answer again: {paper}"), SEE),
}


def cards(ids: Iterable[Any]) -> dict[Any, SubjectCard]:
    """A paper shows by its number and what it was about when it was issued. One query."""
    found = Paper.objects.filter(pk__in=list(ids)).select_related("to_organisation")
    return {
        paper.pk: SubjectCard(
            number=paper.number, title=paper.facts["type"], place=paper.facts["place"],
            url=paper.get_absolute_url(), status=paper.get_status_display(), holder=str(paper.to_organisation),
        )
        for paper in found
    }  # fmt: skip


def papers_about(subject: models.Model, officer: Any, at: datetime) -> dict[str, Any] | None:
    """The papers about a subject, newest first; left out when there is none to read."""
    kind = ContentType.objects.get_for_model(subject)
    found = Paper.objects.visible_to(officer).filter(subject_type=kind, subject_id=subject.pk)
    papers = list(found.order_by("-issued_at", "-pk")[:10])
    return {"papers": papers} if papers else None


def register_papers() -> None:
    contributions.workflows.add("notice", NOTICE_FLOW, order=55)
    contributions.subject_kinds.add(
        "oversight.paper",
        SubjectKind(
            model=Paper,
            label=_("paper"),
            cards=cards,
            clock_labels=CLOCK_LABELS,
            verb_labels={move.verb: move.label for move in NOTICE_FLOW.table},
            status_labels=dict(Paper.Status.choices),
        ),
        order=55,
    )
    roles = frozenset(PaperQuerySet.access)
    entry = NavEntry(_("Urging and supervision"), "oversight:papers", "paper", "oversight", roles=roles)
    contributions.navigation.add("papers", entry, order=51)
    for noun in ("grid.issue", "cases.case"):
        panel = SubjectPanel(noun, _("Urging and supervision"), "oversight/subject_papers.html", papers_about)
        contributions.subject_panels.add(f"papers of {noun}", panel, order=50)
    for kind, words in NOTICE_KINDS.items():
        contributions.notice_kinds.add(kind, words)
    for verb, label in ACTS.items():
        contributions.act_labels.add(verb, label)
    contributions.code_lists.add("paper-kinds", partial(coded, Paper.Kind.choices), order=50)
    contributions.code_lists.add("paper-statuses", partial(coded, Paper.Status.choices), order=50)

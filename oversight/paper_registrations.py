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
from bureau.desk.fence import cards_of
from bureau.desk.jobs import works
from bureau.desk.wording import coded
from oversight import stacks
from oversight.models import Paper, PaperDraft
from oversight.querysets import PaperQuerySet
from oversight.service import draft_url
from oversight.workflow_notices import DRAFT_FLOW, NOTICE_FLOW, WITHDRAWAL_FLOW

CLOCK_LABELS = {
    "paper_judgement": _("Judgement of an answer"),
    "paper_reply": _("Another answer to a paper"),
}
ACTS = {
    "receive_paper": _("Signed for a paper"),
    "reply_to_paper": _("Answered a paper"),
    "issue_paper": _("Notice issued by hand"),
    "serve_on_paper": _("Notice served on paper"),
    "withdraw_paper": _("Notice withdrawn"),
    "file_scan": _("Scan of a notice filed"),
    "set_page_aside": _("Page of a scan set aside"),
    "accept_reply": _("Answer to a paper accepted"),
    "reject_reply": _("Answer to a paper rejected"),
}
SEE = _("Open the paper for what was said.")
NOTICE_KINDS = {
    "paper_issue": NoticeKind(_("Notice issued by hand: {paper}"), _("Sign for it and answer it.")),
    "paper_withdraw": NoticeKind(_("Withdrawn: {paper}"), SEE),
    "paper_reply": NoticeKind(_("Answered: {paper}"), _("Accept the answer, or reject it with a reason.")),
    "paper_accept_reply": NoticeKind(_("Answer accepted: {paper}"), SEE),
    "paper_reject_reply": NoticeKind(_("Answer rejected, answer again: {paper}"), SEE),
}


ERRORS = {
    "not_red": _("Nothing here is red. Only the bureau decides to urge all the same."),
    "already_drafted": _("A notice of this kind is drafted already."),
    "already_withdrawn": _("This paper is withdrawn already."),
    "already_proposed": _("Its withdrawal is proposed already."),
    "already_settled": _("This page was filed or set aside already."),
    "unknown_number": _("No paper of yours bears this number."),
    "not_proposed": _("Nobody has proposed to withdraw this paper."),
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
    """The papers about a subject, newest first, and the way to draft one; left out when there is neither."""
    kind = ContentType.objects.get_for_model(subject)
    found = Paper.objects.visible_to(officer).filter(subject_type=kind, subject_id=subject.pk)
    papers = list(found.order_by("-issued_at", "-pk")[:10])
    url = draft_url(subject, officer)
    return {"papers": papers, "draft_url": url} if papers or url else None


def register_drafts() -> None:
    contributions.subject_kinds.add(
        "oversight.paperdraft",
        SubjectKind(
            model=PaperDraft,
            label=_("draft of a paper"),
            cards=draft_cards,
            verb_labels={move.verb: move.label for move in DRAFT_FLOW.table},
            status_labels=dict(PaperDraft.Status.choices),
        ),
        order=56,
    )


def draft_cards(ids: Iterable[Any]) -> dict[Any, SubjectCard]:
    """A draft shows as what it is about, with its own address."""
    rows = list(PaperDraft.objects.filter(pk__in=list(ids)).select_related("owed_by"))
    beneath = cards_of(rows)
    return {
        one.pk: SubjectCard(
            number=card.number if card else "", title=str(one.get_kind_display()), place=card.place if card else "",
            url=one.get_absolute_url(), status=one.get_status_display(), holder=str(one.owed_by or ""),
        )
        for one in rows
        for card in [beneath.get(one.subject_id)]
    }  # fmt: skip


def register_papers() -> None:
    contributions.workflows.add("notice", NOTICE_FLOW, order=55)
    contributions.workflows.add("draft of a notice", DRAFT_FLOW, order=56)
    contributions.workflows.add("withdrawal of a notice", WITHDRAWAL_FLOW, order=57)
    contributions.subject_kinds.add(
        "oversight.paper",
        SubjectKind(
            model=Paper,
            label=_("paper"),
            cards=cards,
            clock_labels=CLOCK_LABELS,
            verb_labels={move.verb: move.label for move in (*NOTICE_FLOW.table, *NOTICE_FLOW.granted)},
            status_labels=dict(Paper.Status.choices),
        ),
        order=55,
    )
    roles = frozenset(PaperQuerySet.access)
    register_drafts()
    works.add(stacks.KIND, stacks.WORK)
    entry = NavEntry(_("Urging and supervision"), "oversight:papers", "paper", "oversight", roles=roles)
    contributions.navigation.add("papers", entry, order=51)
    for noun in ("grid.issue", "cases.case"):
        panel = SubjectPanel(noun, _("Urging and supervision"), "oversight/subject_papers.html", papers_about)
        contributions.subject_panels.add(f"papers of {noun}", panel, order=50)
    for kind, words in NOTICE_KINDS.items():
        contributions.notice_kinds.add(kind, words)
    for verb, label in ACTS.items():
        contributions.act_labels.add(verb, label)
    for code, label in ERRORS.items():
        contributions.error_codes.add(code, label)
    contributions.code_lists.add("paper-kinds", partial(coded, Paper.Kind.choices), order=50)
    contributions.code_lists.add("paper-statuses", partial(coded, Paper.Status.choices), order=50)

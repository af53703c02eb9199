"""What people do with a paper: sign for it, answer it, judge the answer. Numbers are drawn elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from bureau.desk import figures
from bureau.desk.attachments import keep_attachment
from bureau.desk.clocks import iso
from bureau.desk.clockwork import Limit
from bureau.desk.models import Document
from bureau.desk.notices import post_notice
from bureau.desk.refusal import BadValue
from bureau.desk.trail import write_entry
from bureau.desk.wording import clean_text
from bureau.models import Officer, Organisation, Posting, Role
from oversight.models import Paper, PaperReply
from oversight.receivers import LEADERS
from oversight.workflow_notices import NOTICE_FLOW

LONGEST_NAME = 40
LONGEST_REPLY = 2000
LONGEST_REASON = 1000
MOST_FILES = 10
MOST_DAYS = 30
LONGEST = {"text": LONGEST_REPLY, "words": LONGEST_REASON, "receiver": LONGEST_NAME}


@transaction.atomic
def move_paper(paper: Paper, verb: str, *, by: Officer, at: datetime, note: str = "", **facts: Any) -> Paper:
    """Make one move. An answer needs `text` and may bring `files`; a rejection needs `words` and may name `days`.
    Service on paper needs `receiver` and `served_at`, and may name `served_by` and bring `files`.

    Raises NotYourMove, SodConflict, IllegalTransition, BadValue by its field, and what `keep_attachment` raises.
    """
    subject = lock_subject(paper)
    for name in LONGEST.keys() & facts.keys():
        facts[name] = tidy(name, facts[name])
    moved: Paper = NOTICE_FLOW.apply(
        paper, verb, by=by, at=at, note=tidy("note", note), facts=facts, effect=EFFECTS.get(verb)
    )
    posting = NOTICE_FLOW.moves[verb].who.posting_of(by, moved)
    told = {"paper": moved.number, "paper_id": str(moved.pk)}
    write_entry(subject, ON_THE_SUBJECT[verb], by=by, at=at, posting=posting, facts=told)
    tell_people(moved, verb, at=at)
    return moved


def acknowledge_paper(paper: Paper, *, by: Officer, at: datetime) -> Paper:
    """Sign for a paper, once."""
    return move_paper(paper, "receive", by=by, at=at)


def reply_to_paper(
    paper: Paper, text: str, *, files: Sequence[UploadedFile] = (), by: Officer, at: datetime
) -> Paper:  # fmt: skip
    """Answer a paper in writing after signing for it, and again when the answer was rejected."""
    return move_paper(paper, "reply", by=by, at=at, text=text, files=list(files))


def lock_subject(paper: Paper) -> models.Model:
    """What the paper is about, locked before the paper, as every move does."""
    model: Any = paper.subject_type.model_class()
    subject: models.Model = model._base_manager.select_for_update(of=("self",)).get(pk=paper.subject_id)
    return subject


# effects


def receive(paper: Paper, *, by: Officer, at: datetime, **_facts: Any) -> dict[str, Any]:
    paper.received_by, paper.received_at = by, at
    return {}


def serve_on_paper(
    paper: Paper,
    *,
    by: Officer,
    at: datetime,
    receiver: str,
    served_at: datetime,
    served_by: Officer | str | None = None,
    files: Sequence[UploadedFile] = (),
    **_facts: Any,
) -> dict[str, Any]:
    """It was handed over on paper: who took it, when, and who brought it; a scan of the receipt may go with it."""
    if not paper.issued_at.replace(second=0, microsecond=0) <= served_at <= at:
        raise BadValue(
            _("Service lies between the issue of the paper and now."), code="invalid_date", pointer="/served_at"
        )
    server = server_of(served_by, at) if served_by else by
    kept = [keep_attachment(paper, file, by=by, at=at, kind=Document.Kind.SCAN) for file in files[:MOST_FILES]]
    paper.receiver_name, paper.served_by, paper.received_at = receiver, server, served_at
    files_told = [document.sha256 for document in kept]
    return {"served_at": iso(served_at), "served_by": server.username, "files": files_told}


def server_of(named: Officer | str, at: datetime) -> Officer:
    """The serving person of the bureau who brought the paper."""
    found = Officer.objects.filter(username=named.username if isinstance(named, Officer) else named).first()
    posts = Posting.objects.at(at).filter(officer=found, organisation__kind=Organisation.Kind.BUREAU)
    if found is None or not posts.exists():
        raise BadValue(_("Name somebody who serves in the bureau."), code="invalid_choice", pointer="/served_by")
    return found


def reply(
    paper: Paper, *, by: Officer, at: datetime, text: str, files: Sequence[UploadedFile] = (), **_facts: Any
) -> dict[str, Any]:
    """One more answer: the earlier ones stand as they were given and judged."""
    if len(files) > MOST_FILES:
        raise BadValue(_("At most 10 files go with an answer."), code="too_many_files", pointer="/files")
    answer = PaperReply.objects.create(paper=paper, serial=paper.replies.count() + 1, text=text, by=by, at=at)
    kept = [keep_attachment(answer, file, by=by, at=at) for file in files]
    paper.replied_at = at
    return {"reply": answer.serial, "files": [document.sha256 for document in kept]}


def accept_reply(paper: Paper, *, by: Officer, at: datetime, words: str = "", **_facts: Any) -> dict[str, Any]:
    return judge(paper, PaperReply.Verdict.ACCEPTED, words, None, by=by, at=at)


def reject_reply(
    paper: Paper, *, by: Officer, at: datetime, words: str, days: Any = None, **_facts: Any
) -> dict[str, Any]:
    """The unit answers again, within the working days named or those of the figure."""
    limit = Limit.parse(figures.figure("oversight_reply_again_limit", figures.local_day(at)))
    count = days if days is not None else int(limit.amount)
    if isinstance(count, bool) or not isinstance(count, int) or not 1 <= count <= MOST_DAYS:
        raise BadValue(_("Give whole working days, from 1 to 30."), code="invalid", pointer="/days")
    return judge(paper, PaperReply.Verdict.REJECTED, words, count, by=by, at=at) | {"days": count}


def judge(
    paper: Paper, verdict: PaperReply.Verdict, words: str, days: int | None, *, by: Officer, at: datetime
) -> dict[str, Any]:
    answer = paper.replies.select_for_update(of=("self",)).latest("serial")
    answer.verdict, answer.reason, answer.days = verdict, words, days
    answer.judged_by, answer.judged_at = by, at
    answer.save(update_fields=["verdict", "reason", "days", "judged_by", "judged_at"])
    return {"reply": answer.serial, "words": words}


EFFECTS = {
    "receive": receive,
    "serve_on_paper": serve_on_paper,
    "reply": reply,
    "accept_reply": accept_reply,
    "reject_reply": reject_reply,
}
ON_THE_SUBJECT = {
    "receive": "receive_paper",
    "serve_on_paper": "serve_on_paper",
    "reply": "reply_to_paper",
    "accept_reply": "accept_reply",
    "reject_reply": "reject_reply",
}


# what follows

TO_THE_UNIT = ("issue", "accept_reply", "reject_reply", "withdraw")


def tell_people(paper: Paper, verb: str, *, at: datetime) -> None:
    """Supervision hears of an answer; the handler and the unit's desk of a paper and what became of its answer."""
    for organisation, role in told_of(paper, verb, at):
        post_notice(
            paper,
            f"paper_{verb}",
            at=at,
            dedupe_key=f"paper_{verb}:{paper.pk}:{iso(at)}:{organisation.pk}/{role}",
            to_organisation=organisation,
            to_role=role,
            params={"paper": paper.number, "paper_id": str(paper.pk)},
            is_urgent=verb in ("issue", "reject_reply"),
        )


def told_of(paper: Paper, verb: str, at: datetime) -> list[tuple[Organisation, str]]:
    in_force = Organisation.objects.in_force(figures.local_day(at)).order_by("code")
    if verb == "reply":
        bureau = in_force.filter(kind=Organisation.Kind.BUREAU).first()
        return [(bureau, Role.SUPERVISION)] if bureau else []
    if verb not in TO_THE_UNIT:
        return []
    desks = in_force.filter(kind=Organisation.Kind.SUB_CENTRE, unit_id=paper.unit_id) if paper.unit_id else []
    told = [one for one in (paper.owed_by, *desks[:1], paper.to_organisation) if one is not None]
    return [(one, LEADERS.get(Organisation.Kind(one.kind), "")) for one in dict.fromkeys(told)]


def tidy(field: str, text: str) -> str:
    try:
        return clean_text(text, LONGEST.get(field, LONGEST_REASON), lines=True)
    except ValidationError as error:
        raise BadValue("".join(error.messages), code=error.code or "invalid", pointer=f"/{field}") from error

"""A notice as an official PDF: its words from what it said when it was issued, typeset once and kept."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import quote

from django.core.files.storage import default_storage
from django.http import FileResponse
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from bureau.desk.models import Document
from bureau.desk.press import Made, made_once
from oversight.models import Paper

TITLES = {
    Paper.Kind.URGING: "催办通知书",
    Paper.Kind.SUPERVISION: "督办通知书",
    Paper.Kind.COMBINED: "催办督办通知书",
}
OPENINGS = {
    Paper.Kind.URGING: (
        "你单位承办的下列事项已超过办理时限。现予催办，请于整改期内办理完毕并反馈；逾期仍未反馈的，将发出督办通知书。"
    ),
    Paper.Kind.SUPERVISION: (
        "你单位承办的下列事项经催办，整改期满仍未反馈。现予督办，请于第二次整改期内办理完毕并反馈；"
        "逾期仍未反馈的，列为线索移送候选，由本局决定是否移送。"
    ),
    Paper.Kind.COMBINED: (
        "你单位承办的下列事项已超过办理时限。现予催办；第一次整改期满仍未反馈的，自期满之时起转为督办，不再另行发文。"
    ),
}
BY_HAND = {
    Paper.Kind.URGING: "现就下列事项予以催办，请于整改期限前办理完毕并反馈。",
    Paper.Kind.SUPERVISION: (
        "现就下列事项予以督办，请于整改期限前办理完毕并反馈；逾期仍未反馈的，由本局决定是否移送线索。"
    ),
    Paper.Kind.COMBINED: (
        "现就下列事项予以催办并督办，请于整改期限前办理完毕并反馈；逾期仍未反馈的，由本局决定是否移送线索。"
    ),
}
TEMPLATES = {Paper.Kind.COMBINED: "notice_combined"}


def pdf_of(paper: Paper, *, at: datetime) -> Document:
    """The paper's PDF with its verification code; the same file however often it is asked for, until it is withdrawn.

    What is printed after that bears the mark and a code of its own; the codes of both tell of the withdrawal.
    """
    kind = Paper.Kind(paper.kind)
    made = Made(paper.kind, paper.number, str(paper.facts["issuer"]), TITLES[kind], paper.issued_at)
    return made_once(paper, made, TEMPLATES.get(kind, "notice"), lambda: words_of(paper, kind), at=at)


def words_of(paper: Paper, kind: Paper.Kind) -> dict[str, Any]:
    """What stands on it, in Chinese as the paper is: on the page as on the PDF."""
    facts = paper.facts
    is_by_hand = "reason" in facts
    periods = periods_of(paper, facts) if kind == Paper.Kind.COMBINED and not is_by_hand else []
    return {
        "to": facts["to"],
        "opening": (BY_HAND if is_by_hand else OPENINGS)[kind],
        "rows": [row for row in rows_of(paper, facts) if row[1] and not (periods and row[0] == "整改期")],
        "periods": periods,
        "closing": [*late(paper), "对时限有异议的，请于整改期内书面提出。"],
        "date": f"{timezone.localtime(paper.issued_at):%Y年%-m月%-d日}",
        "withdrawn": f"（本文书已于{moment(paper.withdrawn_at)}撤回）" if paper.withdrawn_at else "",
        "labels": {"code": "验证码", "seal": "（印章）", "withdrawn": "已撤回"},
    }


def rows_of(paper: Paper, facts: dict[str, Any]) -> list[list[str]]:
    """The lines of the table; those that say nothing are left out."""
    until = moment(paper.rectify_by)
    return [
        ["编号", facts["number"]],
        ["类型", facts["type"]],
        ["地点", facts["place"]],
        ["承办机构（抄送）" if is_copied(paper, facts) else "承办机构", facts["handler"]],
        ["办理时限", facts["limit"]],
        ["起算时间", moment(facts["started_at"])],
        ["红灯时间", moment(facts["red_at"])],
        ["事由", facts.get("reason", "")],
        ["整改期限" if "reason" in facts else "整改期", period(facts["period"], until)],
        ["时限计算", facts["counted"]],
    ]


def period(words: str, until: str) -> str:
    return "，".join(part for part in (words, f"至{until}" if until else "") if part)


def periods_of(paper: Paper, facts: dict[str, Any]) -> list[list[str]]:
    """The two periods of a combined notice: name, how long, until when, and what follows."""
    second = moment(facts.get("second_by"))
    return [
        ["第一次（催办）", facts["period"], moment(paper.rectify_by), "转为督办"],
        ["第二次（督办）", facts["period"], second, "列为线索移送候选"],
    ]


def is_copied(paper: Paper, facts: dict[str, Any]) -> bool:
    """A combined notice stands for the supervision notice too, so the handler gets a copy."""
    return paper.kind == Paper.Kind.COMBINED and facts["handler"] != facts["to"]


def late(paper: Paper) -> list[str]:
    """R16: a paper raised more than one working hour late says so."""
    if not paper.is_late:
        return []
    due = moment(paper.facts["reached_at"])
    return [f"本通知书应于{due}发出，因系统停运，实际发出时间见落款；时限仍按应发时间计算。"]


def moment(value: Any) -> str:
    """`2026年6月22日14:00`, local time."""
    found = parse_datetime(value) if isinstance(value, str) else value
    return f"{timezone.localtime(found):%Y年%-m月%-d日%H:%M}" if found else ""


def pdf_answer(document: Document) -> FileResponse:
    """The kept file, to be opened in the reader's browser."""
    answer = FileResponse(default_storage.open(document.original), content_type="application/pdf")
    answer["Content-Disposition"] = f"inline; filename*=UTF-8''{quote(document.file_name)}"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-cache"
    return answer

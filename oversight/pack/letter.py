"""The transfer letter 案件线索移送函: what is handed over, why, and the list of what goes with it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone
from django.utils.translation import override

from bureau.desk.explain import limit_in_words
from bureau.desk.fence import cards_of
from bureau.desk.models import Document
from bureau.desk.press import Made, made_once
from bureau.models import Organisation
from oversight.models import Paper, ReferralCandidate
from oversight.pack.contents import File
from oversight.printing import moment

TITLE = "案件线索移送函"


def letter_of(referral: ReferralCandidate, files: Sequence[File], *, at: datetime) -> Document:
    """The letter as PDF with its verification code; the same file however often it is asked for.

    After a withdrawal the next copy bears the mark, and every code tells of it.
    """
    on = timezone.localdate(referral.handed_over_at)
    issuer = in_force(Organisation.Kind.BUREAU, on).name_zh
    made = Made("referral", str(referral.number), issuer, TITLE, referral.handed_over_at or at)
    return made_once(referral, made, "referral", lambda: words_of(referral, files), at=at)


def in_force(kind: str, on: Any) -> Organisation:
    found = Organisation.objects.in_force(on).filter(kind=kind).order_by("code").first()
    if found is None:
        raise ImproperlyConfigured(f"No organisation of kind {kind!r} is in force: load the reference data first.")
    return found


def words_of(referral: ReferralCandidate, files: Sequence[File]) -> dict[str, Any]:
    """What stands on it, in Chinese as the paper is."""
    with override("zh-hans"):
        told, reason = facts_of_matter(referral), str(referral.get_reason_display())
    on = timezone.localdate(referral.handed_over_at)
    rows = [
        ["事项编号", told["number"]],
        ["类型", told["type"]],
        ["地点", told["place"]],
        ["承办机构", told["handler"]],
        ["办理时限", told["limit"]],
        ["红灯时间", moment(referral.clock.due_at)],
        ["催办督办", told["papers"]],
        ["第二次整改期满", moment(referral.reached_at)],
        ["移送理由", f"{reason}。{referral.words}"],
    ]
    return {
        "to": in_force(Organisation.Kind.DISTRICT_SUPERVISION, on).name_zh,
        "opening": opening(referral, told),
        "rows": [row for row in rows if row[1]],
        "closing": [
            "随函移送材料包一份，内有时间线、历次文书和证据原件，清单附后。请予签收，依法依规处理，并将处理结果函告我局。",
            f"附件：移送材料清单（共{len(files)}项）",
        ],
        "items": [[str(n), one.title, f"{one.made_at:%Y-%m-%d}", one.sha256] for n, one in numbered(files)],
        "date": f"{on:%Y年%-m月%-d日}",
        "withdrawn": f"（本函已于{moment(referral.withdrawn_at)}撤回）" if referral.withdrawn_at else "",
        "labels": {
            "code": "验证码",
            "seal": "（印章）",
            "withdrawn": "已撤回",
            "annex": "附件",
            "list": "移送材料清单",
            "columns": ["序号", "材料名称", "形成日期", "SHA-256 校验值"],
            "hashes": "校验值由材料的全部字节计算得出，任何改动都会使其不同。核对方法见材料包内 index.html。",
        },
    }


def numbered(files: Sequence[File]) -> Any:
    return enumerate(files, start=1)


def opening(referral: ReferralCandidate, told: dict[str, str]) -> list[str]:
    said = (
        f"我局在红灯督办中发现，{told['handler']}承办的下列事项超过办理时限，经催办、督办，"
        "两次整改期满仍未反馈。经研究，现将有关线索移送你单位。"
    )
    handled = referral.handled_at
    if handled and referral.handed_over_at and handled <= referral.handed_over_at:
        said += f"该事项已于{moment(handled)}反馈。"
    return [said]


def facts_of_matter(referral: ReferralCandidate) -> dict[str, str]:
    """From what the last paper of the ladder said, which stands; else from the subject as it shows now."""
    found = Paper.objects.filter(rung__clock=referral.clock, issued_at__lte=referral.handed_over_at)
    papers = list(found.order_by("rung__reached_at", "number"))
    card = cards_of([referral]).get(referral.subject_id)
    shown = {"number": card.number, "type": card.title, "place": card.place} if card else {}
    said = papers[-1].facts if papers else {}
    return {
        "number": str(said.get("number") or shown.get("number", "")),
        "type": str(said.get("type") or shown.get("type", "")),
        "place": str(said.get("place") or shown.get("place", "")),
        "handler": str(said.get("handler") or (referral.owed_by.name_zh if referral.owed_by else "")),
        "limit": str(said.get("limit") or limit_in_words(referral.clock.limit)),
        "papers": "；".join(f"{paper.get_kind_display()} {paper.number}" for paper in papers),
    }

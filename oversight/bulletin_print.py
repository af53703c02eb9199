"""A bulletin as an official PDF: its frozen content, typeset in the background and kept once."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from bureau.desk import jobs, press
from bureau.desk.jobs import Step, Work
from bureau.desk.models import Document, Job
from bureau.desk.models.clock import RungName
from bureau.face.words import duration
from bureau.models import Officer
from oversight.bulletins import issuer
from oversight.models import Bulletin
from oversight.printing import moment

KIND: Final = "bulletin_pdf"
TITLE: Final = "红灯超时案件通报"
FIGURES: Final = ("red", "urge", "supervise", "refer", "yellow", "grey", "open")
UNITS_HEAD: Final = ("名次", "街镇", "红灯", "已催办", "已督办", "待移送", "最长超时", "黄灯", "挂账", "在办")
REDS_HEAD: Final = ("编号", "类型", "地点", "承办机构", "级次", "红灯时间", "超时")
HELD_HEAD: Final = ("编号", "类型", "地点", "承办机构", "挂账时间", "恢复时间")


def order_pdf(bulletin: Bulletin, *, by: Officer, at: datetime) -> Job:
    """The job that prints it; the caller has asked `files_visible_to`."""
    return jobs.order(KIND, key=f"{KIND} {bulletin.pk}", facts={"bulletin": str(bulletin.pk)}, by=by, at=at)


def make(job: Job, step: Step) -> tuple[Bulletin, press.Pressed]:
    bulletin = Bulletin.objects.get(pk=job.facts["bulletin"])
    step(0, 3)
    values = words_of(bulletin)
    step(1, 3)
    pressed = press.compose(made_of(bulletin), "bulletin", values)
    step(2, 3)
    return bulletin, pressed


def keep(job: Job, made: tuple[Bulletin, press.Pressed], at: datetime) -> Document:
    bulletin, pressed = made
    return press.keep_pressed(bulletin, made_of(bulletin), pressed, at=at)


def made_of(bulletin: Bulletin) -> press.Made:
    return press.Made("bulletin", bulletin.number, issuer().name_zh, TITLE, bulletin.frozen_at)


@override("zh-hans")
def words_of(bulletin: Bulletin) -> dict[str, Any]:
    """What stands on it, in Chinese as the paper is."""
    content = bulletin.content
    names = {row["code"]: row["name"] for row in content["units"]}
    return {
        "to": "各街道（镇）城管执法中队",
        "opening": opening(bulletin),
        "units": [UNITS_HEAD, *map(unit_cells, content["units"]), sum_cells(content["total"])],
        "reds": [REDS_HEAD, *(red_cells(row, names) for row in content["reds"])],
        "held": [HELD_HEAD, *(held_cells(row) for row in content["suspended"])],
        "date": f"{timezone.localtime(bulletin.frozen_at):%Y年%-m月%-d日}",
        "withdrawn": "",
        "labels": {"code": "验证码", "seal": "（印章）"},
        "sha256": f"数据指纹（SHA-256）：{bulletin.sha256}",
    }


def opening(bulletin: Bulletin) -> str:
    total = bulletin.content["total"]
    told = f"截至{moment(bulletin.frozen_at)}，全区红灯（超时）事项共{total['red']}件，挂账{total['grey']}件。"
    if bulletin.due_at and bulletin.frozen_at != bulletin.due_at:
        told += f"本期应于{moment(bulletin.due_at)}发出，因系统停运推迟，数据以实际发出时间为准。"
    return f"{told}现将有关情况通报如下，请各单位抓紧办理。"


def unit_cells(row: dict[str, Any]) -> list[str]:
    longest = duration(row["longest"], row["longest_unit"]) if "longest" in row else ""
    figures = [str(row[name] or "") for name in FIGURES]
    return [str(row["rank"] or ""), row["name"] or "未定", *figures[:4], longest, *figures[4:]]


def sum_cells(total: dict[str, int]) -> list[str]:
    figures = [str(total[name]) for name in FIGURES]
    return ["", "合计", *figures[:4], "", *figures[4:]]


def red_cells(row: dict[str, Any], names: dict[str, str]) -> list[str]:
    rung = "" if row["rung"] == "waiting" else str(RungName(row["rung"]).label)
    over = duration(row["over"], row["over_unit"])
    handler = row["handler"] or names.get(row["unit"], "")
    return [row["number"], row["type"], row["place"], handler, rung, short(row["red_since"]), over]


def held_cells(row: dict[str, Any]) -> list[str]:
    since, until = short(row["since"]), short(row["resumes_at"])
    return [row["number"], row["type"], row["place"], row["handler"], since, until]


WORK: Final = Work(_("Red-light bulletin as PDF"), make, keep)


def short(value: str | None) -> str:
    """`06-22 14:03`, local time, as a narrow column takes it."""
    found = parse_datetime(value) if value else None
    return f"{timezone.localtime(found):%m-%d %H:%M}" if found else ""

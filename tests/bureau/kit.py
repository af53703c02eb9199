"""Sample values for the kit: one instant, Monday 2026-06-22 15:20, sums that add up (domain rules R1, R5-R8)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.timezone import get_current_timezone

from bureau.context import DENSITIES, THEMES, Group, RailEntry
from bureau.desk.refusal import OutOfTime, SodConflict
from bureau.face.panels import Happening, ShownMove
from bureau.face.signs import LIGHTS

HOUR = 3600
ICONS = """
desk send list map lamp paper case book unit rank find bell camera offline back forward pin lock info down me check
pause clock calendar print out add filter link people edit download
""".split()  # noqa: SIM905 - read as a line, not as a column


def at(text: str) -> datetime:
    """`06-22 15:20` of 2026 in the portal's zone."""
    return datetime.strptime(f"2026-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=get_current_timezone())


def explanation() -> dict[str, Any]:
    """16 working hours from 06-16 14:00, less 7 suspended for rain, around the Dragon Boat day: red 06-22 12:00."""
    counted = [
        ("06-16 14:00", "06-16 18:00"),
        ("06-17 09:00", "06-17 11:00"),
        ("06-18 10:00", "06-18 12:00"),
        ("06-18 13:00", "06-18 18:00"),
        ("06-22 09:00", "06-22 12:00"),
    ]
    held = [("06-17 11:00", "06-17 12:00"), ("06-17 13:00", "06-17 18:00"), ("06-18 09:00", "06-18 10:00")]
    grace = [("06-22 15:20", "06-22 18:00"), ("06-23 09:00", "06-23 12:00"), ("06-23 13:00", "06-23 18:00")]
    spans = [span(*pair, "counted") for pair in counted]
    spans += [span(*pair, "suspended", reason="挂账 7 工作时（暴雨）") for pair in held]
    spans += [span("06-19 00:00", "06-20 00:00", "rest", name="端午节放假")]
    spans += [span("06-20 00:00", "06-22 00:00", "rest", name="")]
    spans += [span("06-22 13:00", "06-22 15:20", "overtime")]
    spans += [span(*pair, "rectification") for pair in grace]
    return {
        "start": at("06-16 14:00"),
        "limit": "16 working_hours",
        "warn_at": at("06-18 17:48"),
        "due_at": at("06-22 12:00"),
        "spans": spans,
    }


def span(begins: str, ends: str, kind: str, **words: str) -> dict[str, Any]:
    return {"from": at(begins), "to": at(ends), "kind": kind, **words}


class FeedBack(forms.Form):
    outcome = forms.ChoiceField(
        label="结果",
        widget=forms.RadioSelect,
        initial="fixed",
        choices=[("fixed", "已解决"), ("partly", "部分解决"), ("not", "无法解决"), ("case", "已开立执法案件")],
    )
    note = forms.CharField(label="说明", widget=forms.Textarea(attrs={"rows": 3}), required=False)


class Filing(forms.Form):
    officer = forms.CharField(label="第二名执法人员", help_text="执法证须在执法当日有效")
    fine = forms.IntegerField(label="拟罚金额", min_value=5000)
    place = forms.CharField(label="违法地点")
    unit = forms.ChoiceField(label="单位", choices=[("", "请选择"), *((str(n), f"单位 {n}") for n in range(14))])
    photo = forms.FileField(label="照片", required=False)
    agreed = forms.BooleanField(label="当事人在场", required=False)


def wrong_form() -> Filing:
    form = Filing({"officer": "辅助人员甲", "fine": "3000", "place": "沪松公路近吴宝路"})
    form.add_error("officer", "辅助人员甲没有执法证，不能作为两名执法人员之一")
    return form


def frame(theme: str) -> dict[str, Any]:
    work = Group(
        "",
        (
            RailEntry("desk", "我的办公桌", "#", "desk", False, 2, True),
            RailEntry("issues", "网格案件", "#", "list", True, 1284),
            RailEntry("cases", "执法案件", "#", "case"),
        ),
    )
    watch = Group(
        "监督", (RailEntry("board", "红灯看板", "#", "lamp", False, 23), RailEntry("papers", "催办督办", "#", "paper"))
    )
    basis = Group("依据", (RailEntry("powers", "权力清单", "#", "book"), RailEntry("units", "机构与单位", "#", "unit")))
    tabs = [
        RailEntry("desk", "办公桌", "#", "desk"),
        RailEntry("issues", "案件", "#", "list", True),
        RailEntry("report", "上报", "#", "camera"),
        RailEntry("messages", "通知", "#", "bell", False, 3),
        RailEntry("me", "我", "#", "me"),
    ]
    return {
        "theme": theme,
        "density": "middle",
        "navigation": [work, watch, basis],
        "tabs": tabs,
        "search_url": "#",
        "notices_url": "#",
        "unread": 3,
        "chosen_theme": "system",
        "themes": THEMES.items(),
        "densities": DENSITIES.items(),
        "period": (at("06-22 13:00"), at("06-22 18:00")),
        "today": "6月22日 周一",
        "posting": "七宝中队 队员",
        "initial": "队",
        "sign_out_url": "#",
    }


def rows() -> list[dict[str, Any]]:
    told = [
        ("red", -26, 16, "refer", "260611-0315", "工地文明施工与夜间施工"),
        ("red", -9.5, 16, "supervise", "260615-0203", "渣土违规运输"),
        ("red", -2.33, 16, "urge", "260616-0427", "偷乱倒渣土"),
        ("yellow", 0.23, 4, "", "260618-0128", "跨门营业"),
        ("yellow", 6.8, 40, "", "260611-0015", "违法户外广告设施"),
        ("green", 3.4, 8, "", "260622-0099", "跨门营业"),
        ("green", 26, 56, "", "260611-0180", "群租"),
        ("grey", 20, 40, "", "260609-0064", "违法用地"),
    ]
    return [
        {
            "light": light,
            "left": round(left * HOUR),
            "limit": limit * HOUR,
            "elapsed": (limit - left) * HOUR,
            "seal": seal,
            "number": number,
            "type": kind,
            "place": "沪松公路近吴宝路绿化带",
            "unit": "七宝镇",
            "holder": "七宝中队 队员甲",
            "status": "处置中",
            "sent": at("06-16 14:00"),
            "due": at("06-22 12:00"),
            "rework": int(index % 3 == 1),
            "css": "held" if light == "grey" else "on" if index == 1 else "cursor" if index == 2 else "",
        }
        for index, (light, left, limit, seal, number, kind) in enumerate(told)
    ]


def context(theme: str) -> dict[str, Any]:
    now = at("06-22 15:20")
    return {
        "now": now,
        "frame": frame(theme),
        "explanation": explanation(),
        "states": list(LIGHTS),
        "icons": ICONS,
        "sentence": "2 个工作日即 16 工作时，06-16 14:00 派遣起算；扣除挂账 7 工作时"
        "（06-17 11:00 至 06-18 10:00，暴雨），端午节与双休日不计；06-22 12:00 用尽。",
        "strip": {
            "elapsed": 18.33 * HOUR,
            "limit": 16 * HOUR,
            "start_at": at("06-16 14:00"),
            "warn_at": at("06-18 17:48"),
            "due_at": at("06-22 12:00"),
            "supervise_at": at("06-23 12:00"),
            "refer_at": at("06-24 12:00"),
        },
        "before": [],
        "rows": rows(),
        "form": wrong_form(),
        "forms": {"feed_back": FeedBack()},
        "facts": [
            ("类型", "B2 偷乱倒渣土·渣土运输与工地"),
            ("承办", "七宝中队 队员甲、队员乙"),
            ("网格立案", "未经许可倾倒渣土或者建筑垃圾成堆"),
            ("结案条件", "已清除，当事人已查明或者说明理由后结束查找"),
            ("专项", "渣土管理"),
            ("备注", None),
            ("说明", "约 6 立方米，压占绿化带", True),
        ],
        "open": [
            {"verb": "feed_back", "label": "反馈处置结果", "hint": "须选结果，附处置后照片；反馈即停时限"},
            ShownMove("photo", "补充照片", "/photos/", is_link=True),
            ShownMove("case", "开立执法案件", "/cases/new/", is_link=True),
            ShownMove("void", "作废", "/move/", form=FeedBack(prefix="void"), is_irreversible=True),
        ],
        "closed": [
            {"label": "申请延期", "reason": "红灯之后不受理；须在 06-22 12:00 前提出"},
            {"label": "申请挂账", "reason": "红灯之后不受理"},
            {"label": "进入复核", "reason": "陈述申辩期到今天 24:00", "first_at": at("06-23 00:00")},
        ],
        "refused": SodConflict(
            "您于 06-16 派遣过它；派遣与核查须由不同的人办理（职责分离）。", remedy="可由核查岗其他人员办理。"
        ),
        "early": OutOfTime("陈述申辩期到今天 24:00。", first_at=now + timedelta(hours=8, minutes=40)),
        "ahead": [
            Happening(at("06-24 12:00"), "仍未反馈：列为移送候选，由人决定", seal="refer"),
            Happening(at("06-23 12:00"), "仍未反馈：向中队长、联动分中心发督办通知书", seal="supervise"),
        ],
        "past": [
            Happening(at("06-22 13:04"), "七宝镇联动分中心签收催办通知书", "七宝镇联动分中心值守"),
            Happening(
                at("06-22 12:00"),
                "红灯，催办通知书 闵城管催〔2026〕118号 已发",
                rule="整改期 8 工作时，至 06-23 12:00",
                seal="urge",
                url="#",
            ),
            Happening(at("06-18 17:48"), "黄灯，已提醒承办人", mark="yellow"),
            Happening(
                at("06-17 11:00"), "挂账获批：暴雨，装载机械不能进场", "七宝中队长申请 09:40", "派遣员乙批准 11:00"
            ),
            Happening(
                at("06-16 15:00"), "更正地点", "派遣员甲", changes=(("地点", "沪松公路", "沪松公路近吴宝路绿化带"),)
            ),
            Happening(at("06-16 14:00"), "派遣给七宝中队", "派遣员甲", "规则 2 按网格归属"),
        ],
    }


def render(language: str = "zh-hans", theme: str = "light", **more: Any) -> str:
    """The whole kit as a page."""
    with translation.override(language):
        return render_to_string("kit.html", context(theme) | more)

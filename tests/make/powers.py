"""Editions and powers for tests."""

from __future__ import annotations

from datetime import date
from typing import Any

from powers.models import Edition, HandbookItem, Power

POWERS = {
    "CF-001": ("penalty", "擅自占用道路设摊经营", "Setting up a stall on a road"),
    "CF-091": ("penalty", "擅自倾倒建筑垃圾", "Dumping construction waste"),
    "QZ-001": ("compulsory", "扣押经营工具", "Seizing trading tools"),
}


def edition(code: str = "2015", valid_from: date = date(2015, 1, 28), valid_to: date | None = None) -> Edition:
    found, _ = Edition.objects.get_or_create(
        code=code,
        defaults={
            "name_zh": f"{code}年清单",
            "name_en": f"List {code}",
            "valid_from": valid_from,
            "valid_to": valid_to,
        },
    )
    return found


def power(code: str = "CF-001", of: Edition | None = None, **said: Any) -> Power:
    """The power of that code in that edition, made once."""
    category, name_zh, name_en = POWERS.get(code, ("penalty", f"事项{code}", f"Power {code}"))
    given = {
        "category": category,
        "domain": "cityscape",
        "name_zh": name_zh,
        "name_en": name_en,
        "legal_basis_zh": "《上海市市容环境卫生管理条例》第二十一条第一款",
        "penalty_kinds": ["order_to_correct", "fine"],
        "fine_min": 100,
        "fine_max": 1000,
        "subject": "both",
        "issue_type_hint": "street_order",
        "simple_procedure_possible": True,
        "confidence": "verified",
    }
    found, _ = Power.objects.get_or_create(edition=of or edition(), code=code, defaults={**given, **said})
    return found


def handbook_item(code: str = "SX-001", **said: Any) -> HandbookItem:
    """An entry of the handbook of CF-001, or of the power that is given."""
    of = said.pop("power") if "power" in said else power()
    given = {
        "name_zh": f"手册事项{code}",
        "name_en": f"Entry {code}",
        "kind": "penalty",
        "responsible_level": "squad",
        "steps_zh": "现场检查取证→责令改正→立案调查",
        "confidence": "verified",
    }
    return HandbookItem.objects.create(edition=edition(), code=code, power=of, **{**given, **said})

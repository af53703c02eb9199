"""The people of a demonstration: every account of the manual, with invented names (demo and test only)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from bureau.models import Organisation, Role, Unit

PASSWORD: Final = "demo-2015"
SINCE: Final = date(2015, 1, 28)
CERTIFIED: Final = (date(2015, 1, 1), date(2030, 12, 31))
UNITS: Final = (
    "jiangchuan", "gumei", "xinhong", "xinzhuang", "qibao", "zhuanqiao", "huacao", "hongqiao", "meilong", "wujing",
    "maqiao", "pujiang", "gongyequ",
)  # fmt: skip
CERTIFIED_ROLES: Final = frozenset({Role.SQUAD_OFFICER, Role.SQUAD_LEADER})


@dataclass(frozen=True)
class Account:
    """A demo account: staff number, name, role and the code of its organisation."""

    username: str
    name: str
    role: Role
    organisation: str

    @property
    def is_certified(self) -> bool:
        return self.role in CERTIFIED_ROLES


DISTRICT: Final = (
    Account("inspector", "监督员甲", Role.INSPECTOR, "grid_centre"),
    Account("inspector2", "监督员乙", Role.INSPECTOR, "grid_centre"),
    Account("operator", "受理员甲", Role.OPERATOR, "grid_centre"),
    Account("shift", "值班长甲", Role.SHIFT_LEADER, "grid_centre"),
    Account("dispatcher", "派遣员甲", Role.DISPATCHER, "grid_centre"),
    Account("legal", "法制员甲", Role.LEGAL, "bureau"),
    Account("legal2", "法制员乙", Role.LEGAL, "bureau"),
    Account("deputy", "分管局长甲", Role.DEPUTY, "bureau"),
    Account("director", "局长甲", Role.DIRECTOR, "bureau"),
    Account("supervisor", "督察甲", Role.SUPERVISION, "bureau"),
    Account("supervisor2", "督察乙", Role.SUPERVISION, "bureau"),
    Account("district", "区监察甲", Role.DISTRICT_SUPERVISION, "district_supervision"),
    Account("finance", "财务甲", Role.FINANCE, "bureau"),
    Account("publisher", "公示员甲", Role.PUBLISHER, "bureau"),
    Account("archivist", "档案员甲", Role.ARCHIVIST, "bureau"),
    Account("partner", "交警联络员甲", Role.PARTNER, "traffic_police"),
    Account("social", "社会监督员甲", Role.SOCIAL, "social_supervisors"),
    Account("auditor", "审计员甲", Role.AUDITOR, "bureau"),
    Account("admin", "系统管理员甲", Role.SYSADMIN, "bureau"),
)
OF_A_UNIT: Final = (
    ("officer", "队员甲", Role.SQUAD_OFFICER, "squad"),
    ("officer2", "队员乙", Role.SQUAD_OFFICER, "squad"),
    ("auxiliary", "辅助人员甲", Role.AUXILIARY, "squad"),
    ("leader", "中队长", Role.SQUAD_LEADER, "squad"),
    ("centre", "值守甲", Role.UNIT_DESK, "centre"),
    ("station", "工作站甲", Role.STATION, "station"),
    ("town", "街镇领导甲", Role.TOWN_LEADER, "government"),
)


def accounts(units: dict[str, Unit]) -> Iterator[Account]:
    """All accounts; the names of a unit's people begin with what its squad is called."""
    yield from DISTRICT
    for slug in UNITS:
        place = short_name(units[slug])
        for suffix, name, role, code in OF_A_UNIT:
            yield Account(f"{slug}_{suffix}", f"{place}{name}", role, f"{slug}-{code}")


def short_name(unit: Unit) -> str:
    """七宝 of 七宝镇, 古美 of 古美街道."""
    name = unit.name_zh.removesuffix("街道").removesuffix("镇")
    return name.removesuffix("路") if len(name) > 2 else name


def missing_organisations(found: dict[str, Organisation]) -> list[str]:
    """Codes that the accounts need and the reference data did not bring."""
    needed = {account.organisation for account in DISTRICT}
    needed |= {f"{slug}-{code}" for slug in UNITS for _suffix, _name, _role, code in OF_A_UNIT}
    return sorted(needed - found.keys())

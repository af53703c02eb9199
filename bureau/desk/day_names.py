"""Names of days as they stand in the notices, in the language in force."""

from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

MAKE_UP: Final = "调休上班"
HOLIDAYS: Final = {
    "元旦": gettext_lazy("New Year's Day"),
    "春节": gettext_lazy("Spring Festival"),
    "农历除夕": gettext_lazy("Lunar New Year's Eve"),
    "清明节": gettext_lazy("Tomb-Sweeping Day"),
    "劳动节": gettext_lazy("Labour Day"),
    "端午节": gettext_lazy("Dragon Boat Festival"),
    "中秋节": gettext_lazy("Mid-Autumn Festival"),
    "国庆节": gettext_lazy("National Day"),
    "抗战胜利70周年纪念日": gettext_lazy("70th anniversary of victory in the War of Resistance"),
}


def day_name_in_words(name: str) -> str:
    """`国庆节调休上班` reads `National Day (make-up)` in English; an unknown name stays as it was loaded."""
    holiday = name.removesuffix(MAKE_UP)
    if holiday != name and holiday in HOLIDAYS:
        return _("%(holiday)s (make-up)") % {"holiday": HOLIDAYS[holiday]}
    return "; ".join(str(HOLIDAYS.get(part, part)) for part in name.split("; "))

"""The shape of a year's days as a person enters them: `date,kind,name`, one day a line."""

from __future__ import annotations

import csv
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bureau.desk.almanac import DayRow, faults_of_year
from bureau.desk.calendar import FIRST_YEAR, LAST_YEAR

LARGEST = 100_000  # bytes; a year has fewer than 60 such days
HEADING = "date"
KINDS = {"holiday": False, "放假": False, "休": False, "make_up": True, "调休上班": True, "上班": True, "班": True}


class YearForm(forms.Form):
    """A year and its days, typed, pasted or as a file; `cleaned_data["days"]` holds the rows."""

    year = forms.IntegerField(label=gettext_lazy("Year"), min_value=FIRST_YEAR, max_value=LAST_YEAR)
    source = forms.CharField(label=gettext_lazy("Notice it is taken from"), max_length=200)
    rows = forms.CharField(
        label=gettext_lazy("Days"),
        required=False,
        max_length=LARGEST,
        widget=forms.Textarea(attrs={"rows": 14, "spellcheck": "false"}),
        help_text=gettext_lazy("One day a line: date,holiday or make_up,name. For example 2027-01-01,holiday,元旦"),
    )
    file = forms.FileField(label=gettext_lazy("Or a CSV file"), required=False)

    def clean_file(self) -> str:
        """The text of the file, or nothing; UTF-8 or the GB 18030 that a Chinese spreadsheet writes."""
        upload = self.cleaned_data["file"]
        if not upload:
            return ""
        if upload.size > LARGEST:
            raise forms.ValidationError(_("The file is larger than 100 KB; a year has fewer than 60 such days."))
        content = upload.read()
        for encoding in ("utf-8-sig", "gb18030"):
            try:
                return str(content.decode(encoding))
            except UnicodeDecodeError:
                continue
        raise forms.ValidationError(_("The file is not text. Save the sheet as CSV and choose that."))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        text = cleaned.get("file") or cleaned.get("rows") or ""
        self.keep(text)
        days = [self.read(place, cells) for place, cells in lines_of(text)]
        if not days and not self.errors:
            self.add_error("rows", _("Enter the days, or choose a file."))
        cleaned["days"] = [row for _place, row in filter(None, days)]
        if "year" in cleaned and not self.errors:
            places = [place for place, _row in filter(None, days)]
            for fault in faults_of_year(cleaned["year"], cleaned["days"]):
                self.add_error(
                    "rows", str(fault.reason) if fault.place is None else at_line(places[fault.place], fault.reason)
                )
        return cleaned

    def keep(self, text: str) -> None:
        """What came as a file goes on as text, so that nothing must be chosen twice."""
        self.data = dict(self.data.items()) | {"rows": text}

    def read(self, place: int, cells: list[str]) -> tuple[int, DayRow] | None:
        if len(cells) != 3:
            self.add_error("rows", at_line(place, _("three values are needed: date, kind, name.")))
            return None
        day, kind, name = cells
        if kind not in KINDS:
            words = _("the kind “%(kind)s” is neither holiday nor make_up.") % {"kind": kind}
            self.add_error("rows", at_line(place, words))
            return None
        try:
            on = date.fromisoformat("-".join(f"{part:0>2}" for part in day.replace("/", "-").split("-")))
        except ValueError:
            self.add_error("rows", at_line(place, _("“%(day)s” is not a date like 2027-01-01.") % {"day": day}))
            return None
        if not name or len(name) > 60:
            self.add_error("rows", at_line(place, _("the name must have 1 to 60 characters.")))
            return None
        return place, DayRow(on, KINDS[kind], name)


def lines_of(text: str) -> list[tuple[int, list[str]]]:
    """The lines that say something, with their numbers; a heading is passed over."""
    reader = csv.reader(text.replace("，", ",").splitlines())
    lines = [(reader.line_num, [cell.strip() for cell in cells]) for cells in reader]
    return [(place, cells) for place, cells in lines if any(cells) and cells[0].lower() != HEADING]


def at_line(place: int, reason: object) -> str:
    return _("Line %(line)s: %(reason)s") % {"line": place, "reason": reason}

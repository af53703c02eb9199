"""The form by which an issue comes in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bureau.desk.fields import PhoneField, TextField
from bureau.models import Role
from grid.actions import Caller
from grid.actions.report import LONGEST_DESCRIPTION
from grid.forms.photos import HoldsPhotos, PhotosField
from grid.models import Issue

C = Issue.Channel
DESK = (
    C.HOTLINE,
    C.ORDER_12345,
    C.WECHAT,
    C.PUBLIC,
    C.PATROL,
    C.STATION,
    C.KIOSK,
    C.STUDIO,
    C.ALARM,
    C.PARTNER,
    C.LEADER,
)
CHANNELS = {
    Role.OPERATOR: DESK,
    Role.SHIFT_LEADER: DESK,
    Role.DISPATCHER: DESK,
    Role.UNIT_DESK: DESK,
    Role.INSPECTOR: (C.PATROL,),
    Role.SQUAD_OFFICER: (C.PATROL,),
    Role.SQUAD_LEADER: (C.PATROL, C.LEADER),
    Role.AUXILIARY: (C.PATROL,),
    Role.STATION: (C.STATION, C.KIOSK, C.STUDIO),
    Role.PARTNER: (C.PARTNER,),
    Role.SOCIAL: (C.PUBLIC,),
    Role.SUPERVISION: (C.LEADER, C.PATROL),
}
TAKES_CALLS = frozenset({Role.OPERATOR, Role.SHIFT_LEADER, Role.DISPATCHER, Role.UNIT_DESK, Role.STATION})


@dataclass(frozen=True)
class Offer:
    """What this person may choose: types as groups of (code, label), units as (code, label), channels by role."""

    types: list[Any] = field(default_factory=list)
    units: list[tuple[str, str]] = field(default_factory=list)
    roles: frozenset[Role] = frozenset()
    home_unit: str = ""

    @property
    def channels(self) -> list[tuple[str, Any]]:
        open_ones = {channel for role in self.roles for channel in CHANNELS.get(role, ())}
        order = [*DESK]
        return [(channel.value, channel.label) for channel in order if channel in open_ones]

    @property
    def takes_calls(self) -> bool:
        return not self.roles.isdisjoint(TAKES_CALLS)


class ReportForm(HoldsPhotos):
    """What, where, how it came, who told: the shape of `report_issue`; defects of meaning are told by the action."""

    type = forms.ChoiceField(label=_("Type"), widget=forms.Select(attrs={"data-find": _("type to find")}))
    description = TextField(
        label=_("What is to be seen"),
        max_length=LONGEST_DESCRIPTION,
        lines=True,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What, how much, since when. No names of persons here."),
    )
    photos = PhotosField(label=_("Photos"), help_text=_("JPEG, PNG, WebP or HEIC, up to 20 MB each."))
    address = TextField(
        label=_("Address"), required=False, max_length=200, help_text=_("Road, crossing, house number, or near what.")
    )
    latitude = forms.FloatField(label=_("Latitude"), required=False, min_value=-90, max_value=90)
    longitude = forms.FloatField(label=_("Longitude"), required=False, min_value=-180, max_value=180)
    crs = forms.ChoiceField(
        label=_("Coordinates are"),
        required=False,
        choices=[
            (Issue.Crs.WGS84, _("from GPS (WGS-84)")),
            (Issue.Crs.GCJ02, _("from a Chinese map (GCJ-02)")),
        ],
        initial=Issue.Crs.WGS84,
    )
    unit = forms.ChoiceField(
        label=_("Unit it lies in"), required=False, help_text=_("Only needed when there are no coordinates.")
    )
    cell = TextField(
        label=_("Cell"), required=False, max_length=15, help_text=_("15 digits, when the number of the cell is known.")
    )
    channel = forms.ChoiceField(label=_("How it came"), widget=forms.RadioSelect)
    external_ref = TextField(
        label=_("Number given elsewhere"),
        required=False,
        max_length=60,
        help_text=_("Such as the number of the 12345 order."),
    )
    occurred_at = forms.DateTimeField(
        label=_("Seen at"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=_("Now, when left empty."),
    )
    reporter_name = TextField(label=_("Caller's name"), required=False, max_length=40)
    reporter_phone = PhoneField(label=_("Caller's phone"), required=False)

    def __init__(self, *args: Any, offer: Offer, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["type"].choices = [("", ""), *offer.types]  # type: ignore[attr-defined]
        self.fields["unit"].choices = [("", ""), *offer.units]  # type: ignore[attr-defined]
        self.fields["channel"].choices = offer.channels  # type: ignore[attr-defined]
        self.initial.setdefault("unit", offer.home_unit)
        if offer.channels:
            self.initial.setdefault("channel", offer.channels[0][0])
        if len(offer.channels) == 1:
            self.fields["channel"].widget = forms.HiddenInput()
        for name in ("latitude", "longitude"):
            self.fields[name].widget.attrs.update({"step": "any", "inputmode": "decimal"})
        if not offer.takes_calls:
            self.leave_out("reporter_name", "reporter_phone", "external_ref")

    def leave_out(self, *names: str) -> None:
        for name in names:
            del self.fields[name]

    @property
    def takes_calls(self) -> bool:
        return "reporter_phone" in self.fields

    def report(self) -> dict[str, Any]:
        """The words of `report_issue`, less photos, person and time."""
        said = {name: value for name, value in self.cleaned_data.items() if name not in ("photos", "kept")}
        caller = Caller(said.pop("reporter_name", ""), said.pop("reporter_phone", ""))
        if said["longitude"] is not None or said["latitude"] is not None:
            said["crs"] = said["crs"] or Issue.Crs.WGS84
        else:
            said.pop("crs")
        return {**said, "reporter": caller}


def grouped(types: Iterable[Any]) -> list[Any]:
    """Types under their categories, in the order of their codes."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for found in types:
        groups.setdefault(found.category, []).append((found.pk, f"{found.pk} {found}"))
    return list(groups.items())

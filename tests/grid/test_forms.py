"""The shapes of what is typed about an issue."""

from __future__ import annotations

import pytest
from django.core.files.storage import default_storage

from bureau.desk.refusal import BadValue, LawRefused, Several
from bureau.models import Role
from grid.forms import AddPhotoForm, Choices, PurposeForm, ReportForm, form_of, put_on
from grid.forms.report import Offer
from grid.kept_photos import Kept, forget, keep, kept_by
from tests.make import bureau
from tests.make import grid as make

OFFER = Offer([("街面秩序", [("C1", "C1 无序设摊")])], [("310112102", "七宝镇")], frozenset({Role.OPERATOR}))
SAID = {"type": "C1", "description": "路口有人设摊", "channel": "hotline", "unit": "310112102"}


def report_form(offer=OFFER, **changed):
    return ReportForm({**SAID, **changed}, {}, offer=offer)


def test_a_report_is_read_as_the_action_takes_it():
    form = report_form(reporter_name="王先生", reporter_phone="138-0000-0000")

    assert form.is_valid()
    report = form.report()
    assert (report["type"], report["unit"], report["longitude"]) == ("C1", "310112102", None)
    assert report["reporter"].phone == "13800000000"
    assert "crs" not in report


@pytest.mark.parametrize(
    ("changed", "field", "code"),
    [
        ({"description": "字" * 5001}, "description", "too_long"),
        ({"description": "看\u202e反"}, "description", "bidi_control"),
        ({"description": " \u200b "}, "description", "required"),
        ({"type": "Z9"}, "type", "invalid_choice"),
        ({"channel": "pigeon"}, "channel", "invalid_choice"),
        ({"latitude": "200"}, "latitude", "max_value"),
        ({"latitude": "abc"}, "latitude", "invalid"),
        ({"reporter_phone": "12"}, "reporter_phone", "invalid_phone"),
        ({"occurred_at": "yesterday"}, "occurred_at", "invalid"),
    ],
)
def test_a_wrong_value_is_told_at_its_field(changed, field, code):
    form = report_form(**changed)

    assert [error.code for error in form.errors.as_data()[field]] == [code]


def test_channels_follow_the_post():
    assert [value for value, _ in Offer(roles=frozenset({Role.INSPECTOR})).channels] == ["patrol"]
    assert "order_12345" in dict(Offer(roles=frozenset({Role.OPERATOR})).channels)
    assert not Offer(roles=frozenset({Role.LEGAL})).channels


def test_every_defect_of_a_refusal_stands_at_its_field():
    form = report_form()
    form.is_valid()

    put_on(
        form, Several([BadValue("no", code="outside_district", pointer="/longitude"), LawRefused("not so", code="E_X")])
    )

    assert "outside_district" in form.errors["longitude"][0]
    assert "E_X" in form.non_field_errors()[0]


@pytest.mark.parametrize("verb", ["accept", "file", "close", "ask_verification", "nonsense"])
def test_a_plain_move_is_one_press(verb):
    assert form_of(verb, Choices()) is None


@pytest.mark.parametrize(
    ("verb", "needed"),
    [
        ("deny", "note"),
        ("rework", "note"),
        ("refuse", "reason"),
        ("void", "reason"),
        ("feed_back", "outcome"),
        ("dispatch_other", "to"),
    ],
)
def test_a_move_asks_for_what_it_needs(verb, needed):
    form = form_of(verb, Choices([("squad", "中队")]), {}, {})

    assert needed in form.errors


def test_only_the_stages_that_are_open_are_offered():
    form = AddPhotoForm({"stage": "after"}, {"photos": [make.photo()]}, stages=["before"])

    assert "stage" in form.errors
    assert "photos" not in form.errors


def test_eleven_photos_at_once_are_too_many():
    form = AddPhotoForm({"stage": "before"}, {"photos": [make.photo() for _ in range(11)]})

    assert form.errors.as_data()["photos"][0].code == "too_many_photos"


def test_a_purpose_is_one_of_the_list():
    assert "purpose" in PurposeForm({"purpose": "curiosity"}).errors


def test_kept_photos_are_told_by_name():
    form = report_form()
    form.is_valid()

    form.show_kept("a" * 32, ["heap.jpg"])

    assert "heap.jpg" in form["photos"].help_text
    assert form["kept"].value() == "a" * 32


# photos that wait ----------------------------------------------------------------------------------------------------


def test_photos_wait_for_their_own_session_only():
    mine: dict = {}

    kept, refused = keep(mine, Kept(), [make.photo(name="a b.jpg"), make.not_a_photo()], make.MONDAY)

    assert [name for name, _ in refused] == ["shell.jpg"]
    assert kept_by(mine, kept.token).shown_names == ["a_b.jpg"]
    assert kept_by({}, kept.token) == Kept()
    assert kept_by(mine, "../../etc") == Kept()


def test_what_has_arrived_no_longer_waits():
    mine: dict = {}
    kept, _ = keep(mine, Kept(), [make.photo()], make.MONDAY)

    forget(mine, kept)

    assert not default_storage.exists(f"drafts/{kept.token}")
    assert kept_by(mine, kept.token) == Kept()


def test_what_waited_a_day_is_dropped():
    old, _ = keep({}, Kept(), [make.photo()], make.MONDAY)

    keep({}, Kept(), [make.photo("red")], bureau.shanghai("2099-01-01 09:00"))

    assert not default_storage.exists(f"drafts/{old.token}")

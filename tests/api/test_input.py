"""What is sent: JSON, fields, text. A small serializer stands for a room's."""

import pytest
from rest_framework import serializers

from bureau.desk.api.fields import Choice, Day, Id, Instant, Number, Phone, Text, Whole, YesNo
from bureau.desk.api.serializers import StrictSerializer
from bureau.desk.refusal import Refusal, as_errors
from bureau.desk.wording import in_both


class Reporter(StrictSerializer):
    name = Text(max_length=5, required=False, allow_blank=True)
    phone = Phone(required=False)


class Report(StrictSerializer):
    text = Text(max_length=10, required=False)
    lat = Number(min_value=-90, max_value=90, required=False)
    at = Instant(required=False)
    on = Day(required=False)
    choice = Choice(choices=[("a", "A"), ("b", "B")], required=False)
    count = Whole(required=False)
    flag = YesNo(required=False)
    of = Id(required=False)
    reporter = Reporter(required=False)
    officers = serializers.ListField(child=Text(max_length=5), required=False)
    status = serializers.CharField(read_only=True)


class Needing(StrictSerializer):
    name = Text(max_length=5)
    lat = Number()


def defects(serializer, sent):
    with pytest.raises(Refusal) as caught:
        serializer(data=sent).checked()
    return [(refusal.pointer, refusal.code) for refusal in as_errors(caught.value)]


@pytest.mark.parametrize(
    ("sent", "found"),
    [
        ({"lat": "31.1O2"}, ("/lat", "invalid_number")),
        ({"lat": True}, ("/lat", "invalid_number")),
        ({"lat": 91}, ("/lat", "too_large")),
        ({"lat": 10**400}, ("/lat", "invalid_number")),
        ({"text": "x" * 11}, ("/text", "too_long")),
        ({"text": "\u200b"}, ("/text", "blank")),
        ({"text": "   "}, ("/text", "blank")),
        ({"text": ""}, ("/text", "blank")),
        ({"text": None}, ("/text", "required")),
        ({"text": 5}, ("/text", "invalid_text")),
        ({"text": "a\u202eb"}, ("/text", "bidi_control")),
        ({"text": "a\u2066b"}, ("/text", "bidi_control")),
        ({"text": "a\x00b"}, ("/text", "control_character")),
        ({"reporter": {"phone": "138123456789"}}, ("/reporter/phone", "invalid_phone")),
        ({"reporter": {"squad": 1}}, ("/reporter/squad", "unknown_field")),
        ({"reporter": "x"}, ("/reporter", "invalid_object")),
        ({"on": "2026-02-30"}, ("/on", "invalid_date")),
        ({"on": "20261122"}, ("/on", "invalid_date")),
        ({"at": "2026-11-22T10:00:00"}, ("/at", "zone_required")),
        ({"at": "2026-11-22"}, ("/at", "invalid_date")),
        ({"at": "2026-13-22T10:00:00Z"}, ("/at", "invalid_date")),
        ({"at": "0001-01-01T00:00:00+14:00"}, ("/at", "invalid_date")),
        ({"choice": "c"}, ("/choice", "invalid_choice")),
        ({"choice": ["a"]}, ("/choice", "invalid_choice")),
        ({"count": 1.5}, ("/count", "invalid_number")),
        ({"flag": "yes"}, ("/flag", "invalid_boolean")),
        ({"of": "1"}, ("/of", "invalid_id")),
        ({"of": 5}, ("/of", "invalid_id")),
        ({"officers": ["ok", "far too long"]}, ("/officers/1", "too_long")),
        ({"officers": "x"}, ("/officers", "invalid_list")),
        ({"status": "closed"}, ("/status", "unknown_field")),
        ({"squad_id": 1}, ("/squad_id", "unknown_field")),
    ],
)
def test_a_defect_is_told_by_its_field_and_its_code(sent, found):
    assert defects(Report, sent) == [found]


def test_all_defects_are_told_together():
    sent = {"lat": "x", "created_at": 1, "status": 2}

    assert sorted(defects(Needing, sent)) == [
        ("/created_at", "unknown_field"),
        ("/lat", "invalid_number"),
        ("/name", "required"),
        ("/status", "unknown_field"),
    ]


def test_words_are_in_both_languages_name_the_limit_and_repeat_no_value():
    with pytest.raises(Refusal) as caught:
        Report(data={"text": "13812345678 and more", "choice": "13812345678"}).checked()

    told = [in_both(refusal) for refusal in as_errors(caught.value)]

    assert "10" in told[0]["zh"]
    assert "10" in told[0]["en"]
    assert all(words["zh"] != words["en"] for words in told)
    assert "13812345678" not in str(told)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("１３８１２３４５６７８", "13812345678"),
        ("+86 138-1234-5678", "13812345678"),
        ("021-64123456", "02164123456"),
        ("64123456", "64123456"),
    ],
)
def test_a_phone_is_kept_as_plain_digits(typed, kept):
    assert Report(data={"reporter": {"phone": typed}}).checked()["reporter"]["phone"] == kept


def test_text_is_kept_without_blanks_at_its_ends():
    assert Report(data={"text": "\u200b 占道 \ufeff"}).checked() == {"text": "占道"}

"""Answers to papers: rows of their own, with files, judged by somebody of the issuing body, given again if rejected."""

from __future__ import annotations

import io
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, TextStringObject

from bureau.desk.models import Clock, Document, Entry, Figure, Notice
from bureau.desk.refusal import BadValue, IllegalTransition, LawRefused, NotYourMove, SodConflict
from bureau.models import Organisation, Role
from oversight.actions import acknowledge_paper, move_paper, reply_to_paper
from oversight.models import Paper, PaperReply
from tests.make import bureau, grid
from tests.make import oversight as make

pytestmark = pytest.mark.django_db
JUDGED = bureau.shanghai("2026-06-22 16:00")
AGAIN = bureau.shanghai("2026-06-22 17:00")


@pytest.fixture
def answered(db) -> Paper:
    make.real_calendar()
    return make.answered_paper()


def leader_of(paper: Paper):
    return make.seat(paper.unit, Role.SQUAD_LEADER, f"{paper.unit.slug}-leader")


def supervisor():
    return make.seat(None, Role.SUPERVISION, "supervisor")


def pdf(*, script: bool = False, password: str = "", pages: int = 1) -> bytes:
    writer = PdfWriter()
    for _page in range(pages):
        writer.add_blank_page(200, 200)
    if script:
        act = {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert('x')")}
        writer.root_object[NameObject("/OpenAction")] = DictionaryObject(act)
    if password:
        writer.encrypt(password)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def file(content: bytes, name: str = "说明.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_an_accepted_answer_ends_the_matter_of_the_paper(answered):
    move_paper(answered, "accept_reply", by=supervisor(), at=JUDGED, words="属实。")

    answer = answered.replies.get()
    assert answered.status == Paper.Status.ACCEPTED
    assert (answer.verdict, answer.reason, answer.judged_by, answer.judged_at) == (
        "accepted", "属实。", supervisor(), JUDGED,
    )  # fmt: skip
    assert not Clock.objects.about(answered).running().exists()


def test_a_rejected_answer_is_given_again_and_the_first_stands(answered):
    move_paper(answered, "reject_reply", by=supervisor(), at=JUDGED, words="没有照片。", days=1)
    reply_to_paper(answered, "补充照片。", by=leader_of(answered), at=AGAIN)

    first, second = answered.replies.all()
    assert (first.text, first.verdict, first.reason, first.days) == (
        "已到场，今日内完成。",
        "rejected",
        "没有照片。",
        1,
    )
    assert (second.text, second.verdict) == ("补充照片。", "")
    assert answered.status == Paper.Status.ANSWERED


def test_a_rejection_starts_a_clock_of_the_days_named_and_the_next_answer_meets_it(answered):
    move_paper(answered, "reject_reply", by=supervisor(), at=JUDGED, words="没有照片。", days=1)
    clock = Clock.objects.about(answered).running().get()
    owed = (clock.kind, clock.limit_amount, clock.limit_unit, clock.owed_by, clock.owed_role)

    reply_to_paper(answered, "补充照片。", by=leader_of(answered), at=AGAIN)

    clock.refresh_from_db()
    assert owed == ("paper_reply", Decimal(1), "working_days", answered.owed_by, Role.SQUAD_LEADER)
    assert clock.due_at == bureau.shanghai("2026-06-23 16:00")
    assert (clock.met_at, clock.met_light) == (AGAIN, "green")


def test_without_days_the_figure_of_the_rules_is_the_deadline(answered):
    Figure.objects.create(
        name="oversight_reply_again_limit", value="3 working_days", valid_from="2026-06-01", set_at=JUDGED
    )

    move_paper(answered, "reject_reply", by=supervisor(), at=JUDGED, words="没有照片。")

    assert answered.replies.get().days == 3


def test_the_judgement_has_a_clock_of_the_bureau(answered):
    clock = Clock.objects.about(answered).running().get()

    assert (clock.kind, clock.owed_by.kind, clock.owed_role) == (
        "paper_judgement", Organisation.Kind.BUREAU, Role.SUPERVISION,
    )  # fmt: skip


def test_a_second_supervision_leaves_the_first_paper_and_its_answer_unchanged(answered):
    """Peers: uReport and UMP overwrote the first supervision by the second."""
    before = Paper.objects.filter(pk=answered.pk).values().get(), list(PaperReply.objects.values())

    make.ladder.climb(at=bureau.shanghai("2026-06-22 18:00:05"))
    second = Paper.objects.latest("issued_at")
    acknowledge_paper(second, by=leader_of(answered), at=bureau.shanghai("2026-06-22 18:10"))
    reply_to_paper(second, "第二次答复。", by=leader_of(answered), at=bureau.shanghai("2026-06-22 18:20"))

    after = (
        Paper.objects.filter(pk=answered.pk).values().get(),
        list(PaperReply.objects.filter(paper=answered).values()),
    )
    assert second.kind == Paper.Kind.SUPERVISION
    assert after == before


@pytest.mark.parametrize(
    "change", [{"text": "x"}, {"serial": 7}, {"at": AGAIN}, {"verdict": "rejected", "reason": "x", "days": 1}]
)
def test_an_answer_and_its_verdict_are_never_changed_in_sql(answered, change):
    move_paper(answered, "accept_reply", by=supervisor(), at=JUDGED)

    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        PaperReply.objects.update(**change)


def test_an_answer_is_never_deleted(answered):
    with pytest.raises(DatabaseError, match="Cannot delete"), transaction.atomic():
        PaperReply.objects.all().delete()


@pytest.mark.parametrize("role", [Role.SHIFT_LEADER, Role.SQUAD_LEADER, Role.TOWN_LEADER])
def test_only_the_issuing_body_judges(answered, role):
    with pytest.raises(NotYourMove):
        move_paper(answered, "accept_reply", by=bureau.officer(answered.unit, role), at=JUDGED)


def test_whoever_answered_never_judges_even_after_moving_to_the_bureau(answered):
    leader = leader_of(answered)
    bureau.post(leader, bureau.organisation(Organisation.Kind.BUREAU), Role.SUPERVISION)

    with pytest.raises(SodConflict):
        move_paper(answered, "accept_reply", by=leader, at=JUDGED)


def test_an_answer_is_judged_once(answered):
    move_paper(answered, "accept_reply", by=supervisor(), at=JUDGED)

    with pytest.raises(IllegalTransition):
        move_paper(answered, "reject_reply", by=supervisor(), at=AGAIN, words="太晚。")


@pytest.mark.parametrize("days", [0, 31, -1, True, "3", 1.5])
def test_a_deadline_that_is_no_number_of_days_is_refused_by_its_field(answered, days):
    with pytest.raises(BadValue) as refused:
        move_paper(answered, "reject_reply", by=supervisor(), at=JUDGED, words="x", days=days)

    answered.refresh_from_db()
    assert refused.value.pointer == "/days"
    assert answered.status == Paper.Status.ANSWERED


def test_a_rejection_without_a_reason_is_refused(answered):
    with pytest.raises(BadValue) as refused:
        move_paper(answered, "reject_reply", by=supervisor(), at=JUDGED)

    assert (refused.value.code, refused.value.pointer) == ("required", "/words")


def test_both_trails_tell_of_it_and_the_unit_hears(answered):
    move_paper(answered, "reject_reply", by=supervisor(), at=JUDGED, words="没有照片。", days=1)

    told = Notice.objects.filter(kind="paper_reject_reply")
    assert [entry.verb for entry in Entry.objects.about(answered)] == ["receive", "reply", "reject_reply"]
    assert Entry.objects.about(answered.subject).order_by("-seq").first().verb == "reject_reply"
    assert {(one.to_organisation_id, one.to_role) for one in told} >= {(answered.owed_by_id, Role.SQUAD_LEADER)}
    assert all("没有照片" not in str(one.params) for one in told)


def test_files_go_with_an_answer_and_are_sealed(db):
    make.real_calendar()
    paper = make.urging_paper()
    acknowledge_paper(paper, by=leader_of(paper), at=bureau.shanghai("2026-06-22 14:30"))

    reply_to_paper(
        paper,
        "附件为证。",
        files=[file(pdf()), grid.photo()],
        by=leader_of(paper),
        at=bureau.shanghai("2026-06-22 15:00"),
    )

    kept = list(paper.replies.get().attachments)
    assert {document.content_type for document in kept} == {"application/pdf", "image/jpeg"}
    assert all(document.kind == Document.Kind.ATTACHMENT and document.sha256 for document in kept)
    assert {document.unit_id for document in kept} == {paper.unit_id}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"MZ program", "type_not_allowed"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "type_not_allowed"),
        (b"%PDF-1.7 broken", "damaged_file"),
        (pdf(script=True), "active_file"),
        (pdf(password="x"), "locked_file"),
        (pdf(pages=201), "too_many_pages"),
    ],
)
def test_a_file_that_is_not_what_it_should_be_is_refused_and_no_answer_is_kept(db, content, code):
    make.real_calendar()
    paper = make.urging_paper()
    acknowledge_paper(paper, by=leader_of(paper), at=bureau.shanghai("2026-06-22 14:30"))

    with pytest.raises((BadValue, LawRefused)) as refused:
        reply_to_paper(paper, "附件。", files=[file(content)], by=leader_of(paper), at=JUDGED)

    paper.refresh_from_db()
    assert refused.value.code == code
    assert paper.status == Paper.Status.RECEIVED
    assert not PaperReply.objects.exists()


def test_a_link_in_a_pdf_is_harmless_and_a_launch_is_not(db):
    make.real_calendar()
    paper = make.urging_paper()
    acknowledge_paper(paper, by=leader_of(paper), at=bureau.shanghai("2026-06-22 14:30"))

    reply_to_paper(paper, "附件。", files=[file(annotated("/URI"))], by=leader_of(paper), at=JUDGED)

    move_paper(paper, "reject_reply", by=supervisor(), at=AGAIN, words="x")
    with pytest.raises(LawRefused) as refused:
        reply_to_paper(paper, "附件。", files=[file(annotated("/Launch"))], by=leader_of(paper), at=AGAIN)
    assert refused.value.code == "active_file"


def annotated(act: str) -> bytes:
    writer = PdfWriter()
    page = writer.add_blank_page(200, 200)
    action = DictionaryObject({NameObject("/S"): NameObject(act), NameObject("/URI"): TextStringObject("https://x/")})
    note = DictionaryObject({NameObject("/Subtype"): NameObject("/Link"), NameObject("/A"): action})
    page[NameObject("/Annots")] = ArrayObject([note])
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_the_page_takes_files_and_shows_every_answer(db, client):
    make.real_calendar()
    paper = make.urging_paper()
    acknowledge_paper(paper, by=leader_of(paper), at=bureau.shanghai("2026-06-22 14:30"))
    client.force_login(leader_of(paper))

    sent = client.post(f"{paper.get_absolute_url()}moves/", {"verb": "reply", "text": "附件", "files": [file(pdf())]})
    page = client.get(paper.get_absolute_url()).content.decode()
    document = Document.objects.get(kind=Document.Kind.ATTACHMENT)
    answer = client.get(document.get_absolute_url())

    assert sent.status_code == 302
    assert "说明.pdf" in page
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert b"".join(answer.streaming_content).startswith(b"%PDF-")


def test_a_stranger_opens_no_attachment(answered, client):
    Document.objects.create(
        subject=answered.replies.get(), unit=answered.unit, kind="attachment", original="x", content_type="image/png",
        size=1, sha256="0" * 64, at=JUDGED,
    )  # fmt: skip
    client.force_login(bureau.officer(bureau.unit("meilong"), Role.SQUAD_LEADER))

    assert client.get(Document.objects.get(kind="attachment").get_absolute_url()).status_code == 404


def test_a_bad_file_is_told_at_its_field_and_the_words_stay(db, client):
    make.real_calendar()
    paper = make.urging_paper()
    acknowledge_paper(paper, by=leader_of(paper), at=bureau.shanghai("2026-06-22 14:30"))
    client.force_login(leader_of(paper))

    sent = client.post(
        f"{paper.get_absolute_url()}moves/", {"verb": "reply", "text": "写好的答复", "files": [file(b"MZ")]}
    )

    assert sent.status_code == 422
    assert "写好的答复" in sent.content.decode()
    assert "type_not_allowed" in sent.content.decode()


def test_the_supervisor_judges_on_the_page(answered, client):
    client.force_login(supervisor())

    shown = client.get(answered.get_absolute_url()).content.decode()
    client.post(f"{answered.get_absolute_url()}moves/", {"verb": "reject_reply", "words": "没有照片。", "days": "2"})

    answered.refresh_from_db()
    assert "已到场，今日内完成。" in shown
    assert answered.status == Paper.Status.REJECTED
    assert "没有照片。" in client.get(answered.get_absolute_url()).content.decode()


def test_the_api_answers_with_files_judges_and_tells_the_trail(db, client):
    make.real_calendar()
    paper = make.urging_paper()
    acknowledge_paper(paper, by=leader_of(paper), at=bureau.shanghai("2026-06-22 14:30"))
    address = f"/api/v1/notices/{paper.pk}/"

    client.force_login(leader_of(paper))
    replied = client.post(f"{address}reply/", {"text": "附件", "files": [file(pdf()), file(pdf(pages=2))]})
    client.force_login(supervisor())
    judged = client.post(
        f"{address}moves/", {"verb": "reject_reply", "words": "不清楚", "days": 1}, content_type="application/json"
    )
    trail = client.get(f"{address}timeline/").json()["results"]

    assert len(replied.json()["replies"][0]["files"]) == 2
    assert judged.json()["replies"][0]["verdict"] == "rejected"
    assert judged.json()["status"] == "rejected"
    assert [line["verb"] for line in trail] == ["receive", "reply", "reject_reply"]


def test_answers_that_wait_for_a_verdict_are_a_list_of_their_own(answered, client):
    client.force_login(supervisor())

    page = client.get("/notices/?state=to_judge")

    assert [row.pk for row in page.context["page"].rows] == [answered.pk]
    assert page.context["counts"] == {"unreceived": 0, "unanswered": 0, "to_judge": 1}

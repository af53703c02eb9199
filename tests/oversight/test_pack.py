"""The hand-over pack: made once, complete, without the reporter, and any change in it is named without the portal."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
import zipfile

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from pypdf import PdfReader

from bureau.desk.documents import keep_photo
from bureau.desk.models import Clock, Document, Entry, Imprint
from bureau.desk.signing import public_keys
from bureau.models import Role
from bureau.proofs import pack as checker
from bureau.proofs.keys import KeyRing
from grid.actions import Caller
from grid.models import Issue
from oversight.actions import acknowledge_paper, reply_to_paper
from oversight.models import Paper
from oversight.pack import make_missing, pack_of
from oversight.pack.archive import DamagedOriginal, write_archive
from oversight.pack.making import about, all_files
from tests.make import bureau, grid
from tests.make import oversight as make

pytestmark = pytest.mark.django_db
AT = make.APPROVED
LATER = bureau.shanghai("2026-06-25 09:00")


@pytest.fixture
def referral(keys_dir):
    make.real_calendar()
    one = make.candidate(
        reporter=Caller("张报人", "13900001234"), photos=[grid.photo(colour, "a.jpg") for colour in ("navy", "olive")]
    )
    paper = Paper.objects.get(kind="urging")
    leader = make.seat(one.unit, Role.SQUAD_LEADER, "qibao-leader")
    acknowledge_paper(paper, by=leader, at=bureau.shanghai("2026-06-23 14:30"))
    reply_to_paper(paper, "已派员到场。", by=leader, at=bureau.shanghai("2026-06-23 14:40"))
    return make.hand_over(one)


@pytest.fixture
def keys_dir(settings, tmp_path):
    settings.KEYS_DIR = tmp_path / "keys"
    return settings.KEYS_DIR


@pytest.fixture
def whole(referral):
    with default_storage.open(pack_of(referral, at=AT).original) as file:
        return file.read()


def members(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def text_of(content):
    return re.sub(r"\s", "", "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages))


def faults_of(content, tmp_path):
    path = tmp_path / "pack.zip"
    path.write_bytes(content)
    return checker.faults_of(path, KeyRing([key.as_row() for key in public_keys(checker.PURPOSE)]))


def zipped(files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def test_it_holds_letter_timeline_papers_with_replies_and_every_original(whole):
    assert sorted(members(whole)) == [
        "evidence/01-before.jpg", "evidence/02-before.jpg", "index.html", "letter.pdf", "manifest.json",
        "papers/01-urging-reply.html", "papers/01-urging.pdf", "papers/02-supervision.pdf", "signature.json",
        "style.css", "timeline.html", "timeline.json",
    ]  # fmt: skip


def test_the_command_finds_it_whole(whole, tmp_path, capsys):
    path = tmp_path / "pack.zip"
    path.write_bytes(whole)

    call_command("verify_pack", str(path))

    assert "whole and as it was signed" in capsys.readouterr().out


def test_the_letter_bears_number_addressee_matter_and_the_hash_of_each_thing_that_goes_with_it(whole, referral):
    files = members(whole)
    listed = json.loads(files["manifest.json"])["files"]

    text = text_of(files["letter.pdf"])

    said = [str(referral.number), "案件线索移送函", Imprint.objects.get(kind="referral").code, referral.words]
    going = [name for name in listed if name.startswith(("papers/", "evidence/", "timeline"))]
    assert len(going) == 7
    for words in (*said, *(listed[name]["sha256"] for name in going)):
        assert re.sub(r"\s", "", words) in text


def test_originals_lie_in_it_byte_by_byte(whole, referral):
    photo = Document.objects.about(referral.subject).first()

    with default_storage.open(photo.original) as file:
        assert members(whole)["evidence/01-before.jpg"] == file.read()


def test_the_timeline_says_why_each_date_is_that_date(whole, referral):
    told = members(whole)["timeline.html"].decode()
    machine = json.loads(members(whole)["timeline.json"])

    assert "应于 2026-06-22 14:00 前办结" in told or "2026-06-22 14:00" in told
    assert {clock["kind"] for clock in machine["clocks"]} == {"handling"}
    assert machine["clocks"][0]["working"]["spans"]
    hashes = [act["hash"] for act in machine["acts"]]
    assert set(Entry.objects.about(referral.subject).values_list("hash", flat=True)) <= set(hashes)


def test_nobody_finds_the_reporter_in_it(whole, referral):
    assert Issue.objects.get(pk=referral.subject_id).reporter.phone == "13900001234"
    for name, content in members(whole).items():
        read = text_of(content).encode() if name.endswith(".pdf") else content
        assert b"13900001234" not in read, name
        assert "张报人".encode() not in read, name


def test_its_pages_name_nothing_outside_it(whole):
    files = members(whole)

    for name in ("index.html", "timeline.html", "papers/01-urging-reply.html"):
        page = files[name].decode()
        for link in re.findall(r'(?:href|src)="([^"]+)"', page):
            inside = link.removeprefix("../")
            assert inside in files, (name, link)
        assert "<script" not in page


def test_a_flipped_byte_in_any_file_is_named(whole, tmp_path):
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        rows = archive.infolist()
    for row in rows:
        changed = bytearray(whole)
        start = row.header_offset + 30 + len(row.filename.encode())
        changed[start + row.file_size // 2] ^= 1

        faults = faults_of(bytes(changed), tmp_path)

        assert faults, row.filename
        assert any(fault.startswith(row.filename) or row.filename == checker.SIGNATURE for fault in faults), faults


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda files: files.pop("papers/01-urging.pdf"), "papers/01-urging.pdf: missing"),
        (lambda files: files.update({"more.txt": b"x"}), "more.txt: is not on the list"),
        (lambda files: files.update({"b.jpg": files.pop("evidence/01-before.jpg")}), "evidence/01-before.jpg: missing"),
        (lambda files: files.update({"manifest.json": files["manifest.json"] + b" "}), "manifest.json: the signature"),
    ],
)
def test_a_removed_added_or_renamed_file_and_a_changed_list_are_named(whole, tmp_path, change, named):
    files = members(whole)
    change(files)

    faults = faults_of(zipped(files), tmp_path)

    assert any(fault.startswith(named) for fault in faults), faults


@pytest.mark.parametrize("place", ["before", "between", "after", "remark"])
def test_bytes_that_belong_to_no_file_are_refused(whole, tmp_path, place):
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        directory = archive.start_dir
    changed = {
        "before": b"hidden" + whole,
        "between": whole[:directory] + b"hidden" + whole[directory:],
        "after": whole + b"hidden",
        "remark": with_remark(whole),
    }[place]

    assert faults_of(changed, tmp_path)


def with_remark(content):
    out = io.BytesIO(content)
    with zipfile.ZipFile(out, "a") as archive:
        archive.comment = b"hidden"
    return out.getvalue()


def test_the_verifier_of_one_file_says_the_same_without_the_portal(whole, tmp_path):
    verifier, keys, good, bad = (tmp_path / name for name in ("v.pyz", "keys.json", "good.zip", "bad.zip"))
    call_command("build_verifier", str(verifier), stdout=io.StringIO())
    keys.write_text(json.dumps([key.as_row() for key in public_keys(checker.PURPOSE)]))
    good.write_bytes(whole)
    changed = bytearray(whole)
    changed[whole.index(b"%PDF") + 40] ^= 1
    bad.write_bytes(changed)

    def run(path):
        words = [sys.executable, "-I", "-S", str(verifier), "pack", str(path), "--keys", str(keys)]
        return subprocess.run(words, capture_output=True, text=True, timeout=60, check=False)

    assert (run(good).returncode, run(bad).returncode) == (0, 1)
    assert "letter.pdf: " in run(bad).stdout


def test_it_is_made_once_and_the_same_file_ever_after(referral):
    first = pack_of(referral, at=AT)

    again = pack_of(referral, at=LATER)

    assert again.pk == first.pk
    assert Entry.objects.about(referral).filter(verb="make_pack").count() == 1


def test_the_same_files_give_the_same_bytes(referral):
    pack_of(referral, at=AT)
    one, two = io.BytesIO(), io.BytesIO()

    for out in (one, two):
        write_archive(out, about(referral, at=AT), all_files(referral, at=AT), at=AT)

    assert one.getvalue() == two.getvalue()


def test_what_came_after_the_hand_over_is_not_in_it(referral):
    issue = referral.subject
    keep_photo(issue, grid.photo("red"), stage="after", by=None, at=LATER)
    Clock.objects.filter(pk=referral.rung.clock_id).update(met_at=LATER, met_light="red", next_rung_at=None)

    with default_storage.open(pack_of(referral, at=LATER).original) as file:
        files = members(file.read())

    assert [name for name in files if name.startswith("evidence/")] == [
        "evidence/01-before.jpg", "evidence/02-before.jpg",
    ]  # fmt: skip
    assert "办结" not in files["timeline.html"].decode()


def test_a_damaged_original_is_named_and_nothing_is_kept(referral):
    photo = Document.objects.about(referral.subject).first()
    default_storage.delete(photo.original)

    with pytest.raises(DamagedOriginal, match=r"evidence/01-before.jpg"):
        pack_of(referral, at=AT)

    assert not Document.objects.filter(kind=Document.Kind.PACK).exists()
    assert not Imprint.objects.filter(kind="referral").exists()


def test_what_was_handed_over_gets_its_pack_by_itself(referral):
    assert [make_missing(at=AT), make_missing(at=AT)] == [1, 0]


def test_a_pack_whose_file_is_gone_is_told_as_damaged(referral, client):
    default_storage.delete(pack_of(referral, at=AT).original)
    client.force_login(make.seat(None, Role.SUPERVISION, "supervisor"))

    told = client.get(f"/api/v1/referrals/{referral.pk}/pack/")

    assert (told.status_code, told.json()["code"]) == (409, "original_damaged")
    assert client.get(f"{referral.get_absolute_url()}pack/").status_code == 302


def test_each_taking_stands_on_the_trail(referral, client):
    client.force_login(make.seat(None, Role.DISTRICT_SUPERVISION, "district"))

    page = client.get(f"{referral.get_absolute_url()}pack/")
    told = client.get(f"/api/v1/referrals/{referral.pk}/pack/")

    assert b"".join(page.streaming_content) == b"".join(told.streaming_content)
    taken = Entry.objects.about(referral).filter(verb="take_pack").values_list("by__username", "acting_as")
    assert list(taken) == [("district", "district_supervision")] * 2


def test_the_squad_reads_the_letter_and_gets_no_pack(referral, client):
    client.force_login(make.seat(referral.unit, Role.SQUAD_LEADER, "qibao-leader"))
    document = pack_of(referral, at=AT)
    url = referral.get_absolute_url()

    letter = client.get(f"{url}letter/")
    refused = [client.get(f"{url}pack/").status_code, client.get(document.get_absolute_url()).status_code]

    assert b"".join(letter.streaming_content).startswith(b"%PDF")
    assert refused == [404, 404]
    assert client.get(f"/api/v1/referrals/{referral.pk}/pack/").status_code == 403


def test_before_the_hand_over_there_is_neither_letter_nor_pack(db, client):
    make.real_calendar()
    one = make.proposed()
    client.force_login(make.seat(None, Role.SUPERVISION, "supervisor"))

    for address in (one.get_absolute_url(), f"/api/v1/referrals/{one.pk}/"):
        assert [client.get(f"{address}{what}/").status_code for what in ("letter", "pack")] == [404, 404]

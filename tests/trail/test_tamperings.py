"""The twelve kinds of tampering of security.md section 4, each done by the superuser of a real database, and each
found by the stand-alone verifier from the exported files and the roots that the supervisor took away before."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import transaction

from bureau.desk import signing
from bureau.desk.models import Entry, TrailRoot, Unsealed
from bureau.desk.sealing.sealer import seal_all
from bureau.proofs.canonical import canonical
from bureau.proofs.roots import PURPOSE, Root, digest_of_lines
from tests import make
from tests.trail import scene as stage
from tests.trail.scene import Place, Scene, export, rehash, rehash_all, sql, told_by, unguarded

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(tmp_path: Path, settings) -> Scene:
    settings.KEYS_DIR = tmp_path / "keys"
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path / "media")},
        }
    }
    return stage.set_scene(tmp_path)


def edit_field(scene: Scene) -> Place:
    unguarded(("UPDATE bureau_entry SET verb = 'refuse' WHERE id = %s", [scene.lines()[1].pk]))
    return "edited", scene.chain, 2


def edit_and_rehash_row(scene: Scene) -> Place:
    edit_field(scene)
    rehash(scene.lines()[1], scene.lines()[0].hash)
    return "edited-and-rehashed", scene.chain, 2


def rehash_to_the_end(scene: Scene) -> Place:
    edit_field(scene)
    rehash_all(scene.victim)
    return "rewritten-to-the-end", scene.chain, 2


def delete_middle(scene: Scene) -> Place:
    unguarded(("DELETE FROM bureau_entry WHERE id = %s", [scene.lines()[3].pk]))
    return "deleted", scene.chain, 4


def delete_tail(scene: Scene) -> Place:
    unguarded(("DELETE FROM bureau_entry WHERE id = ANY(%s)", [[line.pk for line in scene.lines()[6:]]]))
    return "tail-deleted", scene.chain, 7


def insert_line(scene: Scene) -> Place:
    """Between lines 2 and 3, the later ones moved up and all hashes made anew."""
    columns = (
        "subject_type_id, subject_id, unit_id, owed_by_id, verb, source, target, by_id, acting_for_id, acting_as,"
        " at, recorded_at, facts, previous_hash, hash"
    )
    copied = f"INSERT INTO bureau_entry ({columns}, seq, note) SELECT {columns}, 3, '补记' FROM bureau_entry"
    before = scene.lines()[1]
    unguarded(
        ("UPDATE bureau_entry SET seq = seq + 1000 WHERE subject_id = %s AND seq > 2", [scene.victim.pk]),
        ("UPDATE bureau_entry SET seq = seq - 999 WHERE subject_id = %s AND seq > 1000", [scene.victim.pk]),
        (f"{copied} WHERE id = %s", [before.pk]),
    )
    rehash_all(scene.victim)
    return "inserted", scene.chain, 3


def swap_two(scene: Scene) -> Place:
    second, third = scene.lines()[1:3]
    unguarded(
        ("UPDATE bureau_entry SET seq = 1000 WHERE id = %s", [second.pk]),
        ("UPDATE bureau_entry SET seq = 2 WHERE id = %s", [third.pk]),
        ("UPDATE bureau_entry SET seq = 3 WHERE id = %s", [second.pk]),
    )
    return "swapped", scene.chain, 2


def truncate(scene: Scene) -> Place:
    unguarded(("TRUNCATE bureau_entry", []))
    return "emptied", "entries", 0


def drop_trigger_then_edit(scene: Scene) -> Place:
    guard = next(t for t in Entry._meta.triggers if t.name == "entry_is_never_changed")
    sql("SET CONSTRAINTS ALL IMMEDIATE")
    sql(f"DROP TRIGGER {guard.get_pgid(Entry)} ON bureau_entry")
    sql("UPDATE bureau_entry SET note = '已通知' WHERE id = %s", [scene.lines()[4].pk])
    return "edited", scene.chain, 5


def restore_yesterdays_backup(scene: Scene) -> Place:
    stage.restore_yesterday()
    return "set-back", "root", 3


def replace_root_file(scene: Scene) -> Place:
    """In the supervisor's own place, and signed with the portal's key."""
    path = scene.mine / "000000002.json"
    root = Root.read(path.read_text())
    lines = [list(line) for line in root.load()]
    lines[0][2] = "0" * 64
    header = root.header | {"lines_sha256": digest_of_lines(lines)}
    signature = signing.sign(PURPOSE, canonical(header), at=make.MONDAY)
    row = {"header": header, "key": signature.key_id, "signature": signature.value.hex(), "lines": lines}
    path.write_text(json.dumps(row))
    return "root-replaced", "root", 2


def replace_evidence_file(scene: Scene) -> Place:
    """Same name, same size."""
    path = Path(default_storage.path(scene.photo.original))
    data = path.read_bytes()
    path.write_bytes(data[:-3] + bytes(3))
    assert path.stat().st_size == len(data)
    return "evidence-replaced", f"file/{scene.photo.pk}", 1


TAMPERINGS: dict[str, Callable[[Scene], Place]] = {
    "edit field": edit_field,
    "edit and rehash row": edit_and_rehash_row,
    "rehash to the end": rehash_to_the_end,
    "delete middle": delete_middle,
    "delete tail": delete_tail,
    "insert": insert_line,
    "swap two": swap_two,
    "truncate": truncate,
    "drop trigger, then edit": drop_trigger_then_edit,
    "restore yesterday's backup": restore_yesterdays_backup,
    "replace root file": replace_root_file,
    "replace evidence file, same name and size": replace_evidence_file,
}


def done_and_undone(scene: Scene, tamper: Callable[[Scene], Place], place: Path) -> tuple[Place, list[Place]]:
    """What was done, and what the verifier says; afterwards all is as it was."""
    place.mkdir()
    media = Path(default_storage.path(""))
    for path in (scene.mine, media):
        shutil.copytree(path, place / path.name)
    with transaction.atomic():
        expected = tamper(scene)
        status, told = told_by(scene.verifier, export(place / "export", "--with-files"), "--roots", str(scene.mine))
        transaction.set_rollback(True)
    assert status == bool(told)
    for path in (scene.mine, media):
        shutil.rmtree(path)
        shutil.copytree(place / path.name, path)
    return expected, told


def test_each_of_the_twelve_tamperings_is_located_from_exported_files_alone(scene, tmp_path, record_property):
    rows = []
    for number, (name, tamper) in enumerate(TAMPERINGS.items(), start=1):
        expected, told = done_and_undone(scene, tamper, tmp_path / f"tampering-{number}")
        rows.append((expected in told and len(told) <= 2, name, expected, told))

    located = sum(row[0] for row in rows)
    record_property("tally", f"kinds of tampering located: {located} of {len(rows)}")
    assert [row for row in rows if not row[0]] == []
    assert located == len(TAMPERINGS) == 12


def test_an_untouched_export_verifies(scene, tmp_path):
    whole = export(tmp_path / "export", "--with-files")

    assert told_by(scene.verifier, whole, "--roots", str(scene.mine)) == (0, [])
    assert told_by(scene.verifier, whole) == (0, [])


def reseal(scene: Scene) -> None:
    """Somebody holds the machine and its keys: all roots made anew over what the tables say now."""
    unguarded(("DELETE FROM bureau_trailroot", []), ("DELETE FROM bureau_unsealed", []))
    Unsealed.objects.bulk_create(
        Unsealed(kind="entry", row=str(line.pk), subject_type_id=line.subject_type_id, subject_id=line.subject_id,
                 seq=line.seq, hash=line.hash)
        for line in Entry.objects.order_by("pk")
    )  # fmt: skip
    seal_all(at=make.minutes(40))


def test_without_a_root_outside_a_trail_made_anew_to_the_end_goes_unseen(scene, tmp_path):
    """This is why roots leave the house."""
    rehash_to_the_end(scene)
    reseal(scene)

    remade = export(tmp_path / "export")

    assert told_by(scene.verifier, remade) == (0, [])
    status, told = told_by(scene.verifier, remade, "--roots", str(scene.mine))
    assert status == 1
    assert ("rewritten-to-the-end", scene.chain, 2) in told
    assert ("roots-forked", "root", 1) in told


def test_the_header_of_one_late_root_is_enough_to_see_that_roots_were_made_anew(scene, tmp_path):
    newest = Root.read(TrailRoot.objects.latest("n").text)
    kept = tmp_path / "header.json"
    kept.write_text(Root(newest.header, newest.key, newest.signature).as_text())
    honest = export(tmp_path / "honest")

    rehash_to_the_end(scene)
    reseal(scene)
    remade = export(tmp_path / "remade")

    assert told_by(scene.verifier, honest, "--roots", str(kept)) == (0, [])
    assert ("set-back", "root", 2) in told_by(scene.verifier, remade, "--roots", str(kept))[1]


def test_with_the_header_of_one_late_root_the_exported_roots_locate_a_rewriting(scene, tmp_path):
    newest = Root.read(TrailRoot.objects.latest("n").text)
    kept = tmp_path / "header.json"
    kept.write_text(Root(newest.header, newest.key, newest.signature).as_text())

    expected = rehash_to_the_end(scene)

    told = told_by(scene.verifier, export(tmp_path / "export"), "--roots", str(kept))
    assert told == (1, [expected])


@pytest.mark.parametrize("column", ["recorded_at = recorded_at - interval '1 day'", "unit_id = NULL"])
def test_a_column_beside_the_hash_is_sealed_too(scene, tmp_path, column):
    unguarded((f"UPDATE bureau_entry SET {column} WHERE id = %s", [scene.lines()[5].pk]))

    told = told_by(scene.verifier, export(tmp_path / "export"), "--roots", str(scene.mine))

    assert told == (1, [("edited", scene.chain, 6)])


def test_a_disabled_guard_is_told_by_every_root_that_was_sealed_meanwhile(scene, tmp_path):
    sql("SET CONSTRAINTS ALL IMMEDIATE")
    sql("ALTER TABLE bureau_entry DISABLE TRIGGER USER")
    seal_all(at=make.minutes(100))
    sql("ALTER TABLE bureau_entry ENABLE TRIGGER USER")

    _, told = told_by(scene.verifier, export(tmp_path / "export"))

    assert ("guard-off", "bureau_entry.entry_is_never_changed", 0) in told


def test_a_guard_that_was_hollowed_out_is_told(scene, tmp_path):
    guard = next(t for t in Entry._meta.triggers if t.name == "entry_is_never_changed")
    hollow = "BEGIN RETURN COALESCE(NEW, OLD); END"
    sql(f"CREATE OR REPLACE FUNCTION {guard.get_pgid(Entry)}() RETURNS TRIGGER AS $$ {hollow} $$ LANGUAGE plpgsql")

    _, told = told_by(scene.verifier, export(tmp_path / "export"))

    assert told == [("guard-off", "bureau_entry.entry_is_never_changed", 0)]


def test_a_line_that_was_gone_before_it_could_be_sealed_is_told(scene, tmp_path):
    make.grid.move_issue(scene.other, "dispatch", by=make.crew(scene.other.unit)["dispatcher"], at=make.minutes(35))
    gone = Entry.objects.about(scene.other).latest("seq")
    unguarded(("DELETE FROM bureau_entry WHERE id = %s", [gone.pk]))
    seal_all(at=make.minutes(40))

    _, told = told_by(scene.verifier, export(tmp_path / "export"))

    assert ("lost-before-it-was-sealed", f"grid.issue/{scene.other.pk}", gone.seq) in told


def test_the_command_says_the_same_as_the_stand_alone_verifier(scene):
    kind, chain, seq = rehash_to_the_end(scene)
    out = StringIO()

    with pytest.raises(SystemExit):
        call_command("verify_trail", "--all", "--roots", str(scene.mine), stdout=out)

    assert out.getvalue().startswith(f"{kind}: {chain} line {seq}: ")
    assert len(out.getvalue().splitlines()) == 1


def test_a_part_of_the_trail_verifies_by_itself_and_still_shows_what_was_done_to_it(scene, tmp_path):
    part = ("--from", "2026-06-22T09:15+08:00", "--to", "2026-06-22T09:25+08:00")
    honest = export(tmp_path / "honest", *part)
    unguarded(("UPDATE bureau_entry SET note = '改' WHERE id = %s", [scene.lines()[4].pk]))
    changed = export(tmp_path / "changed", *part)

    assert told_by(scene.verifier, honest, "--roots", str(scene.mine)) == (0, [])
    assert len((honest / "entries.jsonl").read_text().splitlines()) == 9  # 6 of the first issue, 3 of the second
    assert told_by(scene.verifier, changed, "--roots", str(scene.mine)) == (1, [("edited", scene.chain, 5)])

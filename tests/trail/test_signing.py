"""Keys by purpose: made once, kept for the portal alone, turned without losing what the old one signed."""

import subprocess
import sys
import zipfile
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from bureau.desk import signing
from bureau.proofs.keys import KeyRing
from config.launcher.places import ROOT

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def keys_dir(settings, tmp_path):
    settings.KEYS_DIR = tmp_path / "keys"
    return settings.KEYS_DIR


def ring() -> KeyRing:
    return KeyRing([key.as_row() for key in signing.public_keys()])


def test_what_a_key_signs_holds_for_whoever_holds_its_public_half():
    signature = signing.sign("trail", b"root", at=NOON)

    assert ring().fault_of(signature.key_id, "trail", b"root", signature.value, "2026-03-02T04:00:00.000000Z") == ""
    assert "does not hold" in ring().fault_of(signature.key_id, "trail", b"rot", signature.value)


def test_a_key_signs_for_its_own_purpose_alone():
    signature = signing.sign("trail", b"root", at=NOON)

    assert "is for trail and not for pack" in ring().fault_of(signature.key_id, "pack", b"root", signature.value)
    assert signing.sign("pack", b"root", at=NOON).key_id != signature.key_id


def test_the_key_of_a_purpose_is_made_once():
    first, second = (signing.sign("trail", word, at=NOON) for word in (b"one", b"two"))

    assert first.key_id == second.key_id
    assert len(signing.public_keys("trail")) == 1


def test_keys_are_for_the_portals_own_account_alone(keys_dir):
    signature = signing.sign("trail", b"root", at=NOON)

    assert keys_dir.stat().st_mode & 0o777 == (keys_dir / "trail").stat().st_mode & 0o777 == 0o700
    assert (keys_dir / "trail" / f"{signature.key_id}.pem").stat().st_mode & 0o777 == 0o600


def test_a_new_key_leaves_the_old_one_listed_and_its_private_half_destroyed(keys_dir):
    old = signing.sign("trail", b"root", at=NOON)

    call_command("rotate_key", "trail", stdout=StringIO())
    new = signing.sign("trail", b"root", at=NOON + timedelta(days=400))

    closed, current = signing.public_keys("trail")
    assert (closed.key_id, current.key_id) == (old.key_id, new.key_id)
    assert closed.valid_to is not None
    assert current.valid_to is None
    assert not (keys_dir / "trail" / f"{old.key_id}.pem").exists()
    assert ring().fault_of(old.key_id, "trail", b"root", old.value) == ""


def test_a_signature_outside_the_time_of_its_key_does_not_hold():
    old = signing.sign("trail", b"root", at=NOON)
    signing.rotate("trail", at=NOON + timedelta(hours=1))

    assert "outside the time" in ring().fault_of(old.key_id, "trail", b"root", old.value, "2026-03-02T05:00:00.000001Z")


@pytest.mark.parametrize("purpose", ["", "../trail", "Trail", "a/b"])
def test_a_purpose_cannot_lead_out_of_the_directory_of_keys(purpose):
    with pytest.raises(ValueError):
        signing.sign(purpose, b"", at=NOON)
    with pytest.raises(CommandError):
        call_command("rotate_key", purpose)


def test_a_key_under_a_false_id_is_refused():
    row = signing.rotate("trail", at=NOON).as_row() | {"id": "0" * 16}

    with pytest.raises(ValueError, match="not that of its bytes"):
        KeyRing([row])


def test_the_verifier_is_one_file_that_runs_on_the_standard_library_alone(tmp_path):
    out = tmp_path / "verifier.pyz"

    call_command("build_verifier", str(out), stdout=StringIO())
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(out), "--help"], capture_output=True, text=True, timeout=30, check=False
    )

    assert done.returncode == 0, done.stderr
    assert "usage: verifier" in done.stdout
    modules = {name.split(".")[0].split("/")[1] for name in zipfile.ZipFile(out).namelist() if name.count("/")}
    assert modules - {""} == {"__init__", "proofs"}


def test_what_outsiders_run_imports_the_standard_library_alone():
    for path in (ROOT / "bureau" / "proofs").rglob("*.py"):
        heads = [line.split()[1] for line in path.read_text().splitlines() if line.startswith(("import ", "from "))]
        foreign = [name for name in heads if name.split(".")[0] not in sys.stdlib_module_names]
        assert all(name.startswith("bureau.proofs") for name in foreign), path

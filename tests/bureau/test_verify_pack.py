"""A hand-over pack is checked without the portal: a changed byte is named by its file."""

from __future__ import annotations

import json
import zipfile
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from bureau.proofs import cli, pack
from bureau.proofs.canonical import canonical
from bureau.proofs.keys import key_id_of

FILES = {"index.html": b"<p>x</p>", "papers/1.pdf": b"%PDF-1.7 paper", "evidence/photo.jpg": bytes(range(256)) * 40}
AT = "2026-06-23T08:00:00.000000Z"
KEY, OTHER = Ed25519PrivateKey.from_private_bytes(b"1" * 32), Ed25519PrivateKey.from_private_bytes(b"2" * 32)


def public(key):
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def parts(signer=KEY, names=KEY):
    listed = {name: {"sha256": sha256(data).hexdigest(), "size": len(data)} for name, data in FILES.items()}
    manifest = canonical({"files": listed, "number": "闵城管移〔2026〕1号"})
    signature = {"key": key_id_of(public(names)), "at": AT, "signature": signer.sign(manifest).hex()}
    return {**FILES, "manifest.json": manifest, "signature.json": canonical(signature)}


@pytest.fixture
def check(tmp_path, capsys):
    rows = [
        {
            "id": key_id_of(public(KEY)),
            "purpose": "referral-pack",
            "public": public(KEY).hex(),
            "from": "2026",
            "to": "",
        }
    ]
    (tmp_path / "keys.json").write_text(json.dumps(rows))

    def checked(contents, cut=0, again=()):
        path = tmp_path / "pack.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in (*contents.items(), *again):
                archive.writestr(name, data)
        if cut:
            path.write_bytes(path.read_bytes()[:-cut])
        status = cli.main(["pack", str(path), "--keys", str(tmp_path / "keys.json")])
        return status, capsys.readouterr().out

    return checked


def test_a_pack_as_it_was_signed_holds(check):
    assert check(parts())[0] == 0


@pytest.mark.parametrize("name", FILES)
def test_a_changed_byte_is_named_with_the_hash_expected_and_found(check, name):
    data = bytearray(FILES[name])
    data[len(data) // 2] ^= 1

    status, told = check({**parts(), name: bytes(data)})

    assert status == 1
    assert f"{name}: expected sha256 {sha256(FILES[name]).hexdigest()}, found {sha256(data).hexdigest()}" in told


def test_a_missing_an_added_and_a_longer_file_are_named(check):
    contents = parts() | {"extra.txt": b"x", "index.html": FILES["index.html"] + b" "}
    del contents["papers/1.pdf"]

    status, told = check(contents)

    assert status == 1
    assert "papers/1.pdf: missing" in told
    assert "extra.txt: is not on the list" in told
    assert "index.html: expected" in told


def test_a_changed_list_does_not_carry_its_signature(check):
    whole = parts()
    status, told = check({**whole, "manifest.json": whole["manifest.json"].replace("1号".encode(), "2号".encode())})

    assert status == 1
    assert "manifest.json: the signature" in told


@pytest.mark.parametrize(
    ("signer", "names", "words"), [(OTHER, KEY, "does not hold"), (OTHER, OTHER, "not among the keys you trust")]
)
def test_a_pack_signed_with_another_key_is_refused(check, signer, names, words):
    status, told = check(parts(signer, names))

    assert status == 1
    assert words in told


@pytest.mark.parametrize("name", ["manifest.json", "signature.json"])
def test_a_pack_without_list_or_signature_is_refused(check, name):
    contents = parts()
    del contents[name]

    status, told = check(contents)

    assert status == 1
    assert f"{name}: missing" in told


@pytest.mark.parametrize("name", ["../evil", "/etc/passwd", "a\\..\\b", "C:evil"])
def test_a_name_that_leads_out_of_the_pack_is_refused(check, name):
    status, told = check({**parts(), name: b"x"})

    assert status == 1
    assert "leads out of the pack" in told


def test_a_truncated_pack_is_no_whole_zip(check):
    status, told = check(parts(), cut=40)

    assert status == 1
    assert "no whole ZIP file" in told


def test_a_bomb_is_not_unpacked(check, monkeypatch):
    monkeypatch.setattr(pack, "LARGEST_PACK", 20_000)

    status, told = check({**parts(), "bomb": b"0" * 30_000})

    assert status == 1
    assert "larger files than any pack has" in told

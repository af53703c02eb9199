"""Files that only the backup's key opens, and only whole, unchanged and under their own name.

The STREAM construction over AES-256-GCM: chunks of 1 MiB, each with its number and with a mark on the last, so that a
chunk changed, moved, left out or cut off at the end is found. Every file has a key of its own: HKDF-SHA-256 of the
backup's key, 32 random bytes and the file's name.
"""

import hashlib
import os
import zlib
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MAGIC = b"PORTAL-SEALED-1"
PLAIN, PACKED = b"p", b"z"
KEY_MARK, SALT, TAG = 8, 32, 16  # bytes
CHUNK = 1 << 20
HEADER = len(MAGIC) + 1 + KEY_MARK + SALT


class KeepingError(Exception):
    """A backup or a restore that cannot be, and what to do about it."""


class SealBroken(KeepingError):
    """A kept file that does not open; the message names it and says what is known."""


def sealed(chunks: Iterable[bytes], *, key: bytes, name: str, packed: bool = False) -> Iterator[bytes]:
    """The sealed bytes of a file; `packed` deflates it first."""
    salt = os.urandom(SALT)
    header = MAGIC + (PACKED if packed else PLAIN) + key_mark(key) + salt
    cipher = AESGCM(_key_of_file(key, salt, name))
    yield header
    for number, (block, last) in enumerate(_blocks(_deflated(chunks) if packed else chunks)):
        yield cipher.encrypt(_nonce(number, last), block, header)


def unsealed(source: BinaryIO, *, key: bytes, name: str) -> Iterator[bytes]:
    """The bytes that were sealed under this name; raises SealBroken, at the latest after the last of them."""
    header = source.read(HEADER)
    if len(header) < HEADER or not header.startswith(MAGIC):
        raise SealBroken(f"{name}: no sealed file of this portal, or cut off at its head.")
    mark = len(MAGIC) + 1
    if header[mark : mark + KEY_MARK] != key_mark(key):
        raise SealBroken(f"{name}: sealed with another key than this one (BACKUP_KEY_FILE), or changed at its head.")
    cipher = AESGCM(_key_of_file(key, header[-SALT:], name))
    chunks = _opened(source, cipher, header, name)
    yield from _inflated(chunks, name) if header[len(MAGIC) : mark] == PACKED else chunks


def key_mark(key: bytes) -> bytes:
    """Tells keys apart without telling a key."""
    return hashlib.sha256(b"portal backup key\0" + key).digest()[:KEY_MARK]


def _opened(source: BinaryIO, cipher: AESGCM, header: bytes, name: str) -> Iterator[bytes]:
    number, block = 0, source.read(CHUNK + TAG)
    while True:
        following = source.read(CHUNK + TAG)
        try:
            yield cipher.decrypt(_nonce(number, not following), block, header)
        except InvalidTag as error:
            raise SealBroken(
                f"{name}: damaged in its {number + 1}. MiB: bytes were changed, moved, renamed or cut off."
            ) from error
        if not following:
            return
        number, block = number + 1, following


def _key_of_file(key: bytes, salt: bytes, name: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=salt, info=b"portal backup file\0" + name.encode()).derive(key)


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(11, "big") + (b"\1" if last else b"\0")


def _blocks(chunks: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Blocks of one size, the last one marked; of nothing comes one empty block."""
    held = bytearray()
    for chunk in chunks:
        held += chunk
        while len(held) > CHUNK:
            yield bytes(held[:CHUNK]), False
            del held[:CHUNK]
    yield bytes(held), True


def _deflated(chunks: Iterable[bytes]) -> Iterator[bytes]:
    press = zlib.compressobj(1)
    for chunk in chunks:
        yield press.compress(chunk)
    yield press.flush()


def _inflated(chunks: Iterable[bytes], name: str) -> Iterator[bytes]:
    press = zlib.decompressobj()
    for chunk in chunks:
        yield press.decompress(chunk)
    yield press.flush()
    if not press.eof:
        raise SealBroken(f"{name}: its packed content ends too early.")

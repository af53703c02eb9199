"""A sealed file opens whole, unchanged, under its own name and with its own key, or not at all."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.keeping.sealing import CHUNK, HEADER, TAG, SealBroken, sealed, unsealed

KEY = b"k" * 43
NAME = "wal/7/000000010000000000000002"
BLOCK = CHUNK + TAG


def seal(content: bytes, *, name: str = NAME, packed: bool = False) -> bytes:
    return b"".join(sealed([content], key=KEY, name=name, packed=packed))


def opened(kept: bytes, *, key: bytes = KEY, name: str = NAME) -> bytes:
    return b"".join(unsealed(io.BytesIO(kept), key=key, name=name))


@settings(max_examples=30, deadline=None)
@given(chunks=st.lists(st.binary(max_size=400)), packed=st.booleans())
def test_what_was_sealed_is_opened_again_byte_by_byte(chunks: list[bytes], packed: bool) -> None:
    kept = b"".join(sealed(chunks, key=KEY, name=NAME, packed=packed))

    assert opened(kept) == b"".join(chunks)


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 7])
def test_every_size_about_the_edges_of_a_chunk_is_opened_again(size: int) -> None:
    content = bytes(size)

    assert opened(seal(content)) == content


@settings(max_examples=60, deadline=None)
@given(at=st.integers(0, HEADER + 300 + TAG - 1), bit=st.integers(0, 7), packed=st.booleans())
def test_one_bit_changed_anywhere_is_found(at: int, bit: int, packed: bool) -> None:
    kept = bytearray(seal(bytes(range(256)) + bytes(44), packed=packed))
    kept[at % len(kept)] ^= 1 << bit

    with pytest.raises(SealBroken, match="wal/7/000000010000000000000002"):
        opened(bytes(kept))


@settings(max_examples=40, deadline=None)
@given(left=st.integers(0, HEADER + 300 + TAG - 1))
def test_a_file_cut_off_anywhere_is_found(left: int) -> None:
    with pytest.raises(SealBroken):
        opened(seal(bytes(300))[:left])


def test_a_file_cut_off_between_two_chunks_is_found() -> None:
    kept = seal(bytes(3 * CHUNK))

    with pytest.raises(SealBroken, match=r"damaged in its 2\. MiB"):
        opened(kept[: HEADER + 2 * BLOCK])


def test_bytes_added_at_the_end_are_found() -> None:
    with pytest.raises(SealBroken):
        opened(seal(bytes(300)) + b"x")


def test_two_chunks_that_changed_places_are_found() -> None:
    kept = seal(bytes(CHUNK) + b"x" * CHUNK + bytes(9))
    first, second = kept[HEADER : HEADER + BLOCK], kept[HEADER + BLOCK : HEADER + 2 * BLOCK]

    with pytest.raises(SealBroken, match=r"damaged in its 1\. MiB"):
        opened(kept[:HEADER] + second + first + kept[HEADER + 2 * BLOCK :])


def test_a_file_under_another_files_name_does_not_open() -> None:
    with pytest.raises(SealBroken):
        opened(seal(b"older", name="wal/7/000000010000000000000001"))


def test_another_key_is_called_another_key() -> None:
    with pytest.raises(SealBroken, match="another key"):
        opened(seal(b"secret"), key=b"K" * 43)


def test_nothing_of_the_content_or_the_key_can_be_read_in_a_sealed_file() -> None:
    kept = seal(b"telephone of the reporter " * 40)

    assert b"telephone" not in kept
    assert KEY[:16] not in kept


def test_the_same_content_sealed_twice_looks_different() -> None:
    assert seal(b"same")[HEADER:] != seal(b"same")[HEADER:]

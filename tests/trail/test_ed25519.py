"""The verifier's own Ed25519 says what RFC 8032 and a well-kept library say."""

import hashlib

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given, settings
from hypothesis import strategies as st

from bureau.proofs import ed25519

# RFC 8032, section 7.1: public key, message, signature.
VECTORS = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
        "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
        "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
    (
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        hashlib.sha512(b"abc").hexdigest(),
        "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b589"
        "09351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("key", "message", "signature"), VECTORS)
def test_the_vectors_of_the_standard_hold(key, message, signature):
    assert ed25519.is_valid(bytes.fromhex(key), bytes.fromhex(message), bytes.fromhex(signature))


@pytest.mark.parametrize(("key", "message", "signature"), VECTORS)
def test_a_vector_with_one_bit_changed_does_not_hold(key, message, signature):
    data = bytearray.fromhex(signature)
    data[7] ^= 1

    assert not ed25519.is_valid(bytes.fromhex(key), bytes.fromhex(message), bytes(data))
    assert not ed25519.is_valid(bytes.fromhex(key), bytes.fromhex(message) + b"!", bytes.fromhex(signature))


def library_says(key: bytes, message: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


@settings(max_examples=60, deadline=None)
@given(st.binary(min_size=32, max_size=32), st.binary(max_size=200), st.integers(0, 511))
def test_what_the_library_signs_holds_and_what_it_refuses_does_not(seed, message, bit):
    private = Ed25519PrivateKey.from_private_bytes(seed)
    key, signature = private.public_key().public_bytes_raw(), private.sign(message)
    changed = bytearray(signature)
    changed[bit // 8] ^= 1 << bit % 8

    assert ed25519.is_valid(key, message, signature)
    assert ed25519.is_valid(key, message, bytes(changed)) == library_says(key, message, bytes(changed)) is False


@settings(max_examples=60, deadline=None)
@given(st.binary(min_size=32, max_size=32), st.binary(min_size=64, max_size=64))
def test_noise_is_refused_as_the_library_refuses_it(key, signature):
    assert ed25519.is_valid(key, b"message", signature) == library_says(key, b"message", signature)


def test_a_scalar_beyond_the_order_is_refused():
    private = Ed25519PrivateKey.from_private_bytes(bytes(32))
    key, signature = private.public_key().public_bytes_raw(), private.sign(b"a")
    beyond = int.from_bytes(signature[32:], "little") + ed25519.ORDER

    assert not ed25519.is_valid(key, b"a", signature[:32] + beyond.to_bytes(32, "little"))


NO_SIGNATURES = [(b"short", bytes(64)), (bytes(32), b"short"), (b"\xff" * 32, bytes(64))]


@pytest.mark.parametrize(("key", "signature"), NO_SIGNATURES)
def test_what_is_no_key_or_no_signature_is_refused(key, signature):
    assert not ed25519.is_valid(key, b"a", signature)

"""Verification of Ed25519 signatures (RFC 8032, section 5.1.7) in plain Python; we sign with a library elsewhere."""

import hashlib

FIELD = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
CURVE_D = -121665 * pow(121666, FIELD - 2, FIELD) % FIELD
ROOT_OF_MINUS_ONE = pow(2, (FIELD - 1) // 4, FIELD)

Point = tuple[int, int, int, int]  # extended coordinates X, Y, Z, T with x = X/Z, y = Y/Z, xy = T/Z
NEUTRAL: Point = (0, 1, 1, 0)


def is_valid(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the signature (64 bytes) over the message was made with the private half of the key (32 bytes)."""
    if len(public_key) != 32 or len(signature) != 64:
        return False
    key = decoded(public_key)
    scalar = int.from_bytes(signature[32:], "little")
    if key is None or scalar >= ORDER:
        return False
    challenge = hashlib.sha512(signature[:32] + public_key + message).digest()
    factor = int.from_bytes(challenge, "little") % ORDER
    return encoded(sum_of_multiples(scalar, BASE, factor, negated(key))) == signature[:32]


def sum_of_multiples(first: int, p: Point, second: int, q: Point) -> Point:
    """first * p + second * q, both at once: one doubling a bit serves the two."""
    table = (NEUTRAL, p, q, added(p, q))
    total = NEUTRAL
    for bit in range(max(first.bit_length(), second.bit_length()) - 1, -1, -1):
        total = doubled(total)
        choice = (first >> bit & 1) | (second >> bit & 1) << 1
        if choice:
            total = added(total, table[choice])
    return total


def added(p: Point, q: Point) -> Point:
    a = (p[1] - p[0]) * (q[1] - q[0]) % FIELD
    b = (p[1] + p[0]) * (q[1] + q[0]) % FIELD
    c = 2 * p[3] * q[3] * CURVE_D % FIELD
    d = 2 * p[2] * q[2] % FIELD
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % FIELD, g * h % FIELD, f * g % FIELD, e * h % FIELD


def doubled(p: Point) -> Point:
    a, b = p[0] * p[0], p[1] * p[1]
    h, g = a + b, a - b
    e = h - (p[0] + p[1]) ** 2
    f = 2 * p[2] * p[2] + g
    return e * f % FIELD, g * h % FIELD, f * g % FIELD, e * h % FIELD


def negated(p: Point) -> Point:
    return -p[0] % FIELD, p[1], p[2], -p[3] % FIELD


def encoded(p: Point) -> bytes:
    inverse = pow(p[2], FIELD - 2, FIELD)
    x, y = p[0] * inverse % FIELD, p[1] * inverse % FIELD
    return (y | (x & 1) << 255).to_bytes(32, "little")


def decoded(data: bytes) -> Point | None:
    """The point that 32 bytes encode; None when they encode none (RFC 8032, section 5.1.3)."""
    number = int.from_bytes(data, "little")
    sign, y = number >> 255, number & (2**255 - 1)
    if y >= FIELD:
        return None
    x = abscissa_of(y, sign)
    return None if x is None else (x, y, 1, x * y % FIELD)


def abscissa_of(y: int, sign: int) -> int | None:
    square = (y * y - 1) * pow(CURVE_D * y * y + 1, FIELD - 2, FIELD) % FIELD
    if square == 0:
        return None if sign else 0
    x = pow(square, (FIELD + 3) // 8, FIELD)
    if (x * x - square) % FIELD:
        x = x * ROOT_OF_MINUS_ONE % FIELD
    if (x * x - square) % FIELD:
        return None
    return FIELD - x if (x & 1) != sign else x


BASE_Y = 4 * pow(5, FIELD - 2, FIELD) % FIELD
BASE_X = abscissa_of(BASE_Y, 0) or 0
BASE: Point = (BASE_X, BASE_Y, 1, BASE_X * BASE_Y % FIELD)

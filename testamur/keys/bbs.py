"""BBS signatures over BLS12-381 with SHA-256 (draft-irtf-cfrg-bbs-signatures, as VC-DI-BBS uses them).

One signature covers a header and a list of messages. From it a holder proves that some of them were signed, in a
proof that is another one each time and tells nothing of the others. The pairing and the curve are arkworks'.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from threading import Lock
from typing import Any

from testamur.errors import Malformed, ProofInvalid, Unsupported
from testamur.words import say

try:
    from py_arkworks_bls12381 import GT, G1Point, G2Point, Scalar
except ImportError:
    raise Unsupported("bbs-2023 needs an extra: pip install testamur[bbs]") from None

_API = b"BBS_BLS12381G1_XMD:SHA-256_SSWU_RO_H2G_HM2S_"
_TO_SCALAR = _API + b"H2S_"
_MESSAGE = _API + b"MAP_MSG_TO_SCALAR_AS_HASH_"
_SEED = _API + b"SIG_GENERATOR_SEED_"
_GENERATOR = _API + b"SIG_GENERATOR_DST_"
_ORDER = 0x73EDA753299D7D483339D80809A1D80553BDA402FFFE5BFEFFFFFFFF00000001
_P1 = G1Point.from_compressed_bytes(
    bytes.fromhex(
        "a8ce256102840821a3e94ea9025e4662b205762f9776b3a766c872b948f1fd225e7c59698588e70d11406d161b4e28c9"
    )
)
_BASE = G2Point()
_G1, _SCALAR = 48, 32
SIGNATURE = _G1 + _SCALAR
MAX_MESSAGES = 4_000  # the generators for so many take five seconds, once in a process


@dataclass(frozen=True, slots=True)
class _Generators:
    points: list[G1Point]
    texts: list[bytes]
    seeds: list[bytes]


_generators = _Generators([], [], [])
_making = Lock()


def sign(secret: Scalar, public: bytes, header: bytes, messages: Sequence[bytes]) -> bytes:
    """The signature, 80 bytes (draft-irtf-cfrg-bbs §3.5.1)."""
    scalars = _message_scalars(messages)
    point, domain = _commitment(public, header, scalars)
    e = _hash_to_scalar(_octets(secret) + b"".join(map(_octets, [*scalars, domain])), _TO_SCALAR)
    return bytes((point * (secret + e).inverse()).to_compressed_bytes()) + _octets(e)


def verify(public: bytes, signature: bytes, header: bytes, messages: Sequence[bytes]) -> None:
    """Raise ProofInvalid unless the signature holds (draft-irtf-cfrg-bbs §3.5.2)."""
    a, e = _read_signature(signature)
    point, _ = _commitment(public, header, _message_scalars(messages))
    if not GT.pairing_check([a, point], [read_public(public) + _BASE * e, -_BASE]):
        raise ProofInvalid(say("the {algorithm} signature does not hold", algorithm="BBS"))


def prove(
    public: bytes,
    signature: bytes,
    header: bytes,
    presentation_header: bytes,
    messages: Sequence[bytes],
    shown: Sequence[int],
) -> bytes:
    """A proof that the shown messages are among those signed (draft-irtf-cfrg-bbs §3.5.3).

    272 bytes and 32 more for each message that is not shown; another proof each time.
    """
    scalars = _message_scalars(messages)
    point, domain = _commitment(public, header, scalars)
    a, e = _read_signature(signature)
    hidden = _others(shown, len(messages))
    r1, r2, e_blind, r1_blind, r3_blind = (random_scalar() for _ in range(5))
    blinds = [random_scalar() for _ in hidden]
    d = point * r2
    a_bar = a * (r1 * r2)
    b_bar = d * r1 - a_bar * e
    t1 = a_bar * e_blind + d * r1_blind
    points = _points(len(messages) + 1)
    t2 = G1Point.multiexp_unchecked([d, *(points[n + 1] for n in hidden)], [r3_blind, *blinds])
    told = [(number, scalars[number]) for number in shown]
    challenge = _challenge(told, [a_bar, b_bar, d, t1, t2], domain, presentation_header)
    answers = [e_blind + e * challenge, r1_blind - r1 * challenge, r3_blind - r2.inverse() * challenge]
    answers += [blind + scalars[n] * challenge for blind, n in zip(blinds, hidden, strict=True)]
    heads = b"".join(bytes(each.to_compressed_bytes()) for each in (a_bar, b_bar, d))
    return heads + b"".join(map(_octets, [*answers, challenge]))


def verify_proof(
    public: bytes,
    proof: bytes,
    header: bytes,
    presentation_header: bytes,
    messages: Sequence[bytes],
    shown: Sequence[int],
) -> None:
    """Raise ProofInvalid unless these messages, with these numbers, are among those signed (draft §3.5.4)."""
    a_bar, b_bar, d, (e, r1, r3, *answers, challenge) = _read_proof(proof)
    count = len(shown) + len(answers)
    if len(messages) != len(shown) or any(number >= count for number in shown) or count > MAX_MESSAGES:
        raise ProofInvalid("the BBS proof is for another number of messages")
    told = list(zip(shown, _message_scalars(messages), strict=True))
    points = _points(count + 1)
    domain = _domain(public, count, header)
    t1 = G1Point.multiexp_unchecked([b_bar, a_bar, d], [challenge, e, r1])
    known = [_P1, points[0], *(points[number + 1] for number, _ in told)]
    point = G1Point.multiexp_unchecked(known, [Scalar(1), domain, *(scalar for _, scalar in told)])
    hidden = [points[number + 1] for number in _others(shown, count)]
    t2 = G1Point.multiexp_unchecked([point, d, *hidden], [challenge, r3, *answers])
    expected = _challenge(told, [a_bar, b_bar, d, t1, t2], domain, presentation_header)
    if expected != challenge or not GT.pairing_check([a_bar, b_bar], [read_public(public), -_BASE]):
        raise ProofInvalid("the BBS proof does not hold")


def random_scalar() -> Scalar:
    """A fresh scalar from the system's randomness."""
    return Scalar.from_be_bytes_mod_order(secrets.token_bytes(48))


def read_scalar(data: bytes) -> Scalar:
    """The scalar in 32 bytes; raises Malformed for zero and for numbers past the order."""
    if not 0 < int.from_bytes(data, "big") < _ORDER or len(data) != _SCALAR:
        raise Malformed("", "this is no scalar of BLS12-381")
    return Scalar.from_be_bytes(data)


def public_of(secret: Scalar) -> bytes:
    """The public key of a secret, 96 bytes."""
    return bytes((_BASE * secret).to_compressed_bytes())


@lru_cache(maxsize=64)
def read_public(raw: bytes) -> G2Point:
    """The point of a public key; raises Malformed."""
    point: G2Point = _read_point(G2Point, raw, 96)
    return point


def _hash_to_scalar(data: bytes, tag: bytes) -> Scalar:
    """A scalar out of any bytes (draft-irtf-cfrg-bbs §4.2.2)."""
    return Scalar.from_be_bytes_mod_order(expand_message(data, tag, 48))


def expand_message(data: bytes, tag: bytes, length: int) -> bytes:
    """``expand_message_xmd`` with SHA-256 (RFC 9380 §5.3.1)."""
    suffix = tag + bytes([len(tag)])
    first = sha256(bytes(64) + data + length.to_bytes(2, "big") + b"\0" + suffix).digest()
    mask = int.from_bytes(first, "big")
    block = sha256(first + b"\1" + suffix).digest()
    found = block
    for number in range(2, -(-length // 32) + 1):
        mixed = (mask ^ int.from_bytes(block, "big")).to_bytes(32, "big")
        block = sha256(mixed + bytes([number]) + suffix).digest()
        found += block
    return found[:length]


def _message_scalars(messages: Sequence[bytes]) -> list[Scalar]:
    if len(messages) > MAX_MESSAGES:
        raise Malformed("", f"{len(messages)} messages are more than {MAX_MESSAGES}")
    return [_hash_to_scalar(message, _MESSAGE) for message in messages]


def _points(count: int) -> list[G1Point]:
    """The first generators, made once in a process (draft-irtf-cfrg-bbs §4.1.1)."""
    made = _generators
    with _making:  # each is made from the one before, so that two threads must not take turns
        while len(made.points) < count:
            before = (
                made.seeds[-1] if made.seeds else expand_message(_API + b"MESSAGE_GENERATOR_SEED", _SEED, 48)
            )
            seed = expand_message(before + (len(made.points) + 1).to_bytes(8, "big"), _SEED, 48)
            point = G1Point.hash_to_curve(seed, _GENERATOR)
            made.seeds.append(seed)
            made.texts.append(bytes(point.to_compressed_bytes()))
            made.points.append(point)
    return made.points[:count]


def _commitment(public: bytes, header: bytes, scalars: Sequence[Scalar]) -> tuple[G1Point, Scalar]:
    points = _points(len(scalars) + 1)
    domain = _domain(public, len(scalars), header)
    return G1Point.multiexp_unchecked([_P1, *points], [Scalar(1), domain, *scalars]), domain


def _domain(public: bytes, count: int, header: bytes) -> Scalar:
    _points(count + 1)
    texts = b"".join(_generators.texts[: count + 1])
    sizes = count.to_bytes(8, "big"), len(header).to_bytes(8, "big")
    return _hash_to_scalar(public + sizes[0] + texts + _API + sizes[1] + header, _TO_SCALAR)


def _challenge(
    told: Sequence[tuple[int, Scalar]], points: Sequence[G1Point], domain: Scalar, presentation_header: bytes
) -> Scalar:
    parts = [len(told).to_bytes(8, "big")]
    for number, scalar in told:
        parts += (number.to_bytes(8, "big"), _octets(scalar))
    parts += (bytes(point.to_compressed_bytes()) for point in points)
    parts += (_octets(domain), len(presentation_header).to_bytes(8, "big"), presentation_header)
    return _hash_to_scalar(b"".join(parts), _TO_SCALAR)


def _read_signature(data: bytes) -> tuple[G1Point, Scalar]:
    if len(data) != SIGNATURE:
        raise ProofInvalid(f"a BBS signature has {SIGNATURE} bytes, not {len(data)}")
    return _read_point(G1Point, data[:_G1], _G1), read_scalar(data[_G1:])


def _read_proof(data: bytes) -> tuple[G1Point, G1Point, G1Point, list[Scalar]]:
    rest = data[3 * _G1 :]
    if len(rest) < 4 * _SCALAR or len(rest) % _SCALAR or len(rest) > (MAX_MESSAGES + 4) * _SCALAR:
        raise ProofInvalid(f"a BBS proof of {len(data)} bytes cannot be read")
    first, second, third = (_read_point(G1Point, data[n * _G1 : (n + 1) * _G1], _G1) for n in range(3))
    scalars = [read_scalar(rest[place : place + _SCALAR]) for place in range(0, len(rest), _SCALAR)]
    return first, second, third, scalars


def _read_point(kind: Any, data: bytes, size: int) -> Any:
    try:
        point = kind.from_compressed_bytes(data) if len(data) == size else kind.identity()
    except ValueError:
        point = kind.identity()
    if point == kind.identity():
        raise Malformed("", "these bytes are no point of BLS12-381")
    return point


def _others(numbers: Sequence[int], count: int) -> list[int]:
    known = frozenset(numbers)
    return [number for number in range(count) if number not in known]


def _octets(scalar: Scalar) -> bytes:
    return bytes(scalar.to_be_bytes())

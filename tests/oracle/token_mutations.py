"""What somebody might do to a token, at random, the same for the same seed."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from typing import Any

from testamur.encoding import decode_base64url, encode_base64url
from testamur.jsontext import Json, parse_object
from tests.oracle.mutations import mutated

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_OTHERS = "=.+/ \t\nA~%0é"
_ORDERS = {
    "P-256": 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551,
    "P-384": 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973,
}
_HEADER: tuple[Json, ...] = (
    {"alg": "none"}, {"alg": "HS256"}, {"alg": "EdDSA"}, {"alg": "Ed25519"}, {"alg": "ES256"}, {"alg": "ESP256"},
    {"alg": "ES384"}, {"alg": "RS256"}, {"alg": "es256"}, {"alg": None}, {"typ": "JWT"}, {"typ": "vc+jwt"},
    {"typ": "vp+jwt"}, {"typ": "application/vc+jwt"}, {"typ": "VC+JWT"}, {"cty": "vc"}, {"cty": "vp"}, {"b64": False},
    {"crit": ["b64"], "b64": False}, {"crit": []}, {"form": "extract"}, {"form": "full"}, {"kid": "#key-1"},
    {"kid": "did:web:thief.example#key-1"}, {"kid": "did:web:diplomas.valdoria.example#status-1"}, {"kid": None},
    {"jwk": {"kty": "OKP", "crv": "Ed25519", "x": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}},
    {"jku": "https://thief.example/keys"}, {"x5c": ["MIIB"]}, {"x5u": "https://thief.example"}, {"iss": "x"}, {"x": 1},
)  # fmt: skip

Change = Callable[[str, random.Random], str]


def changed_token(token: str, chance: random.Random) -> tuple[str, str]:
    """A token that is not this one, and what was done."""
    while True:
        act = chance.choice(ACTS)
        text = act(token, chance)
        if text != token:
            return text, act.__name__


def flips(token: str, *, every: int = 1, first: int = 0) -> Iterator[tuple[int, str]]:
    """The token with one byte of it changed, all eight bits in turn, byte by byte."""
    raw = token.encode()
    for place in range(first, len(raw), every):
        for bit in range(8):
            flipped = raw[:place] + bytes([raw[place] ^ 1 << bit]) + raw[place + 1 :]
            yield place, flipped.decode("latin-1")


def change_claims(token: str, chance: random.Random) -> str:
    header, payload, signature = token.split(".")
    claims, _ = mutated(parse_object(decode_base64url(payload)), chance)
    return f"{header}.{_encoded(claims, chance)}.{signature}"


def write_claims_anew(token: str, chance: random.Random) -> str:
    header, payload, signature = token.split(".")
    return f"{header}.{_encoded(parse_object(decode_base64url(payload)), chance, indent=1)}.{signature}"


def change_header(token: str, chance: random.Random) -> str:
    header, payload, signature = token.split(".")
    members = parse_object(decode_base64url(header)) | chance.choice(_HEADER)
    if chance.random() < 0.2:
        members.pop(chance.choice(list(members)))
    return f"{_encoded(members, chance)}.{payload}.{signature}"


def write_header_anew(token: str, chance: random.Random) -> str:
    header, payload, signature = token.split(".")
    members = list(parse_object(decode_base64url(header)).items())
    chance.shuffle(members)
    return f"{_encoded(dict(members), chance, indent=chance.choice((None, 0)))}.{payload}.{signature}"


def change_signature(token: str, chance: random.Random) -> str:
    signed, _, signature = token.rpartition(".")
    raw = decode_base64url(signature)
    half = len(raw) // 2
    flipped = bytearray(raw)
    flipped[chance.randrange(len(raw))] ^= 1 << chance.randrange(8)
    ways = (
        bytes(flipped), raw[:-1], raw + b"\0", raw[half:] + raw[:half], bytes(len(raw)), b"", raw[:half],
        b"\0" * half + raw[half:], raw[:half] + b"\0" * half, raw[::-1], b"\x30\x44" + raw, _negated(raw),
    )  # fmt: skip
    return f"{signed}.{encode_base64url(chance.choice(ways))}"


def _negated(raw: bytes) -> bytes:
    """The other signature that ECDSA has for the same bytes (r, n - s)."""
    half = len(raw) // 2
    order = _ORDERS["P-384" if len(raw) == 96 else "P-256"]
    other = (order - int.from_bytes(raw[half:], "big")) % order
    return raw[:half] + other.to_bytes(half, "big")


def change_character(token: str, chance: random.Random) -> str:
    place = chance.randrange(len(token))
    return token[:place] + chance.choice(ALPHABET + _OTHERS) + token[place + 1 :]


def add_character(token: str, chance: random.Random) -> str:
    place = chance.choice((0, len(token), chance.randrange(len(token)), token.index("."), token.rindex(".")))
    return token[:place] + chance.choice(ALPHABET + _OTHERS) + token[place:]


def drop_character(token: str, chance: random.Random) -> str:
    place = chance.randrange(len(token))
    return token[:place] + token[place + 1 :]


def use_spare_bits(token: str, chance: random.Random) -> str:
    """Another last character that decodes to the same bytes."""
    parts = token.split(".")
    index = chance.randrange(3)
    last = ALPHABET.index(parts[index][-1])
    parts[index] = parts[index][:-1] + ALPHABET[last ^ 1]
    return ".".join(parts)


def write_otherwise(token: str, chance: random.Random) -> str:
    header, payload, signature = token.split(".")
    flattened = {"protected": header, "payload": payload, "signature": signature}
    ways: tuple[Any, ...] = (
        f"{header}..{signature}", f"{header}.{payload}.", f"{header}.{payload}", f"{token}.{signature}", f".{token}",
        f"{header}=.{payload}=.{signature}=", json.dumps(flattened), f"Bearer {token}", f'"{token}"', f"{token}~",
        json.dumps({"payload": payload, "signatures": [{"protected": header, "signature": signature}]}),
        f"{payload}.{header}.{signature}", token.swapcase(), token * 2, f"{token}\n{token}", f"  {token}\r\n",
        token.replace("-", "+").replace("_", "/"), f"\ufeff{token}", f"{header}.{payload}.{signature}#",
    )  # fmt: skip
    return str(chance.choice(ways))


def swap_neighbours(token: str, chance: random.Random) -> str:
    place = chance.randrange(len(token) - 1)
    return token[:place] + token[place + 1] + token[place] + token[place + 2 :]


def _encoded(members: Json, chance: random.Random, indent: int | None = None) -> str:
    text = json.dumps(members, ensure_ascii=chance.random() < 0.5, indent=indent)
    return encode_base64url(text.encode("utf-8", "surrogatepass"))


ACTS: tuple[Change, ...] = (
    change_claims, change_claims, change_claims, write_claims_anew, change_header, write_header_anew,
    change_signature, change_character, add_character, drop_character, use_spare_bits, write_otherwise, swap_neighbours,
)  # fmt: skip

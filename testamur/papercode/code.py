"""The printed code, both ways: a signed compact JWT as a web address that ends in digits (docs/paper-code.md).

The signature is written masked with a digest of everything beside it. So no other digits stand for the
same token by accident: whatever digit is changed, either the code does not unpack or its signature fails.
"""

from __future__ import annotations

import json
import re
from functools import cache
from hashlib import sha512
from importlib.resources import files
from typing import NamedTuple

from testamur.encoding import decode_base64url, encode_base64url
from testamur.errors import Malformed
from testamur.jsontext import parse_object
from testamur.papercode.deflating import deflate, inflate
from testamur.papercode.packing import MAX_TEXT, Packed, pack, unpack

MAX_DIGITS = 4_200  # about version 33 at level M, far past what a camera reads well
MAX_PACKED = 1_744  # always fewer digits than that
MAX_JWT = 40_000


class _Code(NamedTuple):
    dictionary: str
    signature: int


_CODES = {1: _Code("vocabulary_1", 64), 2: _Code("vocabulary_1", 96)}
"""By the first byte, which is never 0 and never given a second meaning."""

_ALGORITHMS = ("EdDSA", "Ed25519", "ES256", "ES384")
_HEADERS = {
    1 + 2 * number + extra: f'{{"alg":"{alg}","kid":"%s#%s","typ":"vc+jwt"{form}}}'
    for number, alg in enumerate(_ALGORITHMS)
    for extra, form in enumerate((',"form":"extract"', ""))
}
"""Headers that are not written out: with the issuer's id and the name of its key they are complete."""

_ADDRESS = re.compile(r"(?:https://[a-z0-9.:\[\]-]{1,260}/q#)?([1-9][0-9]*)", re.ASCII | re.IGNORECASE)
_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?(?::[0-9]{1,5})?", re.ASCII)
_KEY_NAME = re.compile(r"[A-Za-z0-9._~-]{1,80}", re.ASCII)


def encode(jwt: str, host: str) -> str:
    """The text of the QR code for a signed token; the host is the one whose page checks it.

    Raises Malformed where the token could not be rebuilt to the letter, or is too long for any code.
    """
    if not _HOST.fullmatch(host):
        raise Malformed("host", f"{host!r:.80} is not a host name")
    packed = _pack_token(jwt)
    if len(packed) > MAX_PACKED:
        raise Malformed("", f"the token takes {len(packed)} bytes and a code holds {MAX_PACKED}")
    return f"HTTPS://{host.upper()}/Q#{int.from_bytes(packed, 'big')}"


def decode(text: str) -> str:
    """The token of a code, from its address at any host or from its digits alone; raises only Malformed."""
    found = _ADDRESS.fullmatch(text) if len(text) <= MAX_DIGITS + 280 else None
    if not found or len(found.group(1)) > MAX_DIGITS:
        raise Malformed("", "this is not the text of a paper code")
    number = int(found.group(1))
    return _unpack_token(number.to_bytes((number.bit_length() + 7) // 8, "big"))


def _pack_token(jwt: str) -> bytes:
    parts = jwt.split(".") if len(jwt) <= MAX_JWT else []
    if len(parts) != 3:
        raise Malformed("", "this is not a compact token")
    header, payload, signature = (decode_base64url(part) for part in parts)
    first = next((number for number, code in _CODES.items() if code.signature == len(signature)), 0)
    if not first:
        raise Malformed("", f"a signature of {len(signature)} bytes has no place in a paper code")
    text, values = pack(_text(payload))
    body = deflate(_short_header(_text(header), _text(payload)).encode() + b"\0" + text, _dictionary(first))
    front = bytes([first, len(values)])
    packed = front + _mask(signature, front + values + body) + values + body
    if _unpack_token(packed) != jwt:
        raise Malformed("", "the token could not be rebuilt to the letter")
    return packed


def _unpack_token(packed: bytes) -> str:
    code = _CODES.get(packed[0])
    if code is None:
        raise Malformed("", f"paper codes of kind {packed[0]} are not known to this version")
    end = 2 + code.signature
    if len(packed) <= end or len(packed) <= end + packed[1]:
        raise Malformed("", "the paper code is cut short")
    masked, rest = packed[2:end], packed[end:]
    values, body = rest[: packed[1]], rest[packed[1] :]
    header, mark, text = inflate(body, _dictionary(packed[0]), MAX_TEXT).partition(b"\0")
    if not mark:
        raise Malformed("", "the paper code holds no header")
    payload = unpack(Packed(text, values))
    signature = _mask(masked, packed[:2] + rest)
    written = (_long_header(_text(header), payload).encode(), payload.encode(), signature)
    return ".".join(encode_base64url(part) for part in written)


def _mask(signature: bytes, beside: bytes) -> bytes:
    """The signature with a digest of all other bytes laid over its first 64; doing it twice undoes it."""
    digest = sha512(beside).digest().ljust(len(signature), b"\0")
    return bytes(a ^ b for a, b in zip(signature, digest, strict=True))


def _short_header(header: str, payload: str) -> str:
    """The number of a known header and the key's name, or the header as it is."""
    kid = parse_object(header).get("kid")
    issuer, mark, name = kid.partition("#") if isinstance(kid, str) else ("", "", "")
    if mark and _KEY_NAME.fullmatch(name) and issuer == _issuer(payload):
        for number, known in _HEADERS.items():
            if known % (json.dumps(issuer)[1:-1], name) == header:
                return chr(number) + name
    return header


def _long_header(header: str, payload: str) -> str:
    if header.startswith("{"):
        return header
    known = _HEADERS.get(ord(header[0])) if header else None
    if known is None or not _KEY_NAME.fullmatch(header[1:]):
        raise Malformed("", "the paper code's header is not known to this version")
    return known % (json.dumps(_issuer(payload))[1:-1], header[1:])


def _issuer(payload: str) -> str:
    """The issuer's id, "" where there is none."""
    issuer = parse_object(payload).get("issuer")
    named = issuer.get("id") if isinstance(issuer, dict) else issuer
    return named if isinstance(named, str) else ""


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise Malformed("", "the token's text is not UTF-8") from None


@cache
def _dictionary(first: int) -> bytes:
    return files("testamur.papercode").joinpath(f"{_CODES[first].dictionary}.bin").read_bytes()

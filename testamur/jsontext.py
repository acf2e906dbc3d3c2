"""JSON text, read strictly and within bounds; written compactly.

Everything that comes from outside goes through ``parse_json``: size and depth are checked before
the parser runs, and what two parsers could read in two ways (a member twice, NaN, a number past
the range of a double, half a surrogate pair) is refused.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import cache
from typing import Any

from testamur.errors import Malformed

Json = dict[str, Any]
"""A JSON object. A value of it may be any JSON value, so ``Any`` is the honest type."""

MAX_BYTES = 4_000_000
MAX_DEPTH = 64

_HALF_A_PAIR = "a string holds half of a surrogate pair"
_PARSING = "https://www.w3.org/TR/vc-data-model#PARSING_ERROR"
_STRING = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"?', re.DOTALL)  # never fails, so it is linear
_NO_BRACKET = re.compile(r"[^\[\]{}]+")
_MAX_DIGITS = 40  # of an integer
_DIGITS_ALIKE = bytes.maketrans(b"123456789", b"000000000")
_TOO_MANY_DIGITS = b"0" * (_MAX_DIGITS + 1)
_SPACED = re.compile(r'[{\[]\s|\{"[^"\\]*"\s*:\s').match


def parse_json(raw: bytes | str, *, max_bytes: int = MAX_BYTES, max_depth: int = MAX_DEPTH) -> Any:
    """The JSON value of a text; raises Malformed in bounded time and memory."""
    if len(raw) > max_bytes:
        raise _broken(f"the text is longer than {max_bytes} bytes")
    if isinstance(raw, bytes):
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError as error:
            raise _broken(f"byte {error.start} is not valid UTF-8") from None
        text = text.removeprefix("\ufeff")
    else:
        text, raw = raw, _encoded(raw)
    if raw.count(b"[") + raw.count(b"{") > max_depth:
        _check_depth(text, max_depth)
    value = None if is_spaced(text) else _exact(raw)
    return _strictly(text) if value is None else value


def parse_object(raw: bytes | str, *, max_bytes: int = MAX_BYTES, max_depth: int = MAX_DEPTH) -> Json:
    """The JSON object of a text; raises Malformed when it is any other JSON value."""
    value = parse_json(raw, max_bytes=max_bytes, max_depth=max_depth)
    if not isinstance(value, dict):
        raise _broken("the JSON is not an object")
    return value


def write_json(value: Any) -> str:
    """Compact JSON text with the members in the order they have; raises Malformed on NaN or infinity."""
    try:
        return _write(value)
    except (ValueError, TypeError, RecursionError) as error:
        raise Malformed("", f"this cannot be written as JSON: {error}") from None


def compact_bytes(value: Any) -> bytes:
    """A JSON value in as few bytes as can be, quickly, to look at: what is not JSON in it may come out as if it were.

    Raises ValueError, TypeError or RecursionError for what cannot be written.
    """
    return _quick()[1](value)


def sorted_bytes(value: Any) -> bytes:
    """The same with the members of each object in the order of their code points."""
    return _quick()[2](value)


def is_spaced(text: str) -> bool:
    """Whether a JSON text begins as one does that has blanks and new lines between its parts."""
    return _SPACED(text) is not None


def _exact(raw: bytes) -> Any:
    """The value of a compact text that is written again letter by letter from it; None for any other text.

    Such a text names no member twice and has no number, escape or space that could be read in another way,
    so a parser in C answers for it as the strict one would.
    """
    decode, encode, _ = _quick()
    try:
        value = decode(raw)
        if encode(value) != raw:
            return None
        if len(raw) > _MAX_DIGITS and _TOO_MANY_DIGITS in raw.translate(_DIGITS_ALIKE):
            return None
    except (ValueError, RecursionError):
        return None
    return value


@cache
def _quick() -> tuple[Callable[[bytes], Any], Callable[[Any], bytes], Callable[[Any], bytes]]:
    from msgspec.json import Decoder, Encoder

    return Decoder().decode, Encoder().encode, Encoder(order="sorted").encode


def _strictly(text: str) -> Any:
    try:
        value = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise _broken(f"line {error.lineno}, column {error.colno}: {error.msg}") from None
    except (ValueError, RecursionError) as error:
        raise _broken(str(error)) from None
    _check_escapes(text, value)
    return value


def _broken(message: str) -> Malformed:
    return Malformed("", f"not usable as JSON: {message}", problem=_PARSING)


def _check_depth(text: str, limit: int) -> None:
    depth = 0
    for mark in _NO_BRACKET.sub("", _outside_strings(text)):
        if mark in "[{":
            depth += 1
            if depth > limit:
                raise _broken(f"it is nested more than {limit} deep")
        else:
            depth -= 1


def _outside_strings(text: str) -> str:
    """What of a text stands outside its strings; where nothing is escaped, every quote begins or ends one."""
    return _STRING.sub("", text) if "\\" in text else "".join(text.split('"')[::2])


def _encoded(text: str) -> bytes:
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        raise _broken(_HALF_A_PAIR) from None


def _check_escapes(text: str, value: Any) -> None:
    """Raise if an escape made half of a surrogate pair; in the text itself there is none by now."""
    if "\\" not in text:  # most texts escape nothing, and one character is found much faster than two
        return
    if "\\ud" in text or "\\uD" in text:
        try:
            json.dumps(value, ensure_ascii=False).encode("utf-8")
        except UnicodeEncodeError:
            raise _broken(_HALF_A_PAIR) from None


def _pairs(pairs: list[tuple[str, Any]]) -> Json:
    members = dict(pairs)
    if len(members) != len(pairs):
        seen: set[str] = set()
        for name, _ in pairs:
            if name in seen:
                raise ValueError(f"the member {name[:80]!r} is there twice")
            seen.add(name)
    return members


def _integer(digits: str) -> int:
    if len(digits.lstrip("-")) > _MAX_DIGITS:
        raise ValueError(f"an integer of {len(digits)} digits")
    return int(digits)


def _real(digits: str) -> float:
    value = float(digits) if len(digits) <= 400 else float("inf")
    if value in (float("inf"), float("-inf")):
        raise ValueError("a number too large or too long for a double")
    return value


def _constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


_write = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode
_DECODER = json.JSONDecoder(
    object_pairs_hook=_pairs, parse_int=_integer, parse_float=_real, parse_constant=_constant
)

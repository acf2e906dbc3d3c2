"""JCS, the JSON Canonicalization Scheme (RFC 8785)."""

from __future__ import annotations

import json
from typing import Any

from testamur.errors import Malformed
from testamur.jsontext import sorted_bytes

_MAX_INTEGER = 2**53
_MAX_DEPTH = 128
_quote = json.encoder.encode_basestring


def jcs(value: Any) -> bytes:
    """The canonical UTF-8 bytes of a JSON value; raises Malformed on what JCS cannot carry.

    Refused are NaN and infinities, integers that a double cannot hold exactly and lone surrogates.
    """
    try:
        return sorted_bytes(value) if _is_plain(value) else _write(value, 0).encode("utf-8")
    except UnicodeEncodeError:
        raise Malformed("", "a string holds half of a surrogate pair", clause="RFC 8785 §3.1") from None


def _is_plain(value: Any) -> bool:
    """Whether a usual JSON writer, sorting names by code point, writes exactly what JCS asks for.

    So it is with ASCII names, integers a double holds, and doubles that need no exponent and no ".0".
    """
    level, names = [value], list[Any]()
    for _ in range(_MAX_DEPTH):
        inner: list[Any] = []
        for item in level:
            kind = type(item)
            if kind is str:
                continue
            if kind is dict:
                names += item
                inner += item.values()
            elif kind is list:
                inner += item
            elif item is not None and kind is not bool and not _is_plain_number(item):
                return False
        if not inner:
            return _are_plain_names(names)
        level = inner
    return False


def _are_plain_names(names: list[Any]) -> bool:
    try:
        return "".join(names).isascii()
    except TypeError:
        return False


def _is_plain_number(value: Any) -> bool:
    if type(value) is int:
        return -_MAX_INTEGER <= value <= _MAX_INTEGER
    return type(value) is float and 1e-4 <= abs(value) < 1e16 and not value.is_integer()


def _write(value: Any, depth: int) -> str:
    if depth > _MAX_DEPTH:
        raise Malformed("", f"the value is nested more than {_MAX_DEPTH} deep")
    kind = type(value)
    if kind is str:
        return _string(value)
    if kind is dict:
        members = ",".join(
            f"{_string(name)}:{_write(value[name], depth + 1)}" for name in _sorted_names(value)
        )
        return "{" + members + "}"
    if kind is list or kind is tuple:
        return "[" + ",".join([_write(item, depth + 1) for item in value]) + "]"
    if value is True:
        return "true"
    if value is False:
        return "false"
    if value is None:
        return "null"
    if kind is int:
        return str(value) if abs(value) <= _MAX_INTEGER else _large(value)
    if kind is float:
        return _number(value)
    raise Malformed("", f"{kind.__name__} is not a JSON value")


def _sorted_names(members: dict[str, Any]) -> list[str]:
    for name in members:
        if type(name) is not str:
            raise Malformed("", f"the member name {name!r:.40} is not a string")
    if all(map(str.isascii, members)):
        return sorted(members)
    return sorted(members, key=lambda name: name.encode("utf-16-be", "surrogatepass"))  # RFC 8785 §3.2.3


def _string(text: str) -> str:
    # Python's writer escapes exactly what JCS does and in lower-case hex; U+007F stays as it is in both
    return _quote(text)


def _large(value: int) -> str:
    """An integer past 2^53, if it is a double's value or the shortest text of one."""
    if value.bit_length() <= 1023:
        text = _number(float(value))
        if int(float(value)) == value or text == str(value):
            return text
    raise Malformed("", "an integer past 2^53 would lose digits", clause="RFC 8785 §3.2.2.3")


def _number(value: float) -> str:
    """A double as ECMAScript writes it (RFC 8785 §3.2.2.3)."""
    if value != value or value in (float("inf"), float("-inf")):
        raise Malformed("", "NaN and infinity are not JSON", clause="RFC 8785 §3.2.2.2")
    if value == 0:
        return "0"
    sign = "-" if value < 0 else ""
    mantissa, _, exponent = f"{abs(value)!r}".partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    point = len(whole) + int(exponent or 0)
    if whole == "0":
        point -= len(fraction) - len(fraction.lstrip("0")) + 1
    digits = digits.rstrip("0") or "0"
    if 0 < point <= 21:
        if len(digits) <= point:
            return sign + digits.ljust(point, "0")
        return f"{sign}{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    power = point - 1
    head = digits[0] + ("." + digits[1:] if len(digits) > 1 else "")
    return f"{sign}{head}e{'+' if power > 0 else '-'}{abs(power)}"

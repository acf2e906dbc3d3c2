"""JSON values as RDF terms in N-Quads form, and what of JSON no term carries exactly: that is refused.

Two JSON values must never become the same term, or one could be put in the place of the other under a
signature. Refused too is what implementations are known to write differently (docs/divergences.md).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from math import isfinite
from typing import Any

from testamur.canonical import jcs
from testamur.errors import Malformed
from testamur.jsonld.nquads import RDF, XSD, escape

BOOLEAN = f"<{XSD}boolean>"
DOUBLE = f"<{XSD}double>"
INTEGER = f"<{XSD}integer>"
STRING = f"<{XSD}string>"
JSON = f"<{RDF}JSON>"

MAX_INTEGER = 2**53 - 1
_IRI = r'[A-Za-z][A-Za-z0-9+.\-]*:[^\x00-\x20<>"{}|\\^`\x7f-\x9f\s\ufffe\uffff]*'
_ABSOLUTE = re.compile(_IRI).fullmatch
_ABSOLUTE_LINES = re.compile(rf"(?:{_IRI}\n)*").fullmatch
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*").fullmatch
_TRAILING_ZEROS = re.compile(r"(\.\d+?)0*E([+-])0*(\d)")
_NO_CHARACTER = re.compile("[\ufffe\uffff\ud800-\udfff]").search
_ORDINARY = re.compile('[^"\\\\\x00-\x1f\x7f\ufffe\uffff\ud800-\udfff]*').fullmatch
_CLAUSE = "JSON-LD §8.2.2"


def iri(text: Any, path: str) -> str:
    """The term of an absolute IRI; raises Malformed on a relative one or one with a character none may have."""
    if type(text) is not str or not _ABSOLUTE(text):
        raise Malformed(path, f"{text!r:.200} is not an absolute IRI, so nothing would be said of it")
    return f"<{text}>"


def are_iris(texts: Sequence[str]) -> bool:
    """Whether each of these texts is an absolute IRI."""
    lines = "".join([f"{text}\n" for text in texts])
    return lines.count("\n") == len(texts) and _ABSOLUTE_LINES(lines) is not None


def string(text: str, datatype: str | None, path: str) -> str:
    """The literal of a string with a datatype (``<iri>``), or a plain one."""
    inside = text if _ORDINARY(text) else escaped(text, path)
    if datatype is None or datatype == STRING:
        return f'"{inside}"'
    if datatype == DOUBLE and text != _canonical_or_nothing(text):
        raise Malformed(
            path, f"{text!r:.80} as a double is written in several ways; write a number", clause=_CLAUSE
        )
    return f'"{inside}"^^{datatype}'


def is_ordinary(text: str) -> bool:
    """Return whether a text stands in a literal as it is."""
    return _ORDINARY(text) is not None


def escaped(text: str, path: str) -> str:
    """The inside of a literal; raises Malformed on code points that are no characters."""
    if _NO_CHARACTER(text):
        raise Malformed(path, "the text holds a code point that is no character")
    return escape(text)


def tagged(text: Any, language: Any, path: str) -> str:
    """The literal of a text in a language (BCP 47), the tag in lower case."""
    if type(language) is not str or not _LANGUAGE(language):
        raise Malformed(path, f"{language!r:.40} is not a language tag", clause="RFC 5646 §2.1")
    if type(text) is not str:
        raise Malformed(path, "only a text can have a language")
    return f"{string(text, None, path)}@{language.lower()}"


def boolean(value: bool, datatype: str | None) -> str:
    """The literal of true or false."""
    return f'"{"true" if value else "false"}"^^{datatype or BOOLEAN}'


def number(value: int | float, datatype: str | None, path: str) -> str:
    """The literal of a number that comes out of it unchanged; raises Malformed on any other."""
    if not isfinite(value):
        raise Malformed(path, "NaN and infinity are no numbers of JSON")
    if abs(value) > MAX_INTEGER and (type(value) is int or abs(value) < 1e21):
        raise Malformed(path, f"{value:.40g} is past 2^53 and would lose digits", clause=_CLAUSE)
    if value == 0 and str(value)[0] == "-":
        raise Malformed(path, "negative zero would lose its sign", clause=_CLAUSE)
    if isinstance(value, int) or (value.is_integer() and abs(value) < 1e21):
        return _integer(value, datatype, path)
    if "." not in repr(value) and abs(value) < 1:
        raise Malformed(path, f"{value!r} is so small that some write it as 0", clause=_CLAUSE)
    return f'"{_double(value, path)}"^^{datatype or DOUBLE}'


def json_literal(value: Any, path: str) -> str:
    """The literal of any JSON value, in JCS."""
    text = jcs(value).decode()
    return f'"{escaped(text, path)}"^^{JSON}'


def _integer(value: int | float, datatype: str | None, path: str) -> str:
    if datatype == DOUBLE:
        return f'"{_double(float(value), path)}"^^{DOUBLE}'
    return f'"{int(value)}"^^{datatype or INTEGER}'


def _double(value: float, path: str) -> str:
    """The canonical form of a double, 16 digits at most; raises Malformed if it has more."""
    text = _canonical_double(value)
    if float(text) != value:
        raise Malformed(path, f"{value!r} has more than 16 digits and would lose one", clause=_CLAUSE)
    return text


def _canonical_double(value: float) -> str:
    text = _TRAILING_ZEROS.sub(r"\1E\2\3", f"{value:.15E}")
    return text.replace("E+", "E")


def _canonical_or_nothing(text: str) -> str:
    try:
        value = float(text)
    except ValueError:
        return ""
    return _canonical_double(value) if isfinite(value) else ""

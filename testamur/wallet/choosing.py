"""Choosing: what of a record is shown, and exactly what the other side will then see."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from testamur.credentials import Disclosure, disclosures, pointers_to
from testamur.errors import Malformed, OperatorError
from testamur.jsontext import Json, parse_object, write_json
from testamur.pointers import Path, read_pointer
from testamur.proofs import SecuredDocument, derivation_of, parse_jws, parse_sd_jwt, reveal
from testamur.vault import HeldRecord
from testamur.wallet.records import documents

_MAX_VALUE = 300
_QUIET = ("id", "type", "@context", "hashed", "salt", "resultDescription", "identityType")
_OF_THE_TOKEN = (
    "iat",
    "nbf",
    "exp",
    "jti",
    "iss",
    "sub",
    "cnf",
    "vct",
    "vct#integrity",
    "status",
    "proof",
    "relatedResource",
)
_MIDNIGHT = re.compile(r"(\d{4}-\d\d-\d\d)T00:00:00(?:Z|[+-]\d\d:\d\d)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Line:
    """One thing a record says: its name, its value in words, and whether it is shown."""

    name: str
    value: str
    pointers: tuple[str, ...]
    must: bool  # every copy shows it
    is_shown: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """What the other side gets, and what stays."""

    document: SecuredDocument
    lines: tuple[Line, ...]

    @property
    def shown(self) -> tuple[str, ...]:
        """The names of what is shown, each once."""
        return tuple(dict.fromkeys(line.name for line in self.lines if line.is_shown))

    @property
    def kept_back(self) -> tuple[str, ...]:
        """The names of what stays."""
        return tuple(dict.fromkeys(line.name for line in self.lines if not line.is_shown))


def lets_choose(document: SecuredDocument) -> bool:
    """Whether a part of this form can be shown."""
    try:
        derivation_of(document).always_shown(document)
    except Malformed:
        return False
    return True


def choosable(record: HeldRecord) -> SecuredDocument | None:
    """The form of a record of which a part can be shown, if it has one."""
    return next((document for document in documents(record) if lets_choose(document)), None)


def lines_of(document: SecuredDocument) -> tuple[Line, ...]:
    """Everything a form says; what can be left out is told apart from what is always shown."""
    said, always = _said(document)
    return tuple(_line(said, each, always, is_shown=True) for each in _named(said))


def preview(document: SecuredDocument, names: Sequence[str] | None = None) -> Preview:
    """The copy that shows these, by name or pointer, and all it must; None shows everything.

    Raises OperatorError for a name that is not there, and for a form that is signed as a whole.
    """
    if names is None:
        return Preview(document, lines_of(document))
    if not lets_choose(document):
        raise OperatorError(
            "no part of this record can be shown by itself: it is signed as a whole",
            hint="show all of it, or ask the school for a form that lets you choose",
        )
    how = derivation_of(document)
    said, always = _said(document)
    pointers = pointers_to(said, names)
    copy = how.derive(document, pointers)
    left_out = what_is_left_out(document, copy, said, [*(always or ()), *pointers])
    lines = [
        _line(said, each, always, is_shown=not all(map(left_out, each.pointers))) for each in _named(said)
    ]
    return Preview(copy, tuple(lines))


def what_is_left_out(
    document: SecuredDocument, copy: SecuredDocument, said: Json, wanted: Sequence[str]
) -> Callable[[str], bool]:
    """Whether what a pointer leads to is not in the copy; places are those of the whole record."""
    if document.format == "ldp_vc":
        paths = [read_pointer(said, pointer) for pointer in wanted]
        return lambda pointer: not any(_touch(path, read_pointer(said, pointer)) for path in paths)
    parts, kept = parse_sd_jwt(document.text), set(parse_sd_jwt(copy.text).disclosures)
    revealed = reveal(parse_object(parse_jws(parts.token).payload), parts.disclosures)
    hidden = [each.path for each in revealed.disclosed if each.disclosure.text not in kept]
    return lambda pointer: any(read_pointer(said, pointer)[: len(path)] == path for path in hidden)


def _touch(one: Path, other: Path) -> bool:
    """Whether one of two places is in the other, or they are the same."""
    shared = min(len(one), len(other))
    return one[:shared] == other[:shared]


def _named(said: Json) -> list[Disclosure]:
    """What a record says of its holder and the award; what a token says of itself is no choice and no news."""
    return [each for each in disclosures(said) if each.pointers[0].removeprefix("/") not in _OF_THE_TOKEN]


def _said(document: SecuredDocument) -> tuple[Json, list[str] | None]:
    """What a form says, and the pointers to what it always shows; None: all of it."""
    if lets_choose(document):
        how = derivation_of(document)
        return how.read(document), how.always_shown(document)
    claims = document.claims.get("vc", document.claims) if "vc" in document.claims else document.claims
    return {name: value for name, value in claims.items() if name != "proof"}, None


def _line(said: Json, each: Disclosure, always: list[str] | None, *, is_shown: bool) -> Line:
    must = always is None or all(pointer in always for pointer in each.pointers)
    return Line(each.name, _words(said, each.pointers[0]), each.pointers, must, is_shown)


def _words(said: Json, pointer: str) -> str:
    value: Any = said
    for step in read_pointer(said, pointer):
        value = value[step]
    text = "; ".join(dict.fromkeys(_leaves(value)))
    return text if len(text) <= _MAX_VALUE else text[: _MAX_VALUE - 1] + "…"


def _leaves(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for name, inner in value.items() if name not in _QUIET for text in _leaves(inner)]
    if isinstance(value, list):
        return [text for inner in value for text in _leaves(inner)]
    if not isinstance(value, str):
        return [write_json(value)]
    day = _MIDNIGHT.fullmatch(value)
    return [day[1] if day else value]

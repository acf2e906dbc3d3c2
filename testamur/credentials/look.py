"""How a printed page looks: every constant word on it, its paper, colours, crest and signatories.

The look is attached to the PDF and named by digest in the credential's ``relatedResource``
(VCDM §5.3), so a verifier knows which words on the page are the school's and which were added.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import lru_cache
from typing import Any

from testamur.canonical import jcs
from testamur.credentials.languages import label_names
from testamur.credentials.names import hidden
from testamur.encoding import digest_multibase
from testamur.errors import Malformed
from testamur.jsontext import Json, parse_object

MAX_LOOK_BYTES = 64_000
STYLES = ("diploma", "certificate", "licence", "badge", "plain", "transcript")
PAPERS = ("a4", "us-letter")
ORIENTATIONS = ("landscape", "portrait")
CALENDARS = ("gregorian", "ethiopian", "hijri", "buddhist")
ROWS = (
    "birth_date", "field", "result", "credits", "scope", "started", "ended",
    "awarded", "valid_until", "number", "record", "student_number",
)  # fmt: skip
"""The facts that a page can list, each with the label of the same name; ``result`` may be several lines."""

LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", re.ASCII)
_COLOUR = re.compile(r"#[0-9a-f]{6}", re.ASCII)
_DIGEST = re.compile(r"u[A-Za-z0-9_-]{46}", re.ASCII)
_MAX_TEXT = 400
_MAX_SIGNATORIES = 6


@dataclass(frozen=True, slots=True)
class Signatory:
    """Who signs by hand: a name and the office held, either may be empty."""

    name: str
    title: str


@dataclass(frozen=True, slots=True)
class Look:
    """A page without its facts; equal looks have equal text and so equal digests."""

    labels: Mapping[str, str] = field(hash=False)
    style: str = "diploma"
    paper: str = "a4"
    orientation: str = "landscape"
    language: str = "en"
    calendar: str = "gregorian"
    ink: str = "#1f3a5f"
    accent: str = "#8a6a1f"
    crest: str = ""
    signatories: tuple[Signatory, ...] = ()
    rows: tuple[str, ...] = ("field", "result", "credits", "awarded", "number")
    motto: str = ""
    version: int = 1

    def __post_init__(self) -> None:
        for path, reason in mistakes(self):
            raise Malformed(f"look.{path}", reason)

    @classmethod
    def parse(cls, text: bytes | str) -> Look:
        """The look of a canonical text; raises Malformed on any other text, so one digest is one look."""
        members = parse_object(text, max_bytes=MAX_LOOK_BYTES, max_depth=4)
        if set(members) != {part.name for part in fields(cls)}:
            raise Malformed("look", "the members are not those of a page's look, version 1")
        look = cls(**{**members, "rows": _row_names(members), "signatories": _signatories(members)})
        if look.text.encode() != (text.encode() if isinstance(text, str) else text):
            raise Malformed("look", "this is not the canonical text of a page's look")
        return look

    @property
    def text(self) -> str:
        """The canonical JSON (RFC 8785), the exact text that is attached and digested."""
        return jcs(
            {part.name: getattr(self, part.name) for part in fields(self)}
            | {"labels": dict(self.labels), "rows": list(self.rows)}
            | {"signatories": [{"name": who.name, "title": who.title} for who in self.signatories]}
        ).decode("utf-8")

    @property
    def digest(self) -> str:
        """The digest of the text, as ``digestMultibase`` of the credential carries it (VCDM §5.3)."""
        return _digest(self)

    @property
    def words(self) -> tuple[str, ...]:
        """Every constant string that the page may show."""
        people = [part for who in self.signatories for part in (who.name, who.title)]
        return tuple(text for text in (*self.labels.values(), self.motto, *people) if text)


@lru_cache(maxsize=64)
def _digest(look: Look) -> str:
    return digest_multibase(look.text.encode("utf-8"))


def mistakes(look: Look) -> list[tuple[str, str]]:
    """Every broken rule of a look as the member's name and a sentence."""
    found = [
        (name, f"{value!r:.60} is not one of {', '.join(allowed)}")
        for name, value, allowed in (
            ("style", look.style, STYLES),
            ("paper", look.paper, PAPERS),
            ("orientation", look.orientation, ORIENTATIONS),
            ("calendar", look.calendar, CALENDARS),
        )
        if value not in allowed
    ]
    found += [(name, f"{value!r:.60} is not {what}") for name, value, pattern, what in (
        ("language", look.language, LANGUAGE_TAG, "a language tag such as en or pt-BR"),
        ("ink", look.ink, _COLOUR, "a colour such as #1f3a5f"),
        ("accent", look.accent, _COLOUR, "a colour such as #8a6a1f"),
    ) if not _matches(pattern, value)]  # fmt: skip
    if look.crest != "" and not _matches(_DIGEST, look.crest):
        found.append(("crest", "this is not the digest of a crest file"))
    if look.version != 1 or isinstance(look.version, bool):
        found.append(("version", f"{look.version!r:.20} is not 1, the only version there is"))
    return found + _label_mistakes(look) + _list_mistakes(look)


def _label_mistakes(look: Look) -> list[tuple[str, str]]:
    labels: Any = look.labels
    if not isinstance(labels, Mapping):
        return [("labels", "this is not a table of words")]
    known = label_names(look.style) | {"title"}
    found = [("labels", f"{name!r:.40} is missing") for name in sorted(known - set(labels))]
    found += [("labels", f"{name!r:.40} is no label of a page") for name in sorted(set(labels) - known)]
    return found + [(f"labels.{name}", reason) for name, text in labels.items() if (reason := _unfit(text))]


def _list_mistakes(look: Look) -> list[tuple[str, str]]:
    found = [("rows", f"{row!r:.40} is not one of {', '.join(ROWS)}") for row in look.rows if row not in ROWS]
    if "student_number" in look.rows and "student_number" not in look.labels:
        found.append(("rows", "only a transcript has a label for 'student_number'"))
    if len(set(look.rows)) != len(look.rows):
        found.append(("rows", "a fact is listed twice"))
    if len(look.signatories) > _MAX_SIGNATORIES:
        found.append(("signatories", f"there are more than {_MAX_SIGNATORIES}"))
    people = [part for who in look.signatories for part in (who.name, who.title)]
    found += [("signatories", reason) for part in people if (reason := _unfit(part))]
    return found + ([("motto", reason)] if (reason := _unfit(look.motto)) else [])


def _unfit(text: Any) -> str:
    """Why a text cannot be printed on one line, or nothing."""
    if not isinstance(text, str):
        return "this is not a text"
    if len(text) > _MAX_TEXT:
        return f"this is longer than {_MAX_TEXT} characters"
    return hidden(text)


def _matches(pattern: re.Pattern[str], value: Any) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None


def _row_names(members: Json) -> tuple[str, ...]:
    rows = members["rows"]
    if not isinstance(rows, list) or not all(isinstance(row, str) for row in rows):
        raise Malformed("look.rows", "this is not a list of names")
    return tuple(rows)


def _signatories(members: Json) -> tuple[Signatory, ...]:
    people = members["signatories"]
    if not isinstance(people, list) or not all(
        isinstance(who, dict) and set(who) == {"name", "title"} for who in people
    ):
        raise Malformed("look.signatories", "this is not a list of names and titles")
    return tuple(Signatory(who["name"], who["title"]) for who in people)

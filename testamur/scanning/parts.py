"""What was taken out of a file: texts and where they stood, and what could not be read."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any

from testamur.errors import Malformed
from testamur.jsontext import Json
from testamur.words import say

COSE = b"\xd2\x84"  # how a tagged COSE_Sign1 begins (RFC 9052 §4.2)
MAX_FILE = 50_000_000
MAX_TEXT = 4_000_000  # of one credential, attachment or baked text


@dataclass(frozen=True, slots=True)
class Part:
    """A text found in a file, not yet understood, or the reason why a place could not be read."""

    origin: str  # "file", "attachment", "code" or "baked"
    name: str  # of the attachment; "page 3"
    text: str = ""
    page: int = 0
    problem: str = ""

    @property
    def place(self) -> str:
        """Where it stood, for a sentence: "attachment diploma.json", "code on page 1"."""
        if self.origin == "attachment":
            return say("attachment {name}", name=self.name)
        if self.origin == "code":
            return say("code on {place}", place=_place(self.name, self.page))
        return say("text baked into {name}", name=self.name) if self.origin == "baked" else self.name

    def to_json(self) -> Json:
        """Its members, to cross from one process to another."""
        return {
            "origin": self.origin,
            "name": self.name,
            "text": self.text,
            "page": self.page,
            "problem": self.problem,
        }

    @classmethod
    def from_json(cls, members: Any) -> Part:
        """Take the part back; raises Malformed on members of another shape."""
        try:
            origin, name, text, page, problem = (
                members[key] for key in ("origin", "name", "text", "page", "problem")
            )
        except (TypeError, KeyError):
            raise Malformed("", "the reader of files gave no usable answer") from None
        if not isinstance(page, int) or not all(
            isinstance(word, str) for word in (origin, name, text, problem)
        ):
            raise Malformed("", "the reader of files gave no usable answer")
        return cls(origin, name, text, page, problem)


def _place(name: str, page: int) -> str:
    return say("page {number}", number=page) if page and name == f"page {page}" else name


def cose_text(raw: bytes) -> str | None:
    """A COSE_Sign1 of a bearable length as base64, or None."""
    return None if len(raw) > MAX_TEXT else base64.b64encode(raw).decode("ascii")


def as_text(raw: bytes) -> str | None:
    """The bytes as UTF-8 text of a bearable length, or None."""
    if len(raw) > MAX_TEXT:
        return None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None

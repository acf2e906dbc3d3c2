"""Cards: each looks like what it is, in its issuer's colours, and nothing of a stranger's is drawn unseen."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from itertools import groupby

from testamur.display import one_line
from testamur.errors import TestamurError
from testamur.jsontext import Json
from testamur.vault import HeldRecord
from testamur.wallet.app.telling import OUTCOMES, QUESTIONS, TITLES, Told
from testamur.wallet.records import documents, told
from testamur.wallet.refreshing import runs_out
from testamur.words import Sentence

_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_PICTURE = re.compile(r"data:image/(?:png|jpeg|webp);base64,[A-Za-z0-9+/=]{16,300000}")
_PALETTE = ("#173a63", "#14532d", "#6b2142", "#5b3a00", "#30336b", "#0f4c5c", "#4a2545", "#7a2e1d")
_LIGHT, _DARK = "light", "dark"


@dataclass(frozen=True, slots=True)
class Card:
    """What the list shows of one record."""

    id: str
    award: str
    holder: str
    issuer: str
    result: str
    number: str
    day: datetime | None
    until: datetime | None
    headline: str
    colour: str  # "#173a63"
    ink: str  # "light" or "dark": which letters are read on it
    picture: str  # a data: address, "" where there is none
    initials: str
    runs_out: bool
    replaced_by: str

    @property
    def title(self) -> Sentence:
        """The newest answer, in words."""
        return TITLES.get(self.headline, TITLES[""])


def card_of(record: HeldRecord, at: datetime) -> Card:
    """The card of a record, from what is kept of it."""
    said, claims = told(record), _claims(record)
    colour = _colour(record, said.issuer)
    return Card(
        record.id,
        one_line(said.award),
        one_line(said.holder),
        one_line(said.issuer),
        one_line(said.result),
        one_line(said.number),
        day_of(said.awarded),
        day_of(said.valid_until),
        said.headline,
        colour,
        ink_on(colour),
        _picture(record, claims),
        _initials(said.issuer),
        runs_out(record, at),
        record.replaced_by,
    )


def by_year(cards: Iterable[Card]) -> Iterator[tuple[str, list[Card]]]:
    """The newest first, by the year of the award; those without a day come last."""
    ordered = sorted(cards, key=lambda card: (card.day is not None, card.day or 0, card.award), reverse=True)
    for year, found in groupby(ordered, key=lambda card: str(card.day.year) if card.day else ""):
        yield year, list(found)


def checks_of(record: HeldRecord) -> list[Told]:
    """What was asked of the record when it was looked at last."""
    listed = record.look.report.get("checks") if record.look else None
    found = []
    for check in listed if isinstance(listed, list) else []:
        name, outcome = str(check.get("name", "")), str(check.get("outcome", ""))
        if name in QUESTIONS and outcome in OUTCOMES:
            found.append(
                Told(outcome, QUESTIONS[name], OUTCOMES[outcome], one_line(str(check.get("sentence", ""))))
            )
    return found


def courses_of(record: HeldRecord) -> list[Json]:
    """What a transcript holds: the facts of each course."""
    listed = record.look.report.get("credentials") if record.look else None
    facts = (
        [each.get("facts") for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
    )
    return [each for each in facts if isinstance(each, dict)]


def day_of(text: str) -> datetime | None:
    """The day that a text is, None where it is none."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=UTC) if _DAY.fullmatch(text) else None
    except ValueError:
        return None


def ink_on(colour: str) -> str:
    """Whether white or black letters are read better on a colour (WCAG 2.2 §1.4.3)."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return _LIGHT if 1.05 / (luminance + 0.05) >= (luminance + 0.05) / 0.05 else _DARK


def _claims(record: HeldRecord) -> Json:
    try:
        return documents(record)[0].claims
    except (TestamurError, IndexError):
        return {}


def _colour(record: HeldRecord, issuer: str) -> str:
    """The colour that its issuer's offer names, else one that every record of this issuer has."""
    named = record.display.get("background_color")
    if isinstance(named, str) and _COLOUR.fullmatch(named):
        return named.lower()
    return _PALETTE[sha256(issuer.encode()).digest()[0] % len(_PALETTE)]


def _picture(record: HeldRecord, claims: Json) -> str:
    """A badge or crest that is in the record itself; what lies elsewhere is not fetched to draw a card."""
    logo = record.display.get("logo")
    subject = claims.get("credentialSubject")
    achievement = subject.get("achievement") if isinstance(subject, dict) else None
    issuer = claims.get("issuer")
    for holder, name in ((achievement, "image"), (issuer, "image"), (logo, "uri")):
        found = holder.get(name) if isinstance(holder, dict) else None
        address = found.get("id") if isinstance(found, dict) else found
        if isinstance(address, str) and _PICTURE.fullmatch(address):
            return address
    return ""


def _initials(name: str) -> str:
    """One or two letters for a crest that is not there."""
    words = [word for word in re.split(r"[\s:/._-]+", one_line(name)) if word[:1].isalpha()]
    big = [word for word in words if word[:1].isupper()] or words
    return "".join(word[0] for word in big[:2]) or "·"

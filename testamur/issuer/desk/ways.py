"""The ways from an organisation's first page: what each is called, and who sees it."""

from __future__ import annotations

from dataclasses import dataclass

from testamur.issuer.desk.permissions import Act
from testamur.issuer.desk.visits import Visit
from testamur.words import Sentence


@dataclass(frozen=True, slots=True)
class Way:
    """A page of an organisation."""

    path: str
    title: Sentence
    about: Sentence
    act: Act


WAYS: tuple[Way, ...] = ()
"""In the order in which they are shown."""


def ways_of(visit: Visit) -> list[Way]:
    """The ways that this person may go."""
    return [way for way in WAYS if way.act in visit.acts]

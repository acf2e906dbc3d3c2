"""The ways from an organisation's first page: what each is called, and who sees it."""

from __future__ import annotations

from dataclasses import dataclass

from testamur.issuer.desk.permissions import Act
from testamur.issuer.desk.visits import Visit
from testamur.words import Sentence, say


@dataclass(frozen=True, slots=True)
class Way:
    """A page of an organisation."""

    path: str
    title: Sentence
    about: Sentence
    act: Act


WAYS: tuple[Way, ...] = (
    Way(
        "/sheets/new",
        say("From spreadsheet to diplomas"),
        say("Give a spreadsheet; it is checked row by row before anything is signed."),
        Act.PREPARE,
    ),
    Way(
        "/sheets",
        say("In work"),
        say("What is being prepared, what waits for approval, what is being signed."),
        Act.READ,
    ),
    Way(
        "/records",
        say("Records"),
        say("Search what was issued; correct, suspend and withdraw; take files."),
        Act.READ,
    ),
    Way(
        "/wishes",
        say("What learners ask for"),
        say("Requests for corrections, sent from the pages on which learners take their records."),
        Act.READ,
    ),
    Way(
        "/templates",
        say("Templates"),
        say("What a diploma says and how it looks: words, colours, crest."),
        Act.DESIGN,
    ),
    Way(
        "/publishing",
        say("Publishing"),
        say("When keys and lists were last published, and until when they are good."),
        Act.PUBLISH,
    ),
    Way("/audit", say("Log"), say("Who did what, when and why; verified and exported."), Act.AUDIT),
    Way("/people", say("People"), say("Invite, give roles, let go."), Act.PEOPLE),
    Way("/settings", say("Settings"), say("What needs two people, what is kept how long."), Act.SETTINGS),
)
"""In the order in which they are shown."""


def ways_of(visit: Visit) -> list[Way]:
    """The ways that this person may go."""
    return [way for way in WAYS if way.act in visit.acts]

"""How the status of a record is said."""

from __future__ import annotations

from datetime import datetime

from testamur.words import Sentence, because, joined, say


def standing(purpose: str, as_of: datetime | None) -> Sentence:
    """That nothing is set against it: "Not revoked as of 2026-09-01"."""
    if purpose == "revocation":
        return say("Not revoked as of {day}", day=as_of) if as_of else say("Not revoked")
    if purpose == "suspension":
        return say("Not suspended as of {day}", day=as_of) if as_of else say("Not suspended")
    if as_of is None:
        return say("Not {purpose}", purpose=purpose)
    return say("Not {purpose} as of {day}", purpose=purpose, day=as_of)


def withdrawn(purpose: str, on: datetime | None, as_of: datetime | None, why: str) -> Sentence:
    """That it is revoked or suspended, since when and why as far as that is known."""
    said = _revoked(on, as_of) if purpose == "revocation" else _suspended(on, as_of)
    return joined(": ", (said, why)) if why else said


def _revoked(on: datetime | None, as_of: datetime | None) -> Sentence:
    if on is not None:
        return say("The issuer revoked it on {day}", day=on)
    return say("The issuer revoked it as of {day}", day=as_of) if as_of else say("The issuer revoked it")


def _suspended(on: datetime | None, as_of: datetime | None) -> Sentence:
    if on is not None:
        return say("The issuer suspended it on {day}", day=on)
    return say("The issuer suspended it as of {day}", day=as_of) if as_of else say("The issuer suspended it")


def noted(message: str) -> Sentence:
    """What the issuer says beside it, which speaks neither for nor against it."""
    return (
        say("The issuer notes: {message}", message=message) if message else say("Nothing is noted against it")
    )


def not_looked_up(reason: str) -> Sentence:
    """That it is not known, and why."""
    return because(say("Its status could not be looked up"), reason)

"""The words an answer is made of: outcomes, headlines, verdicts, and one question with its outcome."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from testamur.jsontext import Json


class Outcome(StrEnum):
    """How one check ended."""

    PASSED = "passed"
    FAILED = "failed"
    UNKNOWN = "unknown"  # it could not be looked at: network, unsupported suite
    ABSENT = "absent"  # there was nothing to look at: no status entry
    SKIPPED = "skipped"  # it was not looked at, and the sentence says why


class Verdict(StrEnum):
    """What a program may do with the record."""

    ACCEPTED = "accepted"
    UNDECIDED = "undecided"
    REJECTED = "rejected"


class Headline(StrEnum):
    """The answer in a word, from the best to the worst."""

    GENUINE = "genuine"
    ISSUER_UNLISTED = "issuer_unlisted"
    CANNOT_TELL = "cannot_tell"
    NOT_YET_VALID = "not_yet_valid"
    EXPIRED = "expired"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    REPLACED = "replaced"
    NOT_GENUINE = "not_genuine"


VERDICTS: dict[Headline, tuple[Verdict, int]] = {
    Headline.GENUINE: (Verdict.ACCEPTED, 0),
    Headline.ISSUER_UNLISTED: (Verdict.UNDECIDED, 3),
    Headline.CANNOT_TELL: (Verdict.UNDECIDED, 3),
    Headline.NOT_YET_VALID: (Verdict.REJECTED, 1),
    Headline.EXPIRED: (Verdict.REJECTED, 1),
    Headline.SUSPENDED: (Verdict.REJECTED, 1),
    Headline.REVOKED: (Verdict.REJECTED, 1),
    Headline.REPLACED: (Verdict.REJECTED, 1),
    Headline.NOT_GENUINE: (Verdict.REJECTED, 1),
}
"""What each headline means, and the exit code of a program that says it."""

_SEVERITY = {headline: rank for rank, headline in enumerate(Headline)}


def worst(headlines: Iterable[Headline]) -> Headline:
    """The headline that outweighs the others; of none at all, that one cannot tell."""
    return max(headlines, key=_SEVERITY.__getitem__, default=Headline.CANNOT_TELL)


@dataclass(frozen=True, slots=True)
class Check:
    """One question and how it was answered."""

    name: str  # form, proof, dates, status, schema, issuer, holder
    outcome: Outcome
    sentence: str  # a Sentence of ``words`` where it can be said in other languages
    problem: str = ""  # the specification's problem type
    clause: str = ""  # "VC-DI §4.4"
    headline: Headline | None = None  # the headline it asks for, if it is not the usual one
    as_of: datetime | None = None  # of a status: the day of the list it was looked up in

    def to_json(self) -> Json:
        """Its members; an empty problem or clause is left out."""
        members = {"name": self.name, "outcome": self.outcome.value, "sentence": self.sentence}
        optional = {"problem": self.problem, "clause": self.clause}
        return members | {name: value for name, value in optional.items() if value}

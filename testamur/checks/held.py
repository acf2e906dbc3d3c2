"""What a learner record says without signing it apart, and what speaks against taking a record as an answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from testamur.checks.answer import Check, Outcome
from testamur.checks.case import Case, identifier
from testamur.credentials import held_by, is_about_learner, mixed_thing
from testamur.jsontext import Json
from testamur.proofs import SecuredDocument
from testamur.words import say

MAX_HELD = 400
"""Credentials in one record that are looked at; more is a doubt about all of it."""

MAX_ISSUERS = 32
"""Issuers whose keys and lists are fetched for all that stands inside one document, however deep."""

TOO_MANY_ISSUERS = say("no more than {count} issuers are looked up for what is in it", count=MAX_ISSUERS)

BLOCKING = (Outcome.FAILED, Outcome.UNKNOWN)

_CLAUSE = "CLR §B.2"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a document stands in the one that was given, and who of all that stands inside was looked up."""

    source: str
    depth: int = 0  # of records within records
    issuers: set[str] = field(default_factory=set)

    def inside(self, number: int, kind: str = "credential") -> Place:
        """The place of the credential or endorsement of this number in it."""
        return replace(self, source=f"{self.source}, {kind} {number}".lstrip(", "), depth=self.depth + 1)

    def has_room_for(self, document: SecuredDocument) -> bool:
        """Whether its issuer may be looked up beside those who were."""
        issuer = identifier(document.claims.get("issuer")) or identifier(document.claims.get("iss"))
        if issuer not in self.issuers and len(self.issuers) == MAX_ISSUERS:
            return False
        self.issuers.add(issuer)
        return True


def said_checks(case: Case, around: Sequence[Check], own: Sequence[Check]) -> tuple[Check, ...]:
    """The checks of what the record's own issuer says in it: it stands and falls with the record around it.

    A statement about the award of somebody else, whom no signature here binds, is undecided.
    """
    by_name = {check.name: check for check in around}
    by_name |= {check.name: check for check in own if by_name[check.name].outcome not in BLOCKING}
    if not is_own_word(case):
        sentence = say(
            "It has no signature of its own; nothing here shows that {issuer} awarded it",
            issuer=identifier(case.claims.get("issuer")) or say("somebody"),
        )
        by_name["proof"] = Check("proof", Outcome.UNKNOWN, sentence, clause=_CLAUSE)
        by_name["issuer"] = Check(
            "issuer", Outcome.SKIPPED, say("Not looked at, since the issuer did not sign it")
        )
    elif by_name["proof"].outcome is Outcome.PASSED:
        sentence = say("Said by the issuer in the signed record around it, without a signature of its own")
        by_name["proof"] = Check("proof", Outcome.PASSED, sentence, clause=_CLAUSE)
    return tuple(by_name[check.name] for check in around)


def is_own_word(case: Case) -> bool:
    """Whether what a record holds is by the record's own issuer (``case`` has the record as ``around``)."""
    return case.around is not None and case.author == identifier(case.around.get("issuer"))


def asked_apart(case: Case, around: Sequence[Check]) -> tuple[str, ...]:
    """What is asked of a thing that a record says, beside what is asked of the record: its own days, shape and status."""
    names = ("dates", "schema")
    stands = all(
        check.outcome not in (*BLOCKING, Outcome.SKIPPED) for check in around if check.name == "status"
    )
    may_have = "credentialStatus" in case.claims or case.may_lack_members
    return (*names, "status") if stands and is_own_word(case) and may_have else names


def record_doubts(case: Case) -> list[str]:
    """Why a record may not be read as it stands, a sentence each."""
    found: list[str] = []
    count = len(held_by(case.claims))
    if count > MAX_HELD:
        found.append(
            say(
                "it holds {count} credentials; no more than {most} were looked at", count=count, most=MAX_HELD
            )
        )
    if not _text_was_signed(case) and (name := mixed_thing(case.claims)):
        found.append(
            say(
                "it describes {name} in several ways, and the signature does not say which belongs where",
                name=name[:80],
            )
        )
    return found


def person_doubts(number: int, held: Json, record: Json) -> list[str]:
    """Why what a credential in a record says may be about somebody else."""
    same = is_about_learner(held, record)
    if same is None:
        return [
            say("it cannot be told whether credential {number} in it is about the same person", number=number)
        ]
    return [] if same else [say("credential {number} in it is about somebody else", number=number)]


def _text_was_signed(case: Case) -> bool:
    """Whether a signature of its author covers the JSON text, and with it the place of everything."""
    return any(not signature.is_of_statements for signature in case.held)

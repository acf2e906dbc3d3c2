"""What a learner sees of an offer: the record in words, how it stands, and why there is nothing to take, if so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from testamur.credentials import Facts, facts
from testamur.errors import TestamurError
from testamur.issuer.desk.school import School
from testamur.issuer.outputs import Outputs
from testamur.jsontext import parse_object
from testamur.store import REPLACED, REVOKED, SUSPENDED, VALID, Record
from testamur.store.claims import OPEN, TAKEN, WITHDRAWN, OfferEntry
from testamur.words import Sentence, say

_STATES: Mapping[str, Sentence] = {
    VALID: say("Valid"),
    SUSPENDED: say("Suspended for now"),
    REVOKED: say("Revoked by the school"),
    REPLACED: say("Replaced by a corrected copy"),
}
_MORE: Mapping[str, Sentence] = {
    SUSPENDED: say("The school has suspended this record. Ask there why, and when it will be valid again."),
    REVOKED: say("The school has taken this record back. Ask there why."),
    REPLACED: say(
        "The school has made a corrected copy, and this one counts no more. Ask there for its link."
    ),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """A record as its page shows it."""

    record: Record
    entry: OfferEntry
    facts: Facts
    check_url: str  # where anybody can check it, "" where it has no paper form

    @property
    def state(self) -> Sentence:
        """How the record stands."""
        return _STATES[self.record.state]

    @property
    def more(self) -> Sentence | None:
        """What that means, where it is not valid."""
        return _MORE.get(self.record.state)

    @property
    def is_valid(self) -> bool:
        """Whether it counts."""
        return self.record.state == VALID

    @property
    def is_taken(self) -> bool:
        """Whether a wallet has it."""
        return self.entry.state == TAKEN

    @property
    def has_look(self) -> bool:
        """Whether its page and its badge can be made again."""
        return bool(self.record.look)


def standing_of(school: School, entry: OfferEntry) -> Standing | None:
    """What is shown of an offer, None where the record is gone."""
    record = school.ledger.get(entry.record_id)
    full = record.form("full") if record else None
    if record is None or full is None or school.ledger.is_hidden(record.id):
        return None
    return Standing(record, entry, facts(parse_object(full.text)), _check_url(school, record))


def _check_url(school: School, record: Record) -> str:
    try:
        code = Outputs(school.home, school.ledger).code(record)
    except TestamurError:
        return ""
    scheme, _, rest = code.partition("://")
    host, slash, more = rest.partition("/")
    return f"{scheme.lower()}://{host.lower()}{slash}{more}"


def why_closed(entry: OfferEntry, at: datetime) -> Sentence | None:
    """Why a link leads nowhere any more, None where it does."""
    if entry.state == WITHDRAWN:
        return say(
            "The school has withdrawn this link. Your record is not touched by that; ask the school for a new link."
        )
    if entry.state == OPEN and entry.is_over(at):
        return say(
            "This link was good until {day}. Your record is not touched by that; ask the school for a new link.",
            day=entry.until,
        )
    if entry.is_locked and entry.state == OPEN:
        return say(
            "The code was wrong too often, so this link is locked. Ask the school for a new link and a new code."
        )
    return None

"""What a person is told before she answers: that more is asked than such a question needs, or that others could read it."""

from __future__ import annotations

from collections.abc import Iterator

from testamur.credentials import disclosures
from testamur.errors import Malformed
from testamur.openid4vp.answering import is_encrypted
from testamur.openid4vp.candidates import shown_claims
from testamur.openid4vp.matching import Match
from testamur.openid4vp.receiving import Asked
from testamur.openid4vp.showing import part_of
from testamur.proofs import derivation_of
from testamur.words import say

PRIVATE = (
    "birthdate", "birth_date", "birthDate", "student_number", "sourcedId", "email", "emailAddress", "phone",
    "phone_number", "address", "nationality", "nationalities", "gender", "sex", "portrait", "picture",
    "personal_administrative_number", "document_number", "identifier",
)  # fmt: skip
"""Claims that few questions about somebody's learning need."""

_MANY = 3


def warnings(asked: Asked, chosen: Iterator[Match] | list[Match]) -> list[str]:
    """Sentences, the weightiest first; none where the question asks for what it needs."""
    picked = list(chosen)
    found: list[str] = []
    if asked.requester.doubt:
        found.append(say("It is not certain who asks: {why}", why=asked.requester.doubt))
    private = sorted({name for each in picked for name in _private(each)})
    if private:
        found.append(say("They ask for {names}; ask why they need it.", names=", ".join(private)))
    for each in picked:
        if not each.places and not each.query.claims and _is_whole(each):
            found.append(say("They do not say what they need, and would see the whole record."))
        elif _is_whole(each):
            found.append(say("This record is signed as a whole: they would see all of it."))
    if len(picked) > _MANY:
        found.append(say("They ask for {count} records at once.", count=len(picked)))
    if not is_encrypted(asked.request):
        found.append(say("The answer is not encrypted beyond the connection itself."))
    return list(dict.fromkeys(found))


def shown_names(match: Match) -> tuple[str, ...]:
    """What of a record the other side would see, by name."""
    return tuple(dict.fromkeys(each.name for each in disclosures(shown_claims(part_of(match)))))


def _private(match: Match) -> Iterator[str]:
    for spot in match.places:
        names = [step for step in spot if isinstance(step, str)]
        if names and names[-1] in PRIVATE and spot != ("credentialSubject", "identifier", 0):
            yield names[-1].replace("_", " ")


def _is_whole(match: Match) -> bool:
    try:
        derivation_of(match.candidate.document)
    except Malformed:
        return True
    return False

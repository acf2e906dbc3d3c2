"""Headlines, checks and acts in the words of the wallet's pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from testamur.words import Sentence, say

TITLES: Mapping[str, Sentence] = {
    "genuine": say("Genuine"),
    "issuer_unlisted": say("Genuine, issuer not listed"),
    "cannot_tell": say("We cannot tell"),
    "not_yet_valid": say("Not valid yet"),
    "expired": say("Expired"),
    "suspended": say("Suspended"),
    "revoked": say("Revoked"),
    "replaced": say("Replaced by a corrected copy"),
    "not_genuine": say("Not genuine"),
    "": say("Not checked yet"),
}
OPENINGS: Mapping[str, Sentence] = {
    "genuine": say("Its issuer signed it and it stands."),
    "issuer_unlisted": say("The signature holds. Who checks it may not know this issuer."),
    "cannot_tell": say("It is kept here. Whether it stands could not be found out; check it again later."),
    "not_yet_valid": say("Its issuer signed it, but it is not valid yet."),
    "expired": say("Its time is over. Ask its issuer for a new one."),
    "suspended": say("Its issuer has suspended it. Ask there why."),
    "revoked": say("Its issuer has revoked it. Ask there why."),
    "replaced": say("Its issuer has replaced it by a corrected copy. Ask there for the new one."),
    "not_genuine": say("It is not what it claims to be."),
    "": say("It was not checked yet."),
}
QUESTIONS: Mapping[str, Sentence] = {
    "form": say("Form"),
    "proof": say("Signature"),
    "dates": say("Dates"),
    "status": say("Status"),
    "schema": say("Shape"),
    "issuer": say("Issuer"),
    "holder": say("Holder"),
}
OUTCOMES: Mapping[str, Sentence] = {
    "passed": say("passed"),
    "failed": say("failed"),
    "unknown": say("not known"),
    "absent": say("not given"),
    "skipped": say("not looked at"),
}
ACTS: Mapping[str, Sentence] = {
    "made": say("You made this wallet"),
    "received": say("You received a record"),
    "replaced": say("A corrected copy took the place of a record"),
    "checked": say("The answer about a record changed"),
    "shared": say("You shared a record"),
    "presented": say("You presented a record"),
    "refused": say("You refused to show a record"),
    "withdrawn": say("You withdrew what you had shared"),
    "erasure asked": say("You asked for something to be erased"),
    "exported": say("You exported your records"),
    "imported": say("You imported records"),
    "backed up": say("You made a backup"),
    "restored": say("You restored this wallet from a backup"),
    "removed": say("You took a record out"),
    "opened to": say("You opened this wallet in another way"),
}
NAMES: Mapping[str, Sentence] = {
    "name": say("Name"),
    "latin name": say("Name in Latin letters"),
    "award": say("Award"),
    "title": say("Title"),
    "description": say("Description"),
    "summary": say("Summary"),
    "criteria": say("Conditions"),
    "kind of award": say("Kind of award"),
    "field": say("Field"),
    "specialization": say("Specialization"),
    "language": say("Language"),
    "result": say("Result"),
    "grade": say("Grade"),
    "number": say("Number"),
    "student number": say("Student number"),
    "awarded": say("Date"),
    "started": say("Beginning"),
    "ended": say("End"),
    "credits": say("Credits"),
    "credits available": say("Credits"),
    "birth date": say("Birth date"),
    "email": say("E-mail address"),
    "picture": say("Picture"),
    "printed page": say("Printed page"),
    "issuer": say("Issuer"),
    "valid from": say("Valid from"),
    "valid until": say("Valid until"),
}
"""What the parts of a record are called; a part of another name has that name in every language."""


@dataclass(frozen=True, slots=True)
class Told:
    """One check as a page shows it; what it says in a sentence is there in English only."""

    outcome: str
    question: Sentence
    answered: Sentence
    detail: str

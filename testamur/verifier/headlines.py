"""What each headline is called on a page, what it means, and what to do next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from testamur.checks import Headline, Outcome
from testamur.words import Sentence, say


@dataclass(frozen=True, slots=True)
class Told:
    """The words of one headline."""

    title: Sentence
    opening: Sentence
    next: Sentence


TOLD: Mapping[Headline, Told] = {
    Headline.GENUINE: Told(
        say("Genuine"),
        say("The issuer signed this, it stands, and the issuer is on the list of this page."),
        say(
            "Compare the name, the award and the date above with the paper, and the name with the person's "
            "identity card. If they agree, you can rely on it."
        ),
    ),
    Headline.ISSUER_UNLISTED: Told(
        say("Genuine, issuer not listed"),
        say("The signature holds, but nobody on the list of this page vouches for the issuer."),
        say(
            "Find out who the issuer is: ask the ministry of education or the issuer itself, at an address "
            "you find on your own."
        ),
    ),
    Headline.CANNOT_TELL: Told(
        say("We cannot tell"),
        say("This could not be decided."),
        say("Do not reject it for this. Try again later; if that does not help, ask the issuer."),
    ),
    Headline.NOT_YET_VALID: Told(
        say("Not valid yet"),
        say("The issuer signed this, but it is not valid yet."),
        say("Wait for the day it becomes valid, or ask the issuer."),
    ),
    Headline.EXPIRED: Told(
        say("Expired"),
        say("The issuer signed this, but it has expired."),
        say("Ask the holder for a renewed one."),
    ),
    Headline.SUSPENDED: Told(
        say("Suspended"),
        say("The issuer signed this and has suspended it."),
        say("Do not rely on it for now; ask the issuer or check again later."),
    ),
    Headline.REVOKED: Told(
        say("Revoked"),
        say("The issuer signed this and has revoked it."),
        say("Do not rely on it. Ask the holder, and the issuer if in doubt."),
    ),
    Headline.REPLACED: Told(
        say("Replaced by a corrected copy"),
        say("The issuer signed this and has replaced it by another."),
        say("Ask the holder for the new copy and check that."),
    ),
    Headline.NOT_GENUINE: Told(
        say("Not genuine"),
        say("Do not rely on this: it is not what it claims to be."),
        say("Ask the issuer, at an address you find on your own and not on the paper."),
    ),
}
OF_ITS_RECORDS = say("This is a presentation by its holder; the answer is that of the records in it.")

QUESTIONS: Mapping[str, Sentence] = {
    "form": say("Form"),
    "proof": say("Signature"),
    "dates": say("Dates"),
    "status": say("Status"),
    "schema": say("Shape"),
    "issuer": say("Issuer"),
    "holder": say("Holder"),
}
OUTCOMES: Mapping[Outcome, Sentence] = {
    Outcome.PASSED: say("passed"),
    Outcome.FAILED: say("failed"),
    Outcome.UNKNOWN: say("not known"),
    Outcome.ABSENT: say("not given"),
    Outcome.SKIPPED: say("not looked at"),
}
IN_GENERAL: Mapping[tuple[str, Outcome], Sentence] = {
    ("form", Outcome.FAILED): say("It is not made as such a record must be"),
    ("form", Outcome.UNKNOWN): say("It could not be found out whether it is well made"),
    ("proof", Outcome.FAILED): say(
        "The signature does not hold, or was not made by the one who is said to have made it"
    ),
    ("proof", Outcome.UNKNOWN): say("The signature could not be checked"),
    ("dates", Outcome.FAILED): say("Its dates contradict one another"),
    ("dates", Outcome.UNKNOWN): say("Its dates could not be checked"),
    ("status", Outcome.FAILED): say("What it says about its status is not well made"),
    ("status", Outcome.UNKNOWN): say("Its status could not be looked up"),
    ("schema", Outcome.FAILED): say("It does not have the shape that such a record must have"),
    ("schema", Outcome.UNKNOWN): say("Its shape could not be checked"),
    ("issuer", Outcome.FAILED): say("Who issued it could not be made out"),
    ("issuer", Outcome.UNKNOWN): say("It could not be found out who vouches for the issuer"),
    ("holder", Outcome.FAILED): say("It was not presented for you, or not by its holder"),
    ("holder", Outcome.UNKNOWN): say("It could not be found out who presented it, and to whom"),
}
"""What a check says in another language where the very sentence is there in English only."""

"""issuer: whether somebody whom the reader trusts vouches for the one who signed."""

from __future__ import annotations

from testamur.checks.answer import Check, Headline, Outcome
from testamur.checks.case import Case
from testamur.words import say


def check_issuer(case: Case) -> Check:
    """Pass if a trust source vouches for the issuer; an issuer nobody lists is unknown, not false."""
    if case.document.is_presentation:
        sentence = say("A presentation has no issuer; each credential in it has its own")
        return Check("issuer", Outcome.ABSENT, sentence)
    vouch = case.vouch
    if vouch is None:
        issuer = case.author or say("The issuer")
        sentence = say("{issuer} is not on any list of issuers you trust", issuer=issuer)
        return Check("issuer", Outcome.UNKNOWN, sentence, headline=Headline.ISSUER_UNLISTED)
    sentence = say("Your list of issuers knows {issuer} as {name}", issuer=case.author, name=vouch.name)
    return Check("issuer", Outcome.PASSED, sentence)

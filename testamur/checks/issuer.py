"""issuer: whether somebody whom the reader trusts vouches for the one who signed."""

from __future__ import annotations

from testamur.checks.answer import Check, Headline, Outcome
from testamur.checks.case import Case
from testamur.trust import Vouch, certified_vouch, first_vouch
from testamur.words import say


def check_issuer(case: Case) -> Check:
    """Pass if a trust source vouches for the issuer; an issuer nobody lists is unknown, not false."""
    if case.document.is_presentation:
        sentence = say("A presentation has no issuer; each credential in it has its own")
        return Check("issuer", Outcome.ABSENT, sentence)
    vouch = find_vouch(case)
    if vouch is None:
        issuer = case.author or say("The issuer")
        sentence = say("{issuer} is not on any list of issuers you trust", issuer=issuer)
        return Check("issuer", Outcome.UNKNOWN, sentence, headline=Headline.ISSUER_UNLISTED)
    sentence = say("Your list of issuers knows {issuer} as {name}", issuer=case.author, name=vouch.name)
    return Check("issuer", Outcome.PASSED, sentence)


def find_vouch(case: Case) -> Vouch | None:
    """The word of the first source that vouches for the issuer, for the day the record was signed."""
    at = case.signed_at or case.at
    vouch = first_vouch(case.trust, case.author, types=case.types, at=at)
    if vouch is not None:
        return vouch
    for name in case.resolver.other_names(case.author):
        if (known := first_vouch(case.trust, name, types=case.types, at=at)) is not None:
            return known
    certifying = [each.method.authority for each in case.signatures if each.holds and each.method]
    vouches = [
        certified_vouch(case.trust, name, case.author, types=case.types, at=case.signed_at or case.at)
        for name in certifying
        if name
    ]
    return next((vouch for vouch in vouches if vouch is not None), None)

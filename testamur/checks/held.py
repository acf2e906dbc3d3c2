"""What a learner record says without signing it apart, and what speaks against taking a record as an answer."""

from __future__ import annotations

from collections.abc import Sequence

from testamur.checks.answer import Check, Outcome
from testamur.checks.case import Case, identifier
from testamur.credentials import held_by, is_about_learner, is_signed_apart, mixed_thing
from testamur.jsontext import Json

MAX_HELD = 400
"""Credentials in one record that are looked at; more is a doubt about all of it."""

MAX_ISSUERS = 32
"""Issuers whose keys and lists are fetched for one record."""

_CLAUSE = "CLR §B.2"


def said_checks(case: Case, around: Sequence[Check], own: Sequence[Check]) -> tuple[Check, ...]:
    """The checks of what the record's own issuer says in it: it stands and falls with the record around it.

    A statement about the award of somebody else, whom no signature here binds, is undecided.
    """
    by_name = {check.name: check for check in around} | {check.name: check for check in own}
    if not is_own_word(case):
        says = identifier(case.claims.get("issuer")) or "somebody"
        sentence = f"It has no signature of its own; nothing here shows that {says} awarded it"
        by_name["proof"] = Check("proof", Outcome.UNKNOWN, sentence, clause=_CLAUSE)
        by_name["issuer"] = Check(
            "issuer", Outcome.SKIPPED, "Not looked at, since the issuer did not sign it"
        )
    elif by_name["proof"].outcome is Outcome.PASSED:
        sentence = "Said by the issuer in the signed record around it, without a signature of its own"
        by_name["proof"] = Check("proof", Outcome.PASSED, sentence, clause=_CLAUSE)
    return tuple(by_name[check.name] for check in around)


def is_own_word(case: Case) -> bool:
    """Whether what a record holds is by the record's own issuer (``case`` has the record as ``around``)."""
    return case.around is not None and case.author == identifier(case.around.get("issuer"))


def record_doubts(case: Case) -> tuple[str, ...]:
    """Why the credentials in a record may not belong together, a sentence each."""
    held = held_by(case.claims)
    found = list(_count_doubts(held))
    for number, item in enumerate(held[:MAX_HELD], 1):
        if isinstance(item, dict) and "credentialSubject" in item:
            same = is_about_learner(item, case.claims)
            if same is False:
                found.append(f"credential {number} in it is about somebody else")
            elif same is None:
                found.append(f"it cannot be told whether credential {number} in it is about the same person")
    if not _text_was_signed(case) and (name := mixed_thing(case.claims)):
        found.append(
            f"it describes {name:.80} in several ways, and the signature does not say which belongs where"
        )
    return tuple(found[:12])


def _count_doubts(held: Sequence[Json]) -> list[str]:
    found = []
    if len(held) > MAX_HELD:
        found.append(f"it holds {len(held)} credentials; no more than {MAX_HELD} were looked at")
    issuers = {
        identifier(item.get("issuer")) for item in held if isinstance(item, dict) and is_signed_apart(item)
    }
    if len(issuers) > MAX_ISSUERS:
        found.append(
            f"it holds credentials of {len(issuers)} issuers; more than {MAX_ISSUERS} are not looked up"
        )
    return found


def _text_was_signed(case: Case) -> bool:
    """Whether a signature that holds covers the JSON text, and with it the place of everything."""
    return any(
        signature.holds
        and "rdfc" not in signature.algorithm
        and not signature.algorithm.startswith("Ed25519Sig")
        for signature in case.signatures
    )

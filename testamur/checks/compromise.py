"""A key reported as compromised can back-date: only what its owner lists as signed by then is believed."""

from __future__ import annotations

from hashlib import sha256

from testamur.checks.case import Case
from testamur.checks.fetching import fetch_evidence
from testamur.did import DIGESTS_SERVICE
from testamur.encoding import signed_text
from testamur.errors import EvidenceUnusable, TestamurError, Undecided
from testamur.keys import VerificationMethod
from testamur.trust import DigestList, digests_location, first_vouch, open_digest_list
from testamur.words import because, say

MAX_DIGESTS = 64_000_000
_MAX_STATEMENT = 16_000
_ACCEPT = "application/octet-stream, application/jwt, text/plain"
_CLAUSE = "CID §2.2, revoked"
_NOT_AMONG = (
    "the key that signed it was reported as compromised on {day}, and it is not among the records its owner "
    "signed before"
)
_NOT_AT_HAND = (
    "the key that signed it was reported as compromised on {day}, and the list of what its owner signed "
    "before is not at hand"
)


def doubt_about(case: Case, method: VerificationMethod) -> Undecided | None:
    """Why a signature by this key is not believed; None where the key is sound or the form is listed."""
    if method.revoked is None:
        return None
    try:
        listed = _digests(case).contains(sha256(signed_text(case.document.text).encode()).digest())
    except EvidenceUnusable as error:
        return EvidenceUnusable(because(say(_NOT_AT_HAND, day=method.revoked), error.message), clause=_CLAUSE)
    if listed:
        return None
    return EvidenceUnusable(say(_NOT_AMONG, day=method.revoked), clause=_CLAUSE)


def _digests(case: Case) -> DigestList:
    found = case.memory.get(("digests", case.author, case.at), lambda: _open_or_say_why(case))
    if not isinstance(found, DigestList):
        raise EvidenceUnusable(found)
    return found


def _open_or_say_why(case: Case) -> DigestList | str:
    try:
        url = _address(case)
        token = fetch_evidence(case, url, _ACCEPT, _MAX_STATEMENT).decode("utf-8", "replace").strip()
        find_key, issuer, at = case.resolver.method, case.author, case.at
        place = digests_location(token, find_key, issuer=issuer, at=at)
        raw = fetch_evidence(case, place, _ACCEPT, MAX_DIGESTS)
        return open_digest_list(token, raw, find_key, issuer=issuer, at=at)
    except TestamurError as error:
        return error.message


def _address(case: Case) -> str:
    """Where the trust list says the signed digests are, else where the issuer's own document says it."""
    vouch = first_vouch(case.trust, case.author, types=case.types, at=case.signed_at)
    url = vouch.digests if vouch else ""
    url = url or case.resolver.resolve(case.author).document.service_endpoint(DIGESTS_SERVICE)
    if not url:
        raise EvidenceUnusable(say("its owner publishes no list of what was signed before"))
    return url

"""Evidence that is fetched: status lists, verified like credentials but without a status of their own."""

from __future__ import annotations

from dataclasses import replace

from testamur.checks.answer import Outcome
from testamur.checks.case import Case
from testamur.checks.fetching import fetch_evidence
from testamur.checks.form import check_form
from testamur.checks.proof import check_proof
from testamur.credentials import StatusEntry
from testamur.errors import EvidenceUnusable, Malformed, TestamurError
from testamur.jsontext import Json
from testamur.proofs import decode, open_document
from testamur.status import STATUS_METHODS, UNUSABLE, NoticeList, noticed_url, notices_url, open_notices
from testamur.words import because, say

MAX_LIST = 24_000_000
_NOTICES = "application/jwt, text/plain"


def open_list(case: Case, entry: StatusEntry) -> Json:
    """The claims of the list an entry names, signed by the same issuer; raises EvidenceUnusable."""
    key = ("list", entry.list_url, entry.type, case.author, case.at)
    found = case.memory.get(key, lambda: _open_list(case, entry))
    if not isinstance(found, dict):
        raise EvidenceUnusable(found, clause="BSL §3.2")
    return found


def open_notice_list(case: Case, entry: StatusEntry) -> NoticeList:
    """The list that says why bits are set; raises EvidenceUnusable."""
    listed = noticed_url(entry.list_url)
    token = fetch_evidence(case, notices_url(listed), _NOTICES, MAX_LIST).decode("utf-8", "replace").strip()
    return open_notices(token, case.resolver.method, list_url=listed, issuer=case.author, at=case.at)


def _open_list(case: Case, entry: StatusEntry) -> Json | str:
    """The claims; or why there are none, so that five hundred records cause one request."""
    try:
        method = STATUS_METHODS[entry.type]
        body = fetch_evidence(case, entry.list_url, method.accept, MAX_LIST)
        if method.open is None:
            return _verified(case, body)
        return method.open(body, entry, case.resolver.method, case.author)
    except EvidenceUnusable as error:
        return error.message
    except TestamurError as error:
        return because(say(UNUSABLE), error.message)


def _verified(case: Case, body: bytes) -> Json:
    document = decode(body)
    inner = replace(
        case, document=document, opened=open_document(document, case.resolver.method), is_evidence=True
    )
    if inner.author != case.author:
        raise Malformed("issuer", f"the list is by {inner.author!r:.80}, not by the issuer of the record")
    for check in (check_form(inner), check_proof(inner)):
        if check.outcome is not Outcome.PASSED:
            raise EvidenceUnusable(because(say(UNUSABLE), check.sentence))
    return inner.claims

"""Resolving a did:webvh: its log is fetched and checked as a whole, with what witnesses say of it."""

from __future__ import annotations

from datetime import datetime

from testamur.did.document import DidDocument
from testamur.did.resolution import Resolution
from testamur.did.syntax import INVALID_DID, NO_FEATURE, NOT_FOUND
from testamur.did.webvh.address import log_url, witness_url
from testamur.did.webvh.history import MAX_LOG, History, read_log
from testamur.did.webvh.witnessing import MAX_WITNESS_FILE, check_witnessed, needs_witnesses
from testamur.errors import EvidenceUnusable, Malformed, Refused, Unsupported
from testamur.fetch import Fetched, Fetching

_LOG = "text/jsonl, application/jsonl, text/plain, application/json"


def resolve_webvh(did: str, fetch: Fetching) -> Resolution:
    """Return the newest document and all before it; raises EvidenceUnusable where the log is broken anywhere.

    Malformed is raised for a DID that no log could have (did:webvh, Read).
    """
    fetched = _get(fetch, log_url(did), _LOG, MAX_LOG)
    try:
        history = read_log(fetched.body, did, fetched.at)
        if needs_witnesses(history):
            check_witnessed(history, _get(fetch, witness_url(did), "application/json", MAX_WITNESS_FILE).body)
    except (Malformed, Refused, Unsupported) as error:
        raise EvidenceUnusable(
            f"the history of {did:.120} is not usable: {error}", clause=error.clause, problem=INVALID_DID
        ) from None
    return resolution_of(history, fetched)


def resolution_of(history: History, fetched: Fetched) -> Resolution:
    """Return the newest version of a checked history as a resolution."""
    newest = history.newest
    document = DidDocument.parse(newest.document, fetched=fetched.at)
    return Resolution(document, "fetched", fetched.at, history, newest)


def at_version(
    found: Resolution, version_id: str, version_number: int | None, version_time: datetime | None
) -> Resolution:
    """Return the version that all given options ask for; raises EvidenceUnusable, Unsupported (did:webvh, Read).

    A document made from the DID itself was the same at any time.
    """
    history = found.history
    if found.source == "derived" and not version_id and version_number is None:
        return found
    if history is None:
        raise Unsupported(
            f"{found.document.id:.120} keeps no older versions",
            clause="DID Resolution §4.1",
            problem=NO_FEATURE,
        )
    asked = [history.identified(version_id)] if version_id else []
    asked += [history.numbered(version_number)] if version_number is not None else []
    asked += [history.in_force(version_time)] if version_time is not None else []
    version = asked[0]
    if version is None or any(other is not version for other in asked):
        raise EvidenceUnusable(
            f"{found.document.id:.120} has no such version", clause="did:webvh, Read", problem=NOT_FOUND
        )
    document = DidDocument.parse(version.document, fetched=found.at)
    return Resolution(document, found.source, found.at, history, version)


def _get(fetch: Fetching, url: str, accept: str, max_bytes: int) -> Fetched:
    try:
        return fetch.get(url, accept=accept, max_bytes=max_bytes)
    except EvidenceUnusable as error:
        raise EvidenceUnusable(str(error), clause=error.clause, problem=error.problem or NOT_FOUND) from None

"""did:web: the document lies at an https address that the DID spells out."""

from __future__ import annotations

from testamur.did.document import MAX_DOCUMENT, DidDocument
from testamur.did.resolution import Resolution
from testamur.did.syntax import INVALID_DID_DOCUMENT, INVALID_DOCUMENT_ID, NOT_FOUND
from testamur.did.web_address import did_web_url
from testamur.errors import EvidenceUnusable, Malformed
from testamur.fetch import Fetching

ACCEPT = "application/did, application/did+json, application/did+ld+json, application/json"


def resolve_web(did: str, fetch: Fetching) -> Resolution:
    """Fetch the document of a did:web; its id must be the DID (did:web §2.5.2)."""
    url = did_web_url(did)
    try:
        fetched = fetch.get(url, accept=ACCEPT, max_bytes=MAX_DOCUMENT)
    except EvidenceUnusable as error:
        raise EvidenceUnusable(str(error), clause=error.clause, problem=error.problem or NOT_FOUND) from None
    try:
        document = DidDocument.parse(fetched.body, fetched=fetched.at)
    except Malformed as error:
        raise EvidenceUnusable(
            f"the DID document of {did:.80} is not usable: {error}", problem=INVALID_DID_DOCUMENT
        ) from None
    if document.id != did:
        raise EvidenceUnusable(
            f"the document found for {did:.80} is that of {document.id:.80}",
            clause="CID §3.3",
            problem=INVALID_DOCUMENT_ID,
        )
    return Resolution(document, "fetched", fetched.at)

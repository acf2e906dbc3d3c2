"""The syntax of DIDs and DID URLs (DID §3), and the problem types of resolution (DID Resolution §10)."""

from __future__ import annotations

import re

from testamur.errors import Malformed

INVALID_DID = "https://www.w3.org/ns/did#INVALID_DID"
INVALID_DID_DOCUMENT = "https://www.w3.org/ns/did#INVALID_DID_DOCUMENT"
INVALID_DID_URL = "https://www.w3.org/ns/did#INVALID_DID_URL"
NOT_FOUND = "https://www.w3.org/ns/did#NOT_FOUND"
NO_FEATURE = "https://www.w3.org/ns/did#FEATURE_NOT_SUPPORTED"
METHOD_NOT_SUPPORTED = "https://www.w3.org/ns/did#METHOD_NOT_SUPPORTED"
NO_REPRESENTATION = "https://www.w3.org/ns/did#REPRESENTATION_NOT_SUPPORTED"
INVALID_OPTIONS = "https://www.w3.org/ns/did#INVALID_OPTIONS"
PROBLEMS = frozenset(
    (
        INVALID_DID,
        INVALID_DID_DOCUMENT,
        INVALID_DID_URL,
        INVALID_OPTIONS,
        METHOD_NOT_SUPPORTED,
        NOT_FOUND,
        NO_FEATURE,
        NO_REPRESENTATION,
    )
)
"""The problem types of DID Resolution that are told as they are."""

INVALID_METHOD_URL = "https://w3id.org/security#INVALID_VERIFICATION_METHOD_URL"
INVALID_DOCUMENT = "https://w3id.org/security#INVALID_CONTROLLED_IDENTIFIER_DOCUMENT"
INVALID_DOCUMENT_ID = "https://w3id.org/security#INVALID_CONTROLLED_IDENTIFIER_DOCUMENT_ID"
INVALID_METHOD = "https://w3id.org/security#INVALID_VERIFICATION_METHOD"
INVALID_RELATIONSHIP = "https://w3id.org/security#INVALID_RELATIONSHIP_FOR_VERIFICATION_METHOD"

MAX_URL = 4096
_DID = re.compile(
    r"did:[a-z0-9]+:(?:(?:[A-Za-z0-9._-]|%[0-9A-Fa-f]{2})*:)*(?:[A-Za-z0-9._-]|%[0-9A-Fa-f]{2})+"
)
_PATH_QUERY_FRAGMENT = re.compile(r"[!$&-;=?-Z_a-z~%#]*")


def is_did(text: str) -> bool:
    """Whether a text is a DID: no path, query or fragment."""
    return len(text) <= MAX_URL and _DID.fullmatch(text) is not None


def check_did(text: str) -> str:
    """Return the DID; raises Malformed if the text is none (DID §3.1)."""
    if not is_did(text):
        raise Malformed("", f"{text!r:.80} is not a DID", clause="DID §3.1", problem=INVALID_DID)
    return text


def did_method(did: str) -> str:
    """Return the name of its method ("web")."""
    return did.split(":", 2)[1]


def split_method_url(url: str) -> tuple[str, str]:
    """Return the document a verification method is in and its fragment; raises Malformed (CID §3.3)."""
    document, mark, fragment = url.partition("#")
    syntax = len(url) <= MAX_URL and _PATH_QUERY_FRAGMENT.fullmatch(url) is not None
    if not (syntax and mark and fragment) or "#" in fragment or not is_controller(document):
        raise Malformed(
            "verificationMethod",
            f"{url!r:.80} is not the address of a verification method",
            clause="CID §3.3",
            problem=INVALID_METHOD_URL,
        )
    return document, fragment


def is_controller(text: str) -> bool:
    """Whether a text can name a controlled identifier document: a DID or an https URL."""
    return is_did(text) or (
        text.startswith("https://")
        and 8 < len(text) <= MAX_URL
        and "#" not in text
        and _PATH_QUERY_FRAGMENT.fullmatch(text) is not None
    )


def did_of(url: str) -> str:
    """Return the controller a DID URL or an https key URL belongs to; raises Malformed for other texts."""
    if url.startswith("https://"):
        controller = url.partition("#")[0]
        if is_controller(controller):
            return controller
    return check_did(re.split(r"[/?#]", url, maxsplit=1)[0])

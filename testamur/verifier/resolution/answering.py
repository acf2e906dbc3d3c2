"""Answers of the resolver: results, documents alone, and errors with their status (DID Resolution §10, §12)."""

from __future__ import annotations

from dataclasses import dataclass, field

from testamur.did import (
    INVALID_DID,
    INVALID_DID_DOCUMENT,
    METHOD_NOT_SUPPORTED,
    NO_FEATURE,
    NO_REPRESENTATION,
    NOT_FOUND,
    PROBLEMS,
    Resolution,
)
from testamur.errors import EvidenceUnusable, Malformed, TestamurError, Unsupported
from testamur.jsontext import Json, write_json
from testamur.verifier.resolution.asking import DEREFERENCED, LEGACY, RESULT

INTERNAL_ERROR = "https://www.w3.org/ns/did#INTERNAL_ERROR"
_STATUS = {
    NOT_FOUND: 404,
    NO_REPRESENTATION: 406,
    INVALID_DID_DOCUMENT: 500,
    INTERNAL_ERROR: 500,
    METHOD_NOT_SUPPORTED: 501,
    NO_FEATURE: 501,
}
_LEGACY_NAMES = {INVALID_DID_DOCUMENT: "invalidDidDocument", NO_FEATURE: "methodNotSupported"}


@dataclass(frozen=True, slots=True)
class Answer:
    """A response: status, media type, text and further headers."""

    status: int
    media_type: str
    text: str
    headers: dict[str, str] = field(default_factory=dict)


def answer_document(found: Resolution, form: str, document: Json) -> Answer:
    """Return a resolution in the form that was asked for; 410 for a DID that was given up."""
    status = 410 if found.deactivated else 200
    if found.deactivated or form in (RESULT, LEGACY):
        legacy = form == LEGACY
        metadata = found.metadata | ({"contentType": "application/did+ld+json"} if legacy else {})
        result = {
            "didDocument": None if found.deactivated else document,
            "didResolutionMetadata": metadata,
            "didDocumentMetadata": found.document_metadata,
        }
        return Answer(status, form if form in (RESULT, LEGACY) else RESULT, write_json(result))
    return Answer(status, form, write_json(document))


def answer_part(content: Json, form: str) -> Answer:
    """Return a part of a document: alone, or in a dereferencing result (DID Resolution §5)."""
    if form != DEREFERENCED:
        return Answer(200, form, write_json(content))
    result = {
        "content": content,
        "contentStream": content,
        "dereferencingMetadata": {"contentType": "application/did"},
        "contentMetadata": {},
    }
    return Answer(200, form, write_json(result))


def answer_place(url: str) -> Answer:
    """Return the redirection to a service, with nothing in its body (DID Resolution §12.1)."""
    return Answer(303, "text/uri-list", "", {"Location": url})


def answer_error(error: TestamurError, form: str) -> Answer:
    """Return an error as the form has it: an object (RFC 9457), or a word where the older profile was asked for."""
    problem = _problem(error)
    status, name = _STATUS.get(problem, 400), problem.rpartition("#")[2]
    if form == LEGACY:
        told = {"error": _legacy_name(problem), "message": str(error)}
        return Answer(status, LEGACY, write_json(_failed(told)))
    told_now = {
        "type": problem,
        "title": name.replace("_", " ").lower(),
        "detail": str(error),
        "status": status,
    }
    if form == DEREFERENCED:
        result = {
            "content": None,
            "contentStream": None,
            "dereferencingMetadata": {"error": told_now},
            "contentMetadata": {},
        }
        return Answer(status, form, write_json(result))
    return Answer(status, RESULT, write_json(_failed({"error": told_now})))


def _failed(metadata: Json) -> Json:
    return {"didDocument": None, "didResolutionMetadata": metadata, "didDocumentMetadata": {}}


def _problem(error: TestamurError) -> str:
    """The problem type of DID Resolution that an error of ours comes to."""
    if error.problem in PROBLEMS:
        return error.problem
    if isinstance(error, Unsupported):
        return NO_FEATURE
    if isinstance(error, Malformed):
        return INVALID_DID
    return INVALID_DID_DOCUMENT if isinstance(error, EvidenceUnusable) else INTERNAL_ERROR


def _legacy_name(problem: str) -> str:
    first, *rest = problem.rpartition("#")[2].lower().split("_")
    return _LEGACY_NAMES.get(problem) or first + "".join(word.capitalize() for word in rest)

"""What the OpenAPI document says of ``POST /verify``."""

from __future__ import annotations

from typing import Any

_TEXT = {"type": "string"}
_CHECK = {
    "type": "object",
    "required": ["name", "outcome", "sentence"],
    "properties": {
        "name": {"enum": ["form", "proof", "dates", "status", "schema", "issuer", "holder"]},
        "outcome": {"enum": ["passed", "failed", "unknown", "absent", "skipped"]},
        "sentence": _TEXT,
        "problem": _TEXT,
        "clause": _TEXT,
    },
}
_VERDICT = {"enum": ["accepted", "undecided", "rejected"]}
_HEADLINE = {
    "enum": [
        "genuine", "issuer_unlisted", "cannot_tell", "not_yet_valid", "expired", "suspended", "revoked",
        "replaced", "not_genuine",
    ]
}  # fmt: skip
_REPORT = {
    "type": "object",
    "required": ["source", "verdict", "headline", "checks", "credential", "format", "facts"],
    "properties": {
        "source": _TEXT,
        "verdict": _VERDICT,
        "headline": _HEADLINE,
        "checks": {"type": "array", "items": _CHECK},
        "credential": {"type": "object"},
        "format": _TEXT,
        "facts": {"type": "object", "additionalProperties": _TEXT},
        "listed_as": _TEXT,
        "doubts": {"type": "array", "items": _TEXT},
        "credentials": {"type": "array", "items": {"type": "object"}},
    },
}
_FILE = {
    "type": "object",
    "required": ["name", "reports"],
    "properties": {
        "name": _TEXT,
        "sha256": _TEXT,
        "reports": {"type": "array", "items": _REPORT},
        "notes": {"type": "array", "items": _TEXT},
        "error": _TEXT,
    },
}
_ANSWER = {
    "type": "object",
    "required": ["verdict", "headline", "checked_at", "files"],
    "properties": {
        "verdict": _VERDICT,
        "headline": _HEADLINE,
        "checked_at": {"type": "string", "format": "date-time"},
        "files": {"type": "array", "items": _FILE},
    },
}
_PROBLEM = {
    "type": "object",
    "required": ["title", "status", "detail"],
    "properties": {"title": _TEXT, "status": {"type": "integer"}, "detail": _TEXT},
}
_FORM = {
    "type": "object",
    "properties": {
        "file": {"type": "array", "items": {"type": "string", "format": "binary"}},
        "text": {"type": "array", "items": _TEXT},
    },
}
_SOURCES = {
    "type": "object",
    "description": "A credential or presentation as it is, or texts to check under `sources`: tokens, paper "
    "codes, JSON, https addresses.",
    "properties": {"sources": {"type": "array", "items": _TEXT}},
}
_BYTES = {"schema": {"type": "string", "format": "binary"}}


def _refused(description: str) -> dict[str, Any]:
    return {"description": description, "content": {"application/problem+json": {"schema": _PROBLEM}}}


VERIFY: dict[str, Any] = {
    "summary": "Check records in files, texts and addresses",
    "description": "The body is the document itself, of whatever kind; or a form with files and texts; or a "
    "JSON object with `sources`. Each report is the one of `testamur verify --json`. With "
    "`Accept: application/jsonl` each file is answered as soon as it was looked at, a line each.",
    "openapi_extra": {
        "requestBody": {
            "required": True,
            "content": {
                "multipart/form-data": {"schema": _FORM},
                "application/json": {"schema": _SOURCES},
                "application/vc": _BYTES,
                "application/vc+jwt": _BYTES,
                "application/pdf": _BYTES,
                "image/*": _BYTES,
            },
        }
    },
    "responses": {
        "200": {
            "description": "The answers; whether a record is accepted is in `verdict`, not in the status.",
            "content": {"application/json": {"schema": _ANSWER}, "application/jsonl": {"schema": _FILE}},
        },
        "400": _refused("The request is no form that can be read."),
        "408": _refused("The body took too long to arrive."),
        "413": _refused("The body is too large."),
        "422": _refused("There was no record in what was sent; `files` says why."),
        "429": _refused("Too many requests; `Retry-After` says how many seconds to wait."),
    },
}

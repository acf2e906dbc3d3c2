"""Controllers of keys: DID and controlled identifier documents, and how they are found."""

from testamur.did.document import RELATIONSHIPS, DidDocument
from testamur.did.jwt_vc_issuer import WELL_KNOWN, issuer_metadata, metadata_url
from testamur.did.publishing import DIGESTS_SERVICE, TRUST_SERVICE, web_document
from testamur.did.resolution import DidMethod, Resolution
from testamur.did.resolver import METHODS, Resolver
from testamur.did.statement import Statement, open_statement, sign_statement
from testamur.did.syntax import (
    INVALID_DID,
    INVALID_DID_DOCUMENT,
    INVALID_DID_URL,
    INVALID_OPTIONS,
    METHOD_NOT_SUPPORTED,
    NO_FEATURE,
    NO_REPRESENTATION,
    NOT_FOUND,
    PROBLEMS,
    check_did,
    did_of,
    is_controller,
    is_did,
)
from testamur.did.web_address import did_web_from_url, did_web_url
from testamur.did.webvh.address import log_url, parallel_web, witness_url
from testamur.did.webvh.history import History, Version, read_log

__all__ = [
    "DIGESTS_SERVICE",
    "INVALID_DID",
    "INVALID_DID_DOCUMENT",
    "INVALID_DID_URL",
    "INVALID_OPTIONS",
    "METHODS",
    "METHOD_NOT_SUPPORTED",
    "NOT_FOUND",
    "NO_FEATURE",
    "NO_REPRESENTATION",
    "PROBLEMS",
    "RELATIONSHIPS",
    "TRUST_SERVICE",
    "WELL_KNOWN",
    "DidDocument",
    "DidMethod",
    "History",
    "Resolution",
    "Resolver",
    "Statement",
    "Version",
    "check_did",
    "did_of",
    "did_web_from_url",
    "did_web_url",
    "is_controller",
    "is_did",
    "issuer_metadata",
    "log_url",
    "metadata_url",
    "open_statement",
    "parallel_web",
    "read_log",
    "sign_statement",
    "web_document",
    "witness_url",
]

"""Controllers of keys: DID and controlled identifier documents, and how they are found."""

from testamur.did.document import RELATIONSHIPS, DidDocument
from testamur.did.jwk import jwk_did
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
from testamur.did.webvh.history import MAX_LOG, History, Version, read_log
from testamur.did.webvh.proving import prove
from testamur.did.webvh.witnessing import approvals, read_witness_file, witnessed_part
from testamur.did.webvh.writing import begin_log, continue_log, may_sign, parallel_document, unnamed

__all__ = [
    "DIGESTS_SERVICE",
    "INVALID_DID",
    "INVALID_DID_DOCUMENT",
    "INVALID_DID_URL",
    "INVALID_OPTIONS",
    "MAX_LOG",
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
    "approvals",
    "begin_log",
    "check_did",
    "continue_log",
    "did_of",
    "did_web_from_url",
    "did_web_url",
    "is_controller",
    "is_did",
    "issuer_metadata",
    "jwk_did",
    "log_url",
    "may_sign",
    "metadata_url",
    "open_statement",
    "parallel_document",
    "parallel_web",
    "prove",
    "read_log",
    "read_witness_file",
    "sign_statement",
    "unnamed",
    "web_document",
    "witness_url",
    "witnessed_part",
]

"""Controllers of keys: DID and controlled identifier documents, and how they are found."""

from testamur.did.document import RELATIONSHIPS, DidDocument
from testamur.did.publishing import DIGESTS_SERVICE, TRUST_SERVICE, web_document
from testamur.did.resolution import DidMethod, Resolution
from testamur.did.resolver import METHODS, Resolver
from testamur.did.statement import Statement, open_statement, sign_statement
from testamur.did.syntax import check_did, did_of, is_controller
from testamur.did.web_address import did_web_from_url, did_web_url
from testamur.did.webvh.address import log_url, parallel_web, witness_url
from testamur.did.webvh.history import History, Version, read_log

__all__ = [
    "DIGESTS_SERVICE",
    "METHODS",
    "RELATIONSHIPS",
    "TRUST_SERVICE",
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
    "log_url",
    "open_statement",
    "parallel_web",
    "read_log",
    "sign_statement",
    "web_document",
    "witness_url",
]

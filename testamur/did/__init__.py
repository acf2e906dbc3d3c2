"""Controllers of keys: DID and controlled identifier documents, and how they are found."""

from testamur.did.document import RELATIONSHIPS, DidDocument
from testamur.did.publishing import DIGESTS_SERVICE, TRUST_SERVICE, web_document
from testamur.did.resolution import DidMethod, Resolution
from testamur.did.resolver import METHODS, Resolver
from testamur.did.statement import Statement, open_statement, sign_statement
from testamur.did.syntax import check_did, did_of, is_controller
from testamur.did.web import did_web_from_url, did_web_url

__all__ = [
    "DIGESTS_SERVICE",
    "METHODS",
    "RELATIONSHIPS",
    "TRUST_SERVICE",
    "DidDocument",
    "DidMethod",
    "Resolution",
    "Resolver",
    "Statement",
    "check_did",
    "did_of",
    "did_web_from_url",
    "did_web_url",
    "is_controller",
    "open_statement",
    "sign_statement",
    "web_document",
]

"""How credentials and presentations are secured: Data Integrity and JOSE."""

from testamur.proofs.data_integrity import DataIntegrity
from testamur.proofs.decoding import decode, presented
from testamur.proofs.formats import FORMATS, open_document
from testamur.proofs.jws import Jws, parse_jws, sign_jws, verify_jws
from testamur.proofs.stamps import ProofStamp, TokenStamp
from testamur.proofs.suite import HashSuite
from testamur.proofs.suites import CONFORMANCE_SUITES, SUITES, suite_for, with_contexts
from testamur.proofs.values import FindKey, Format, Opened, SecuredDocument, Signature
from testamur.proofs.vc_jwt import VcJwt, VpJwt, is_extract

__all__ = [
    "CONFORMANCE_SUITES",
    "FORMATS",
    "SUITES",
    "DataIntegrity",
    "FindKey",
    "Format",
    "HashSuite",
    "Jws",
    "Opened",
    "ProofStamp",
    "SecuredDocument",
    "Signature",
    "TokenStamp",
    "VcJwt",
    "VpJwt",
    "decode",
    "is_extract",
    "open_document",
    "parse_jws",
    "presented",
    "sign_jws",
    "suite_for",
    "verify_jws",
    "with_contexts",
]

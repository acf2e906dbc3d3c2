"""How credentials and presentations are secured: Data Integrity, JOSE, SD-JWT and COSE."""

from testamur.proofs.choosing import choices, choose
from testamur.proofs.concealing import conceal, parse_path
from testamur.proofs.cose import parse_cose, sign_cose
from testamur.proofs.data_integrity import DataIntegrity
from testamur.proofs.decoding import decode, embedded, presented
from testamur.proofs.deriving import DERIVATIONS, Derivation, SelectiveDerivation, derivation_of
from testamur.proofs.disclosing import Revealed, reveal
from testamur.proofs.enveloped import envelope, is_envelope
from testamur.proofs.formats import FORMATS, open_document
from testamur.proofs.further import base_format
from testamur.proofs.jws import Jws, parse_jws, sign_jws, verify_jws
from testamur.proofs.key_binding import bind, confirmed_key
from testamur.proofs.proof import check_proof_shape
from testamur.proofs.sd_jwt import SdJwt, digest_text, hash_of, parse_sd_jwt
from testamur.proofs.sd_jwt_vc import FindCertified, SdJwtVc
from testamur.proofs.selective import Choose, SelectiveSuite
from testamur.proofs.stamps import ProofSetStamp, ProofStamp, TokenStamp
from testamur.proofs.suite import HashSuite, Suite
from testamur.proofs.suites import CONFORMANCE_SUITES, SECOND_PROOFS, SUITES, suite_for, with_contexts
from testamur.proofs.token import media_name
from testamur.proofs.values import PRESENTATIONS, FindKey, Format, Opened, Path, SecuredDocument, Signature
from testamur.proofs.vc_cose import VcCose, VpCose
from testamur.proofs.vc_jwt import VcJwt, VpJwt, is_extract
from testamur.proofs.vc_sd_jwt import VcSdJwt, VpSdJwt

__all__ = [
    "CONFORMANCE_SUITES",
    "DERIVATIONS",
    "FORMATS",
    "PRESENTATIONS",
    "SECOND_PROOFS",
    "SUITES",
    "Choose",
    "DataIntegrity",
    "Derivation",
    "FindCertified",
    "FindKey",
    "Format",
    "HashSuite",
    "Jws",
    "Opened",
    "Path",
    "ProofSetStamp",
    "ProofStamp",
    "Revealed",
    "SdJwt",
    "SdJwtVc",
    "SecuredDocument",
    "SelectiveDerivation",
    "SelectiveSuite",
    "Signature",
    "Suite",
    "TokenStamp",
    "VcCose",
    "VcJwt",
    "VcSdJwt",
    "VpCose",
    "VpJwt",
    "VpSdJwt",
    "base_format",
    "bind",
    "check_proof_shape",
    "choices",
    "choose",
    "conceal",
    "confirmed_key",
    "decode",
    "derivation_of",
    "digest_text",
    "embedded",
    "envelope",
    "hash_of",
    "is_envelope",
    "is_extract",
    "media_name",
    "open_document",
    "parse_cose",
    "parse_jws",
    "parse_path",
    "parse_sd_jwt",
    "presented",
    "reveal",
    "sign_cose",
    "sign_jws",
    "suite_for",
    "verify_jws",
    "with_contexts",
]

"""The table of cryptosuites. A smaller table is an allow-list, a larger one an extension."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache, partial
from typing import Any

from testamur.canonical import jcs
from testamur.contexts import ContextSet
from testamur.errors import Unsupported
from testamur.jsontext import Json
from testamur.keys import PublicKey
from testamur.proofs.bbs_2023 import Bbs2023
from testamur.proofs.ecdsa_sd import EcdsaSd
from testamur.proofs.selective import SelectiveSuite
from testamur.proofs.suite import Canonize, HashSuite, Suite

_ED25519 = {"Ed25519": "sha256"}
_ML_DSA_44 = {"ML-DSA-44": "sha256"}  # DI Quantum-Safe §3.1
_NIST = {"P-256": "sha256", "P-384": "sha384"}  # the curve is the key's, not the proof's


def _rdfc(document: Json, hash_name: str, text: str = "", *, plain: bool = True, **options: Any) -> bytes:
    return _canonize()(document, digest=hash_name, plain=plain, text=text, **options)


@cache
def _canonize() -> Callable[..., bytes]:
    from testamur.jsonld import canonize

    return canonize


def _jcs(document: Json, hash_name: str, text: str = "") -> bytes:
    return jcs(document)


EDDSA_RDFC_2022 = HashSuite("eddsa-rdfc-2022", _rdfc, _ED25519)
EDDSA_JCS_2022 = HashSuite("eddsa-jcs-2022", _jcs, _ED25519, signs_statements=False, keeps_context=True)
ECDSA_RDFC_2019 = HashSuite("ecdsa-rdfc-2019", _rdfc, _NIST)
ECDSA_JCS_2019 = HashSuite("ecdsa-jcs-2019", _jcs, _NIST, signs_statements=False, keeps_context=True)
ED25519_SIGNATURE_2020 = HashSuite(
    "Ed25519Signature2020", _rdfc, _ED25519, proof_type="Ed25519Signature2020", retired=True
)
MLDSA44_RDFC_2024 = HashSuite("mldsa44-rdfc-2024", _rdfc, _ML_DSA_44, base="u")
MLDSA44_JCS_2024 = HashSuite("mldsa44-jcs-2024", _jcs, _ML_DSA_44, base="u", signs_statements=False)
_SD_OPTIONS = HashSuite("", _rdfc, {})
ECDSA_SD_2023 = SelectiveSuite(EcdsaSd(), _SD_OPTIONS)
BBS_2023 = SelectiveSuite(Bbs2023(), _SD_OPTIONS)

SUITES: dict[str, Suite] = {
    "eddsa-rdfc-2022": EDDSA_RDFC_2022,
    "eddsa-jcs-2022": EDDSA_JCS_2022,
    "ecdsa-rdfc-2019": ECDSA_RDFC_2019,
    "ecdsa-jcs-2019": ECDSA_JCS_2019,
    "Ed25519Signature2020": ED25519_SIGNATURE_2020,
    "mldsa44-rdfc-2024": MLDSA44_RDFC_2024,
    "mldsa44-jcs-2024": MLDSA44_JCS_2024,
    "ecdsa-sd-2023": ECDSA_SD_2023,
    "bbs-2023": BBS_2023,
}

SECOND_PROOFS = {"mldsa44-rdfc-2024": "ML-DSA-44", "mldsa44-jcs-2024": "ML-DSA-44"}
"""Suites whose proof stands beside a first one that everybody can check, and the kind of key each needs."""

CONFORMANCE_SUITES: dict[str, Suite] = SUITES | {
    "Ed25519Signature2020": replace(ED25519_SIGNATURE_2020, retired=False),
}
"""The same, issuing the retired ones too: for conformance suites that ask for them."""


def with_contexts(
    contexts: ContextSet, suites: Mapping[str, Suite] = SUITES, *, plain: bool = True
) -> dict[str, Suite]:
    """The suites reading these contexts instead of the shipped ones.

    Unless ``plain``, contexts written out in a document are taken too, though no signature over statements
    covers them: for conformance suites only.
    """
    canonize: Canonize = partial(_rdfc, contexts=contexts, plain=plain)

    def reading(suite: Suite) -> Suite:
        if isinstance(suite, SelectiveSuite):
            hashing = replace(suite.hashing, canonize=canonize)
            return replace(suite, contexts=contexts, plain=plain, hashing=hashing)
        if isinstance(suite, HashSuite) and suite.canonize is _rdfc:
            return replace(suite, canonize=canonize)
        return suite

    return {name: reading(suite) for name, suite in suites.items()}


def suite_for(key: PublicKey) -> str:
    """The RDFC suite that a key of this algorithm issues with; raises Unsupported for one that issues none."""
    if key.algorithm == "Ed25519":
        return EDDSA_RDFC_2022.name
    if key.algorithm in _NIST:
        return ECDSA_RDFC_2019.name
    raise Unsupported(f"no cryptosuite is issued with a {key.algorithm} key")

"""The table of cryptosuites. A smaller table is an allow-list, a larger one an extension."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from testamur.canonical import jcs
from testamur.errors import Unsupported
from testamur.jsontext import Json
from testamur.keys import PublicKey
from testamur.proofs.suite import Canonize, HashSuite

_ED25519 = {"Ed25519": "sha256"}
_NIST = {"P-256": "sha256", "P-384": "sha384"}  # the curve is the key's, not the proof's


def _rdfc(document: Json, hash_name: str, text: str = "", *, plain: bool = True, **options: Any) -> bytes:
    from testamur.jsonld import canonize

    return canonize(document, digest=hash_name, plain=plain, text=text, **options)


def _jcs(document: Json, hash_name: str, text: str = "") -> bytes:
    return jcs(document)


EDDSA_RDFC_2022 = HashSuite("eddsa-rdfc-2022", _rdfc, _ED25519)
EDDSA_JCS_2022 = HashSuite("eddsa-jcs-2022", _jcs, _ED25519, keeps_context=True)
ECDSA_RDFC_2019 = HashSuite("ecdsa-rdfc-2019", _rdfc, _NIST)
ECDSA_JCS_2019 = HashSuite("ecdsa-jcs-2019", _jcs, _NIST, keeps_context=True)
ED25519_SIGNATURE_2020 = HashSuite(
    "Ed25519Signature2020", _rdfc, _ED25519, proof_type="Ed25519Signature2020", retired=True
)

SUITES: dict[str, HashSuite] = {
    "eddsa-rdfc-2022": EDDSA_RDFC_2022,
    "eddsa-jcs-2022": EDDSA_JCS_2022,
    "ecdsa-rdfc-2019": ECDSA_RDFC_2019,
    "ecdsa-jcs-2019": ECDSA_JCS_2019,
    "Ed25519Signature2020": ED25519_SIGNATURE_2020,
}

CONFORMANCE_SUITES: dict[str, HashSuite] = SUITES | {
    "Ed25519Signature2020": replace(ED25519_SIGNATURE_2020, retired=False),
}
"""The same, issuing the retired ones too: for conformance suites that ask for them."""


def with_contexts(
    contexts: object, suites: Mapping[str, HashSuite] = SUITES, *, plain: bool = True
) -> dict[str, HashSuite]:
    """The suites reading these contexts instead of the shipped ones.

    Unless ``plain``, contexts written out in a document are taken too, though no signature over statements
    covers them: for conformance suites only.
    """
    canonize: Canonize = partial(_rdfc, contexts=contexts, plain=plain)
    return {
        name: replace(suite, canonize=canonize) if suite.canonize is _rdfc else suite
        for name, suite in suites.items()
    }


def suite_for(key: PublicKey) -> str:
    """The RDFC suite that a key of this algorithm issues with; raises Unsupported for one that issues none."""
    if key.algorithm == "Ed25519":
        return EDDSA_RDFC_2022.name
    if key.algorithm in _NIST:
        return ECDSA_RDFC_2019.name
    raise Unsupported(f"no cryptosuite is issued with a {key.algorithm} key")

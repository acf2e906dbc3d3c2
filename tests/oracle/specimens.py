"""Signed documents in every format that is issued or verified; each is genuine as it stands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from testamur.canonical import jcs
from testamur.checks import Report
from testamur.credentials import disclosures
from testamur.forming import Terms, further_form
from testamur.jsonld import canonize
from testamur.jsontext import Json, parse_object, write_json
from testamur.keys import LocalSigner
from testamur.proofs import (
    CONFORMANCE_SUITES,
    SUITES,
    DataIntegrity,
    VcJwt,
    VpJwt,
    decode,
    derivation_of,
    parse_jws,
    sign_jws,
)
from testamur.times import parse_instant, to_epoch
from tests.oracle import world
from tests.town import GRADUATION, NOW

SCHOOLS = "urn:uuid:00000000-0000-4000-8000-0000000000a1"
Make = Callable[[Json], str]


@dataclass(frozen=True)
class Specimen:
    """A signed document and what its employer says of it."""

    name: str
    text: str
    asks: bool = False  # whether somebody asked for it

    @property
    def is_token(self) -> bool:
        return not self.text.startswith("{")

    @property
    def document(self) -> Json:
        """What is read in it, without its proofs."""
        return {name: value for name, value in self.claims.items() if name != "proof"}

    @property
    def claims(self) -> Json:
        return parse_object(parse_jws(self.text).payload if self.is_token else self.text)

    def report(self) -> Report:
        return _report(self)


@cache
def _report(specimen: Specimen) -> Report:
    return world.employer(asks=specimen.asks).verify(decode(specimen.text), at=NOW, source="")


def _integrity(suite: str, algorithm: str) -> Make:
    def make(document: Json) -> str:
        suites = CONFORMANCE_SUITES if suite == "Ed25519Signature2020" else SUITES
        return _secured(DataIntegrity(suite, suites=suites), document, world.signer(algorithm))

    return make


def _proof_set(document: Json) -> str:
    """Two proofs by the school and one by the learner."""
    text = _secured(DataIntegrity("eddsa-rdfc-2022"), document, world.signer("Ed25519"))
    text = _secured(DataIntegrity("ecdsa-jcs-2019"), parse_object(text), world.signer("P-256"))
    return _secured(DataIntegrity("eddsa-rdfc-2022"), parse_object(text), world.holder())


def _proof_chain(document: Json) -> str:
    first = DataIntegrity("ecdsa-rdfc-2019", proof_id=SCHOOLS)
    text = _secured(first, document, world.signer("P-384"))
    return _secured(DataIntegrity(previous=(SCHOOLS,)), parse_object(text), world.signer("Ed25519"))


def _second_proof(document: Json) -> str:
    """The school's usual proof, and one for the age of quantum computers."""
    text = _secured(DataIntegrity("eddsa-rdfc-2022"), document, world.signer("Ed25519"))
    return _secured(DataIntegrity("mldsa44-rdfc-2024"), parse_object(text), world.signer("ML-DSA-44"))


def _copy(name: str) -> Make:
    """A copy that shows all that has a name: what a holder may show of a record in such a form."""

    def make(document: Json) -> str:
        form = further_form(name)
        signer = world.signer(form.algorithm)
        held = form.make(Terms()).secure(write_json(document), signer, at=GRADUATION)
        shown = [pointer for each in disclosures(document) for pointer in each.pointers]
        return derivation_of(held).derive(held, shown).text

    return make


def _vc_jwt(algorithm: str) -> Make:
    return lambda document: VcJwt().secure(write_json(document), world.signer(algorithm), at=GRADUATION).text


def _vp_jwt(document: Json) -> str:
    envelope = {
        "@context": world.V2,
        "id": f"data:application/vc+jwt,{_vc_jwt('P-256')(document)}",
        "type": "EnvelopedVerifiableCredential",
    }
    options = VpJwt(audience=world.ASKED.domain, nonce=world.ASKED.challenge)
    return options.secure(write_json(_presentation(envelope)), world.holder(), at=NOW).text


def _presented(document: Json) -> str:
    """A presentation of two records that were signed in different ways."""
    held = [
        parse_object(_integrity("eddsa-rdfc-2022", "Ed25519")(document)),
        parse_object(_integrity("ecdsa-jcs-2019", "P-256")(world.plain(5, words_of_its_own=False))),
    ]
    options = DataIntegrity(
        purpose="authentication", domain=(world.ASKED.domain,), challenge=world.ASKED.challenge
    )
    return options.secure(write_json(_presentation(*held)), world.holder(), at=NOW).text


def _ob_jwt(document: Json) -> str:
    claims = {
        "iss": document["issuer"]["id"],
        "jti": document["id"],
        "sub": document["credentialSubject"]["id"],
        "nbf": to_epoch(parse_instant(document["validFrom"])),
        **document,
    }
    return sign_jws({"typ": "JWT"}, write_json(claims).encode(), world.signer("P-256"))


def _jwt_vc_json(document: Json) -> str:
    claims = {
        "iss": document["issuer"]["id"],
        "jti": document["id"],
        "nbf": to_epoch(parse_instant(document["issuanceDate"])),
        "vc": {name: value for name, value in document.items() if name not in ("id", "issuanceDate")},
    }
    return sign_jws({"typ": "JWT"}, write_json(claims).encode(), world.signer("Ed25519"))


def _jwt_vp_json(document: Json) -> str:
    """A presentation of VCDM 1.1; the token names for whom and in answer to what it was made."""
    claims = {
        "iss": world.holder_did(),
        "aud": world.ASKED.domain,
        "nonce": world.ASKED.challenge,
        "vp": _presentation(_jwt_vc_json(document)) | {"@context": [world.V1]},
    }
    return sign_jws({"typ": "JWT"}, write_json(claims).encode(), world.holder())


def _secured(options: DataIntegrity, document: Json, signer: LocalSigner) -> str:
    return options.secure(write_json(document), signer, at=GRADUATION).text


def _presentation(*held: Json | str) -> Json:
    return {
        "@context": [world.V2],
        "id": "urn:uuid:00000000-0000-4000-8000-0000000000b1",
        "type": ["VerifiablePresentation"],
        "holder": world.holder_did(),
        "verifiableCredential": list(held),
    }


_FORMATS: dict[str, Make] = {
    "eddsa-rdfc-2022": _integrity("eddsa-rdfc-2022", "Ed25519"),
    "eddsa-jcs-2022": _integrity("eddsa-jcs-2022", "Ed25519"),
    "ecdsa-rdfc-2019 P-256": _integrity("ecdsa-rdfc-2019", "P-256"),
    "ecdsa-rdfc-2019 P-384": _integrity("ecdsa-rdfc-2019", "P-384"),
    "ecdsa-jcs-2019 P-256": _integrity("ecdsa-jcs-2019", "P-256"),
    "ecdsa-jcs-2019 P-384": _integrity("ecdsa-jcs-2019", "P-384"),
    "Ed25519Signature2020": _integrity("Ed25519Signature2020", "Ed25519"),
    "ecdsa-sd-2023": _copy("ecdsa-sd-2023"),
    "bbs-2023": _copy("bbs-2023"),
    "proof set": _proof_set,
    "second proof": _second_proof,
    "proof chain": _proof_chain,
    "ldp_vp": _presented,
    "vc+jwt EdDSA": _vc_jwt("Ed25519"),
    "vc+jwt ES256": _vc_jwt("P-256"),
    "vc+jwt ES384": _vc_jwt("P-384"),
    "vp+jwt": _vp_jwt,
    "ob_jwt": _ob_jwt,
    "jwt_vc_json": _jwt_vc_json,
    "jwt_vp_json": _jwt_vp_json,
}
_OLD = ("Ed25519Signature2020", "jwt_vc_json", "jwt_vp_json")
_SUITE_2020 = "https://w3id.org/security/suites/ed25519-2020/v1"

FORMATS = tuple(_FORMATS)
DOCUMENTS = FORMATS[: FORMATS.index("vc+jwt EdDSA")]
TOKENS = FORMATS[len(DOCUMENTS) :]


@cache
def specimens(name: str) -> tuple[Specimen, ...]:
    """The specimens of a format: an Open Badge, and where it may be, a record of no profile or of VCDM 1.1."""
    asks = name in ("ldp_vp", "vp+jwt", "jwt_vp_json")
    signs_statements = name in DOCUMENTS and "jcs" not in name
    kinds = [world.badge(), world.plain(words_of_its_own=not signs_statements)]
    if name in _OLD:
        kinds = [world.old()]
    elif name == "ob_jwt":
        kinds = [world.badge()]
    if name == "Ed25519Signature2020":
        kinds = [kind | {"@context": [*kind["@context"], _SUITE_2020]} for kind in kinds]
    return tuple(Specimen(name, _FORMATS[name](kind), asks) for kind in kinds)


def statements(document: Json) -> bytes:
    """The canonical statements of a document without its proofs."""
    return canonize(_without_proof(document))


def signed_bytes(document: Json) -> bytes:
    """The bytes that a JCS suite signs of a document."""
    return jcs(_without_proof(document))


def _without_proof(document: Json) -> Json:
    return {name: value for name, value in document.items() if name != "proof"}

"""What a holder could show: records with what they say at the top, and whose key they are bound to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from testamur.errors import TestamurError
from testamur.jsonld import type_iris
from testamur.jsontext import Json, parse_object
from testamur.keys import Signer
from testamur.proofs import SecuredDocument, parse_jws, parse_sd_jwt, reveal

FORMATS = {
    "dc+sd-jwt": "dc+sd-jwt",
    "ldp_vc": "ldp_vc",
    "vc+jwt": "jwt_vc_json",
    "jwt_vc_json": "jwt_vc_json",
    "ob_jwt": "jwt_vc_json",
}
"""By our formats, the ones that OpenID4VP asks for; a ``vc+jwt`` (VCDM 2.0) goes under the id of its older kin."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One form of a record that could be shown, and what signs for its holder."""

    id: str
    document: SecuredDocument
    claims: Json  # what paths start from: the credential itself (OpenID4VP B.1, B.3)
    signer: Signer | None = None

    @property
    def format(self) -> str:
        """The format by the name that OpenID4VP has for it; "" for one it has none for."""
        return FORMATS.get(self.document.format, "")

    @property
    def types(self) -> frozenset[str]:
        """The types, as absolute IRIs where its contexts say so."""
        return type_iris(self.claims)


def candidate(name: str, document: SecuredDocument, signer: Signer | None = None) -> Candidate:
    """A record as a candidate; raises Malformed, Unsupported where it cannot be read."""
    return Candidate(name, document, shown_claims(document), signer)


def shown_claims(document: SecuredDocument) -> Json:
    """What a record says once its disclosures are in their places, without its proof."""
    if document.format.endswith("+sd-jwt"):
        parts = parse_sd_jwt(document.text)
        return reveal(parse_object(parse_jws(parts.token).payload), parts.disclosures).claims
    inner = document.claims.get("vc")
    if document.format in ("jwt_vc_json", "ob_jwt") and isinstance(inner, dict):
        return {name: value for name, value in inner.items() if name != "proof"}
    return {name: value for name, value in document.claims.items() if name != "proof"}


def header_certificates(document: SecuredDocument) -> list[str]:
    """The certificates in a token's header, as they stand there; none for any other record."""
    try:
        token = parse_sd_jwt(document.text).token if "~" in document.text else document.text
        x5c: Any = parse_jws(token).header.get("x5c") if token.startswith("eyJ") else None
    except TestamurError:
        return []
    return [each for each in x5c if isinstance(each, str)] if isinstance(x5c, list) else []

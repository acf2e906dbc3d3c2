"""What all JWT formats have in common: one signature over claims, and a key that the header names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from testamur.errors import Malformed, ProofInvalid, TestamurError
from testamur.jsontext import Json, parse_object
from testamur.keys import VerificationMethod
from testamur.proofs.claims import audience, claim_text, claim_time, id_of
from testamur.proofs.jws import Jws, check_header, verify_jws
from testamur.proofs.proof_set import valid_from
from testamur.proofs.values import FindKey, Opened, Signature

Find = Callable[[str, datetime | None], VerificationMethod]
"""A ``FindKey`` whose purpose is given already."""


def method_by_kid(jws: Jws, document: Json, find: Find, at: datetime | None) -> VerificationMethod:
    """The method that ``kid`` names: a URL, or the fragment of one in the issuer's or holder's document."""
    url = key_url(jws, document)
    if not url:
        raise ProofInvalid("the header names no key (kid)", clause="VC-JOSE §4")
    return find(url, at)


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one JWT format is read."""

    purpose: str
    algorithms: Mapping[str, str]
    inner: Callable[[Json], Json]  # the document among the claims, as it stands there
    read: Callable[
        [Jws, Json, Json], Json
    ]  # the document with its members put back; raises where rules are broken
    method: Callable[[Jws, Json, Find, datetime | None], VerificationMethod] = method_by_kid
    expires: bool = True  # ``exp`` is the end of the signature, and not of the record itself

    def open(self, jws: Jws, find_key: FindKey, claims: Json | None = None) -> Opened:
        """The document and the one signature of a token; what is wrong with either is in the Signature.

        ``claims`` are given where they are known, or are not simply the payload.
        """
        claims = parse_object(jws.payload) if claims is None else claims
        document = self.inner(claims)
        said = Signature(key_url(jws, document), jws.algorithm, self.purpose)
        try:
            said = replace(
                said,
                created=claim_time(claims, "iat"),
                expires=claim_time(claims, "exp") if self.expires else None,
                domain=audience(claims),
                challenge=claim_text(claims, "nonce"),
            )
            check_header(jws, self.algorithms)
            document = self.read(jws, claims, document)
            method = self._method(jws, document, find_key, said.created)
            verify_jws(jws, method.public_key, self.algorithms)
            said = replace(said, verification_method=said.verification_method or method.id, method=method)
        except TestamurError as error:
            said = replace(said, error=error)
        return Opened(document, (said,))

    def _method(self, jws: Jws, document: Json, find_key: FindKey, at: datetime | None) -> VerificationMethod:
        def find(url: str, moment: datetime | None) -> VerificationMethod:
            return find_key(url, self.purpose, moment)

        return self.method(jws, document, find, at or valid_from(document))


def key_url(jws: Jws, document: Json) -> str:
    """The URL of the key that ``kid`` names, "" where it names none."""
    key_id = jws.key_id
    if not key_id or ":" in key_id:
        return key_id
    party = id_of(document.get("issuer", document.get("holder", document.get("iss"))))
    return f"{party}#{key_id.removeprefix('#')}" if party else ""


def media_name(header: Json, name: str) -> str:
    """``typ`` or ``cty`` in lower case without ``application/``, "" where it is absent (RFC 7515 §4.1.9)."""
    value = header.get(name, "")
    if not isinstance(value, str):
        raise Malformed(name, "this header parameter must be a text", clause="RFC 7515 §4.1.9")
    return value.lower().removeprefix("application/")

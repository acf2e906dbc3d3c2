"""Tokens older than VC-JOSE: Open Badges 3.0 JWTs, and the JWTs of VCDM 1.1.

Their claims stand for members of the credential (``nbf`` for its first day), or the credential
is a claim of its own (``vc``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from testamur.errors import KeyNotAuthorized, Malformed, ProofInvalid, TestamurError, Undecided, Unsupported
from testamur.jsontext import Json, write_json
from testamur.keys import PublicKey, Signer, VerificationMethod
from testamur.proofs.claims import id_of, restore_credential, restore_presentation
from testamur.proofs.jws import ALGORITHMS, Jws, sign_jws
from testamur.proofs.older_claims import badge_claims, credential_claims
from testamur.proofs.token import Dialect, Find, key_url, media_name, method_by_kid
from testamur.proofs.values import FindKey, Opened, SecuredDocument
from testamur.proofs.vc_jwt import unclaimed, without_claims

_BADGE_HEADER = ("alg", "kid", "jwk", "typ")  # OB §8.2: no other parameter is allowed


@dataclass(frozen=True, slots=True)
class OlderJwt:
    """A format that is verified always, and issued where somebody's wallet speaks nothing else."""

    name: str
    dialect: Dialect
    claims_of: Callable[[Json], Json] | None = None  # None: not issued

    def secure(self, text: str, signer: Signer, *, at: datetime) -> SecuredDocument:
        """The credential signed, its members repeated as claims; raises Malformed, Unsupported for a presentation.

        When it was signed is not said: OB §8.2 has no ``iat``.
        """
        if self.claims_of is None:
            raise Unsupported(f"{self.name} is an older kind of token, verified and not issued; issue vp+jwt")
        claims = self.claims_of(unclaimed(text))
        token = sign_jws({"typ": "JWT"}, write_json(claims).encode(), signer)
        media_type = "text/plain" if self.name == "ob_jwt" else "application/jwt"
        return SecuredDocument(token, media_type, self.name, claims)

    def open(self, document: SecuredDocument, find_key: FindKey) -> Opened:
        """The document with the members its claims stand for, and its one signature."""
        return self.dialect.open(document.token, find_key, document.payload)


def _claim(claims: Json, name: str) -> Json:
    document = claims.get(name)
    if not isinstance(document, dict):
        raise Malformed(name, "this claim must hold the document", clause="VCDM 1.1 §6.3.1")
    return {member: value for member, value in document.items() if member != "proof"}


def _credential(claims: Json) -> Json:
    return _claim(claims, "vc")


def _presentation(claims: Json) -> Json:
    return _claim(claims, "vp")


def _badge(claims: Json) -> Json:
    return _credential(claims) if "vc" in claims else without_claims(claims)


def _read_credential(jws: Jws, claims: Json, credential: Json) -> Json:
    _check_type(jws)
    return restore_credential(claims, credential)


def _read_presentation(jws: Jws, claims: Json, presentation: Json) -> Json:
    _check_type(jws)
    return restore_presentation(claims, presentation)


def _read_badge(jws: Jws, claims: Json, badge: Json) -> Json:
    others = [name for name in jws.header if name not in _BADGE_HEADER]
    if others:
        raise Malformed(others[0][:60], "an Open Badge allows no such header parameter", clause="OB §8.2")
    return _read_credential(jws, claims, badge)


def _check_type(jws: Jws) -> None:
    if media_name(jws.header, "typ") not in ("jwt", ""):
        raise Malformed("typ", "it must be JWT", clause="RFC 7519 §5.1")


def _badge_method(jws: Jws, badge: Json, find: Find, at: datetime | None) -> VerificationMethod:
    """The method that ``kid`` names or whose key is the ``jwk``, which proves nothing by itself."""
    if "jwk" not in jws.header:
        return method_by_kid(jws, badge, find, at)
    key = PublicKey.from_jwk(jws.header["jwk"])
    named = key_url(jws, badge)
    method = find(named, at) if named else _method_of_key(key, id_of(badge.get("issuer")), find, at)
    if method.public_key != key:
        raise KeyNotAuthorized(f"the key in the header is not the one of {method.id:.200}", clause="OB §8.2")
    return method


def _method_of_key(key: PublicKey, issuer: str, find: Find, at: datetime | None) -> VerificationMethod:
    """The issuer's method for a key, looked for under the fragments that are made from keys.

    One the issuer named otherwise is not found so; that is no evidence of a forgery.
    """
    if not issuer:
        raise ProofInvalid("the badge names no issuer whose key could be looked up", clause="OB §8.2")
    fragments = [key.thumbprint] + ([key.multikey] if key.algorithm != "RSA" else []) + ["0"]
    problems: list[TestamurError] = []
    for fragment in fragments:
        try:
            return find(f"{issuer}#{fragment}", at)
        except TestamurError as error:
            problems.append(error)
    if isinstance(problems[0], Undecided):
        raise problems[0]
    raise Unsupported(f"the key in the header is not found among those of {issuer:.200}", clause="OB §8.2")


OB_JWT = OlderJwt(
    "ob_jwt",
    Dialect("assertionMethod", ALGORITHMS | {"RS256": "RSA"}, _badge, _read_badge, _badge_method),
    badge_claims,
)
"""The Open Badges 3.0 profile (OB §8.2), the only format that takes RS256."""

JWT_VC_JSON = OlderJwt(
    "jwt_vc_json", Dialect("assertionMethod", ALGORITHMS, _credential, _read_credential), credential_claims
)
"""A VCDM 1.1 credential in the claim ``vc`` (VCDM 1.1 §6.3.1)."""

JWT_VP_JSON = OlderJwt(
    "jwt_vp_json", Dialect("authentication", ALGORITHMS, _presentation, _read_presentation)
)
"""A VCDM 1.1 presentation in the claim ``vp`` (VCDM 1.1 §6.3.1)."""

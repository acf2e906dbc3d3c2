"""IETF SD-JWT VC, draft 19: the format ``dc+sd-jwt``, which has claims of its own and is no JSON-LD."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from testamur.errors import EvidenceUnusable, Malformed
from testamur.jsontext import Json, parse_object
from testamur.keys import PublicKey, Signer, VerificationMethod
from testamur.proofs.concealing import conceal
from testamur.proofs.jws import ALGORITHMS, Jws
from testamur.proofs.sd_jwt import NewSalt, new_salt
from testamur.proofs.token import Dialect, Find, media_name, method_by_kid
from testamur.proofs.values import FindKey, Opened, Path, SecuredDocument
from testamur.proofs.vc_sd_jwt import check_paths, open_sd_jwt, sign_sd_jwt
from testamur.times import to_epoch

SD_JWT_VC_NEVER_HIDDEN = frozenset(
    ("iss", "nbf", "exp", "cnf", "vct", "vct#integrity", "aka_vcts", "status", "aud", "nonce")
)
"""SD-JWT VC §2.2.2.2; whoever checks must see them."""

_NEVER_ISSUED_HIDDEN = SD_JWT_VC_NEVER_HIDDEN | {"iat", "jti"}
_CLAUSE = "SD-JWT VC §2"

FindCertified = Callable[[Sequence[str], str, datetime | None], VerificationMethod]
"""``find_certified(x5c, iss, signed_at)``: the key of the first certificate, if the chain leads to an authority."""


def no_authorities(x5c: Sequence[str], iss: str, at: datetime | None) -> VerificationMethod:
    """Raise EvidenceUnusable: nobody was named whose certificates are believed."""
    raise EvidenceUnusable(
        "certificates vouch for its key, and no certificate authority is on your list", clause=_CLAUSE
    )


@dataclass(frozen=True, slots=True)
class SdJwtVc:
    """The format ``dc+sd-jwt``; ``disclosable`` are the paths whose values the holder may keep back."""

    disclosable: tuple[Path, ...] = ()
    decoys: int = 0
    holder_key: PublicKey | None = None  # goes into ``cnf``
    x5c: tuple[str, ...] = ()  # the issuer's certificates, in the header
    kid: str = ""  # what the header calls the key, where it is not the signer's name for it
    salt: NewSalt = field(default=new_salt, repr=False)
    find_certified: FindCertified = field(default=no_authorities, repr=False)
    algorithms: Mapping[str, str] = field(default_factory=lambda: ALGORITHMS, repr=False)

    @property
    def name(self) -> str:
        """``dc+sd-jwt``."""
        return "dc+sd-jwt"

    def secure(self, text: str, signer: Signer, *, at: datetime) -> SecuredDocument:
        """The claims signed, with ``iat`` and a disclosure for each disclosable path; raises Malformed without ``vct``."""
        claims: Json = {"iat": to_epoch(at)} | parse_object(text)
        if self.holder_key:
            claims["cnf"] = {"jwk": self.holder_key.jwk}
        check_claims(claims)
        check_paths(self.disclosable, _NEVER_ISSUED_HIDDEN)
        payload, disclosures = conceal(claims, self.disclosable, decoys=self.decoys, salt=self.salt)
        header: Json = {"x5c": list(self.x5c)} if self.x5c else {}
        header |= {"kid": self.kid} if self.kid else {}
        return sign_sd_jwt(self.name, payload, disclosures, claims, signer, **header)

    def open(self, document: SecuredDocument, find_key: FindKey) -> Opened:
        """The claims with what is shown of them, the issuer's signature, and the holder's if there is one."""
        dialect = Dialect(
            "assertionMethod", self.algorithms, _as_they_are, _read, self._method, expires=False
        )
        return open_sd_jwt(dialect, document, find_key, SD_JWT_VC_NEVER_HIDDEN)

    def _method(self, jws: Jws, claims: Json, find: Find, at: datetime | None) -> VerificationMethod:
        """The key that the certificates speak for, else the one of ``iss`` that ``kid`` names (SD-JWT VC §2.5)."""
        chain = jws.header.get("x5c")
        if chain is None:
            if "iss" not in claims:
                raise Malformed("iss", "without certificates a record must name its issuer", clause=_CLAUSE)
            return method_by_kid(jws, claims, find, at)
        if not isinstance(chain, list) or not chain or not all(isinstance(each, str) for each in chain):
            raise Malformed("x5c", "this must be a list of certificates", clause="RFC 7515 §4.1.6")
        return self.find_certified(chain, claims.get("iss", ""), at)


def check_claims(claims: Json) -> None:
    """Raise Malformed where a claim that SD-JWT VC knows is not of its kind."""
    for name in ("vct", "iss", "sub", "jti", "vct#integrity"):
        if name in claims and (not isinstance(claims[name], str) or not claims[name]):
            raise Malformed(name, "this claim must be a text", clause=_CLAUSE)
    if "vct" not in claims:
        raise Malformed("vct", "it does not say what kind of record it is", clause=_CLAUSE)
    others = claims.get("aka_vcts")
    if others is not None and not _are_types(others, claims["vct"]):
        raise Malformed("aka_vcts", "this must be a list of further types", clause=_CLAUSE)


def _are_types(value: Any, vct: str) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(x, str) and x != vct for x in value)


def _as_they_are(claims: Json) -> Json:
    return claims


def _read(jws: Jws, claims: Json, document: Json) -> Json:
    if media_name(jws.header, "typ") != "dc+sd-jwt":
        raise Malformed("typ", "it must be dc+sd-jwt", clause=_CLAUSE)
    check_claims(claims)
    return document

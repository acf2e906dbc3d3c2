"""W3C credentials and presentations as SD-JWTs: the holder chooses which members to show (VC-JOSE §3.2)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from testamur.errors import Malformed
from testamur.jsontext import Json, parse_object, write_json
from testamur.keys import PublicKey, Signer
from testamur.proofs.claims import REGISTERED
from testamur.proofs.concealing import conceal
from testamur.proofs.disclosing import check_not_hidden, reveal
from testamur.proofs.jws import ALGORITHMS, parse_jws, sign_jws
from testamur.proofs.key_binding import look_at_binding
from testamur.proofs.sd_jwt import NewSalt, SdJwt, new_salt, parse_sd_jwt
from testamur.proofs.token import Dialect
from testamur.proofs.values import FindKey, Opened, Path, SecuredDocument
from testamur.proofs.vc_jwt import read_credential, read_presentation, unclaimed, without_claims
from testamur.times import to_epoch

_OF_THE_TOKEN = (*REGISTERED, "cnf", "vc", "vp", "proof")
NEVER_HIDDEN = frozenset(
    ("@context", "type", "issuer", "validFrom", "validUntil", "credentialStatus", "credentialSchema",
     "relatedResource", *_OF_THE_TOKEN)
)  # fmt: skip
"""What everybody who checks a credential must see (VC-JOSE §3.2.1), and what would change the answer."""

_PRESENTATION_NEVER_HIDDEN = frozenset(("@context", *_OF_THE_TOKEN))


@dataclass(frozen=True, slots=True)
class VcSdJwt:
    """The format ``vc+sd-jwt``; ``disclosable`` are the paths whose values the holder may keep back."""

    disclosable: tuple[Path, ...] = ()
    decoys: int = 0
    holder_key: PublicKey | None = (
        None  # goes into ``cnf``, and the holder can bind what is shown to an audience
    )
    salt: NewSalt = field(default=new_salt, repr=False)
    algorithms: Mapping[str, str] = field(default_factory=lambda: ALGORITHMS, repr=False)

    @property
    def name(self) -> str:
        """``vc+sd-jwt``."""
        return "vc+sd-jwt"

    def secure(self, text: str, signer: Signer, *, at: datetime) -> SecuredDocument:
        """The credential signed, with ``iat`` and a disclosure for each disclosable path."""
        claims = unclaimed(text) | {"iat": to_epoch(at)}
        if self.holder_key:
            claims["cnf"] = {"jwk": self.holder_key.jwk}
        check_paths(self.disclosable, NEVER_HIDDEN)
        payload, disclosures = conceal(claims, self.disclosable, decoys=self.decoys, salt=self.salt)
        return sign_sd_jwt(self.name, payload, disclosures, claims, signer)

    def open(self, document: SecuredDocument, find_key: FindKey) -> Opened:
        """The credential with what is shown of it, the issuer's signature, and the holder's if there is one."""
        read = partial(read_credential, form="sd-jwt")
        dialect = Dialect("assertionMethod", self.algorithms, without_claims, read)
        return open_sd_jwt(dialect, document, find_key, NEVER_HIDDEN)


@dataclass(frozen=True, slots=True)
class VpSdJwt:
    """The format ``vp+sd-jwt``: a presentation of enveloped credentials, some members of which may be kept back."""

    audience: str = ""
    nonce: str = ""
    disclosable: tuple[Path, ...] = ()
    salt: NewSalt = field(default=new_salt, repr=False)
    algorithms: Mapping[str, str] = field(default_factory=lambda: ALGORITHMS, repr=False)

    @property
    def name(self) -> str:
        """``vp+sd-jwt``."""
        return "vp+sd-jwt"

    def secure(self, text: str, signer: Signer, *, at: datetime) -> SecuredDocument:
        """The presentation signed, with ``iat``, ``aud`` and ``nonce``."""
        claims = unclaimed(text) | {"iat": to_epoch(at)}
        claims |= {"aud": self.audience} if self.audience else {}
        claims |= {"nonce": self.nonce} if self.nonce else {}
        check_paths(self.disclosable, _PRESENTATION_NEVER_HIDDEN)
        payload, disclosures = conceal(claims, self.disclosable, salt=self.salt)
        return sign_sd_jwt(self.name, payload, disclosures, claims, signer)

    def open(self, document: SecuredDocument, find_key: FindKey) -> Opened:
        """The presentation with what is shown of it, and its one signature."""
        read = partial(read_presentation, form="sd-jwt")
        dialect = Dialect("authentication", self.algorithms, without_claims, read)
        return open_sd_jwt(dialect, document, find_key, _PRESENTATION_NEVER_HIDDEN)


def open_sd_jwt(
    dialect: Dialect, document: SecuredDocument, find_key: FindKey, never: Collection[str]
) -> Opened:
    """What an SD-JWT says and how its signatures stand; raises Malformed where its disclosures break the rules."""
    parts = parse_sd_jwt(document.text)
    known = document.jws is not None and document.read_from == document.text
    jws = document.jws if known and document.jws else parse_jws(parts.token)
    payload = document.claims if known else parse_object(jws.payload)
    revealed = reveal(payload, parts.disclosures)
    check_not_hidden(revealed, never)
    opened = dialect.open(jws, find_key, revealed.claims)
    others = [dialect.open(parse_jws(token), find_key, revealed.claims) for token in parts.others]
    return Opened(
        opened.claims,
        (*opened.signatures, *(signature for other in others for signature in other.signatures)),
        binding=look_at_binding(parts, payload, revealed.claims, find_key),
        disclosed=tuple(each.path for each in revealed.disclosed),
        kept_back=revealed.kept_back,
    )


def sign_sd_jwt(
    name: str, payload: Json, disclosures: tuple[str, ...], claims: Json, signer: Signer, **header: object
) -> SecuredDocument:
    """The SD-JWT of a payload with digests; ``claims`` are what it says with everything shown."""
    token = sign_jws({"typ": name, **header}, write_json(payload).encode(), signer)
    return SecuredDocument(SdJwt(token, disclosures).text, f"application/{name}", name, claims)


def check_paths(paths: tuple[Path, ...], never: Collection[str]) -> None:
    """Raise Malformed for a path that must not be left to the holder."""
    for path in paths:
        if not path or path[0] in never:
            raise Malformed(
                "/".join(map(str, path)),
                "this must not be left to the holder to show",
                clause="RFC 9901 §9.7",
            )

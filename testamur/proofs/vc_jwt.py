"""W3C credentials and presentations as JWTs: the payload is the document itself (VC-JOSE)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from testamur.errors import Malformed, Unsupported
from testamur.jsontext import Json, parse_object, write_json
from testamur.keys import Signer
from testamur.proofs.claims import REGISTERED, check_no_conflict, claim_time
from testamur.proofs.data_integrity import append_member
from testamur.proofs.enveloped import enveloped_token, listed
from testamur.proofs.jws import ALGORITHMS, Jws, protected_header, sign_jws
from testamur.proofs.proof_set import valid_from
from testamur.proofs.stamps import TokenStamp
from testamur.proofs.token import Dialect, media_name
from testamur.proofs.values import FindKey, Opened, SecuredDocument
from testamur.times import to_epoch

_NOT_MEMBERS = frozenset((*REGISTERED, "vc", "vp"))


@dataclass(frozen=True, slots=True)
class VcJwt:
    """The format ``vc+jwt``; as an extract it holds some members of a record, and its header says so."""

    extract: bool = False
    algorithms: Mapping[str, str] = field(default_factory=lambda: ALGORITHMS, repr=False)

    @property
    def name(self) -> str:
        """``vc+jwt``."""
        return "vc+jwt"

    def secure(self, text: str, signer: Signer, *, at: datetime) -> SecuredDocument:
        """The credential signed: its text is the payload, with ``iat`` at the end."""
        return _secure(text, _issued(at), self._header(), signer)

    def stamp(self, signer: Signer, at: datetime) -> TokenStamp:
        """What ``secure`` does, for many texts of credentials known to have members and no JWT claims."""
        claims = write_json(_issued(at))
        return TokenStamp(protected_header(self._header(), signer), f",{claims[1:]}", signer)

    def _header(self) -> Json:
        return {"typ": "vc+jwt"} | ({"form": "extract"} if self.extract else {})

    def open(self, document: SecuredDocument, find_key: FindKey) -> Opened:
        """The credential without the token's own claims (``cnf`` is kept), and its one signature."""
        dialect = Dialect("assertionMethod", self.algorithms, without_claims, read_credential)
        return dialect.open(document.token, find_key, document.payload)


@dataclass(frozen=True, slots=True)
class VpJwt:
    """The format ``vp+jwt``: a presentation of enveloped credentials, for an audience and with a nonce."""

    audience: str = ""
    nonce: str = ""
    algorithms: Mapping[str, str] = field(default_factory=lambda: ALGORITHMS, repr=False)

    @property
    def name(self) -> str:
        """``vp+jwt``."""
        return "vp+jwt"

    def secure(self, text: str, signer: Signer, *, at: datetime) -> SecuredDocument:
        """The presentation signed: its text is the payload, with ``iat``, ``aud`` and ``nonce`` at the end."""
        claims: Json = {"iat": to_epoch(at)}
        claims |= {"aud": self.audience} if self.audience else {}
        claims |= {"nonce": self.nonce} if self.nonce else {}
        return _secure(text, claims, {"typ": "vp+jwt"}, signer)

    def open(self, document: SecuredDocument, find_key: FindKey) -> Opened:
        """The presentation without the token's own claims, and its one signature."""
        dialect = Dialect("authentication", self.algorithms, without_claims, read_presentation)
        return dialect.open(document.token, find_key, document.payload)


def is_extract(document: SecuredDocument) -> bool:
    """Whether a token's header says that it holds only some members of a record."""
    return document.format == "vc+jwt" and document.token.header.get("form") == "extract"


def without_claims(claims: Json) -> Json:
    """The document in a payload: without ``proof`` and the claims that speak of the token."""
    return {name: value for name, value in claims.items() if name not in REGISTERED and name != "proof"}


def unclaimed(text: str) -> Json:
    """The document of a text; raises Malformed where a member has the name of a JWT claim."""
    document = parse_object(text)
    taken = sorted(_NOT_MEMBERS & document.keys())
    if taken or not document:
        raise Malformed(
            taken[0] if taken else "", "the payload of a token is a credential without JWT claims"
        )
    return document


def _issued(at: datetime) -> Json:
    return {"iat": to_epoch(at)}


def _secure(text: str, claims: Json, header: Json, signer: Signer) -> SecuredDocument:
    document = unclaimed(text)
    for name, value in claims.items():
        text = append_member(text, name, value)
    token = sign_jws(header, text.encode("utf-8"), signer)
    return SecuredDocument(token, f"application/{header['typ']}", header["typ"], document | claims)


def read_credential(jws: Jws, claims: Json, credential: Json, *, form: str = "jwt") -> Json:
    """The credential of a token of this form; raises Malformed, Unsupported where its claims are at odds with it."""
    check_media_names(jws, claims, "vc", form)
    check_no_conflict(claims, credential)
    not_before, first = claim_time(claims, "nbf"), valid_from(credential)
    if not_before and (first is None or not_before > first):
        raise Unsupported(
            "the token says it is valid later than its credential (nbf)", clause="VC-JOSE §3.1.3"
        )
    return credential


def read_presentation(jws: Jws, claims: Json, presentation: Json, *, form: str = "jwt") -> Json:
    """The presentation of a token of this form; raises Malformed where something in it is not enveloped."""
    check_media_names(jws, claims, "vp", form)
    check_no_conflict(claims, presentation)
    for each in listed(presentation.get("verifiableCredential")):
        enveloped_token(each)  # VC-JOSE §3.1.2: nothing is presented that is not enveloped
    return presentation


def check_media_names(jws: Jws, claims: Json, kind: str, form: str) -> None:
    """Raise Malformed unless the header says what the token is, or nothing, and no claim is of older tokens."""
    if media_name(jws.header, "typ") not in (f"{kind}+{form}", ""):
        raise Malformed("typ", f"it must be {kind}+{form}", clause="VC-JOSE §3.1")
    if media_name(jws.header, "cty") not in (kind, ""):
        raise Malformed("cty", f"it must be {kind}", clause="VC-JOSE §3.1")
    for name in ("vc", "vp"):
        if name in claims:
            raise Malformed(name, "this claim belongs to older tokens", clause="VC-JOSE §3.1.3")

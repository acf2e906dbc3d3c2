"""W3C credentials and presentations as COSE_Sign1: the payload is the document's JSON (VC-JOSE §3.3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from testamur.jsontext import Json, parse_object
from testamur.keys import Signer
from testamur.proofs.cose import parse_cose, read_base64, sign_cose, write_base64
from testamur.proofs.jws import ALGORITHMS
from testamur.proofs.token import Dialect
from testamur.proofs.values import FindKey, Opened, SecuredDocument
from testamur.proofs.vc_jwt import read_credential, read_presentation, unclaimed, without_claims
from testamur.times import to_epoch


@dataclass(frozen=True, slots=True)
class VcCose:
    """The format ``vc+cose``; its text is the base64 of a COSE_Sign1."""

    algorithms: Mapping[str, str] = field(default_factory=lambda: ALGORITHMS, repr=False)

    @property
    def name(self) -> str:
        """``vc+cose``."""
        return "vc+cose"

    def secure(self, text: str, signer: Signer, *, at: datetime) -> SecuredDocument:
        """The credential signed: its text is the payload; when it was signed stands in the header."""
        return _secure(text, "vc", {"iat": to_epoch(at)}, signer)

    def open(self, document: SecuredDocument, find_key: FindKey) -> Opened:
        """The credential and its one signature."""
        read = partial(read_credential, form="cose")
        dialect = Dialect("assertionMethod", self.algorithms, without_claims, read)
        return _open(dialect, document, find_key)


@dataclass(frozen=True, slots=True)
class VpCose:
    """The format ``vp+cose``: a presentation of enveloped credentials, for an audience and with a nonce."""

    audience: str = ""
    nonce: str = ""
    algorithms: Mapping[str, str] = field(default_factory=lambda: ALGORITHMS, repr=False)

    @property
    def name(self) -> str:
        """``vp+cose``."""
        return "vp+cose"

    def secure(self, text: str, signer: Signer, *, at: datetime) -> SecuredDocument:
        """The presentation signed; ``iat``, ``aud`` and ``nonce`` are CWT claims of its header (RFC 9597)."""
        claims: Json = {"iat": to_epoch(at)}
        claims |= {"aud": self.audience} if self.audience else {}
        claims |= {"nonce": self.nonce} if self.nonce else {}
        return _secure(text, "vp", claims, signer)

    def open(self, document: SecuredDocument, find_key: FindKey) -> Opened:
        """The presentation and its one signature."""
        read = partial(read_presentation, form="cose")
        dialect = Dialect("authentication", self.algorithms, without_claims, read)
        return _open(dialect, document, find_key)


def _secure(text: str, kind: str, claims: Json, signer: Signer) -> SecuredDocument:
    document = unclaimed(text)
    media_type = f"application/{kind}+cose"
    raw = sign_cose(media_type, f"application/{kind}", claims, text.encode("utf-8"), signer)
    return SecuredDocument(write_base64(raw), media_type, f"{kind}+cose", document)


def _open(dialect: Dialect, document: SecuredDocument, find_key: FindKey) -> Opened:
    """Claims of the header go before those of the payload, where nobody should have put any."""
    jws, claims = parse_cose(read_base64(document.text))
    return dialect.open(jws, find_key, parse_object(jws.payload) | claims)

"""The issuer of one organisation: what its endpoints have in common, without any web server."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from testamur.credentials import is_clr
from testamur.did import Resolver
from testamur.errors import Malformed, TestamurError
from testamur.jsontext import Json, parse_object
from testamur.keys import DecryptionKey, Signer
from testamur.openid4vci.clients import ATTESTATION_HEADER, POP_HEADER, Client, check_client
from testamur.openid4vci.configurations import FORMATS, Look, kinds_of
from testamur.openid4vci.dpop import Sender, check_dpop
from testamur.openid4vci.holder_keys import HolderKey
from testamur.openid4vci.key_proofs import Attesters
from testamur.openid4vci.nonces import Nonces
from testamur.openid4vci.refusing import (
    INVALID_ATTESTATION,
    INVALID_CLIENT,
    INVALID_DPOP,
    USE_DPOP_NONCE,
    Denial,
)
from testamur.openid4vci.requests import Asked
from testamur.store import Form, Ledger, Record
from testamur.store.claims import Claims, OfferEntry, Transaction, offers

Sign = Callable[[Record, str, HolderKey, datetime], Form]
"""``sign(record, format, holder, at)``: the record in a form that is bound to the holder's key."""

C_NONCE, DPOP_NONCE = "c_nonce", "dpop"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What an operator sets; ``haip`` asks of wallets what the High Assurance profile does."""

    haip: bool = False
    formats: tuple[str, ...] = FORMATS
    batch_size: int = 10
    code_lifetime: timedelta = timedelta(minutes=10)
    token_lifetime: timedelta = timedelta(minutes=15)
    waiting: timedelta = timedelta(days=14)
    interval: int = 5  # seconds between two looks at what waits
    remembered: timedelta = timedelta(days=90)  # how long a wallet may report what became of a record
    attesters: Attesters = field(default_factory=Attesters)
    attested_keys_only: bool = False
    dpop_nonces: bool = False
    x5c: tuple[str, ...] = ()  # certificates of the signing key, where records name their issuer by them

    @property
    def forms(self) -> tuple[str, ...]:
        """The forms that are handed out."""
        return tuple(name for name in self.formats if not self.haip or name == "dc+sd-jwt")


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialIssuer:
    """Everything the endpoints of one organisation need; without ``sign`` records are signed later, elsewhere."""

    identifier: str
    organisation: str
    ledger: Ledger
    claims: Claims
    nonces: Nonces
    resolver: Resolver
    kind_of: Callable[[Record], str]
    vct: Callable[[str], str]
    display: tuple[Json, ...] = ()
    look: Look = field(default_factory=Look)
    signing: tuple[str, ...] = ()  # the names of the algorithms it signs with
    sign: Sign | None = None
    metadata_signer: Signer | None = None
    request_key: DecryptionKey | None = None
    rules: Rules = field(default_factory=Rules)

    def at(self, path: str) -> str:
        """The address of one of its endpoints."""
        return f"{self.identifier}/{path}"

    def kind(self, record: Record) -> str:
        """The kind under which a record is offered."""
        return kinds_of(_is_transcript(record), self.kind_of(record))

    def entry(self, connection: Transaction, offer: int) -> OfferEntry | None:
        """The offer of a code or a token, None where it is of another organisation: several may share a database."""
        found = offers.by_id(connection, offer)
        return found if found is not None and found.organisation == self.organisation else None

    def sender(self, asked: Asked, access_token: str = "") -> Sender | None:
        """Who sent a request with a DPoP proof, None where there is none; raises Denial."""
        proof = asked.header("DPoP")
        if not proof:
            return None
        try:
            sender = check_dpop(proof, asked.method, asked.url, at=asked.at, access_token=access_token)
        except TestamurError as error:
            raise Denial(INVALID_DPOP, str(error)) from None
        known = self.nonces.knows(DPOP_NONCE, sender.nonce, asked.at) if sender.nonce else False
        if (sender.nonce or self.needs_dpop_nonce) and not known:
            fresh = self.nonces.make(DPOP_NONCE, asked.at)
            raise Denial(USE_DPOP_NONCE, "use the nonce in DPoP-Nonce", headers={"DPoP-Nonce": fresh})
        return sender

    @property
    def needs_dpop_nonce(self) -> bool:
        """Whether a proof must answer a nonce of ours."""
        return self.rules.dpop_nonces or self.rules.haip

    def client(self, asked: Asked) -> Client | None:
        """The wallet that a request comes from, if its maker vouches for it; raises Denial."""
        attestation, pop = asked.header(ATTESTATION_HEADER), asked.header(POP_HEADER)
        if not (attestation and pop):
            if self.rules.haip:
                raise Denial(INVALID_CLIENT, "wallets show here who made them", status=401)
            return None
        if not self.rules.attesters.authorities and not self.rules.haip:
            return None
        try:
            return check_client(
                attestation, pop, audience=self.identifier, at=asked.at, attesters=self.rules.attesters
            )
        except TestamurError as error:
            raise Denial(INVALID_ATTESTATION, str(error), status=401) from None


def once(*parts: tuple[str, str]) -> list[str]:
    """The names under which things that count once are remembered; empty ones are left out."""
    return [f"{kind}\0{value}" for kind, value in parts if value]


def sent_once(sender: Sender | None, client: Client | None = None) -> list[str]:
    """What a request's proofs are remembered by."""
    dpop = f"{sender.thumbprint}\0{sender.jti}" if sender else ""
    wallet = f"{client.thumbprint}\0{client.jti}" if client else ""
    return once(("dpop", dpop), ("client", wallet))


def _is_transcript(record: Record) -> bool:
    full = record.form("full")
    try:
        return full is not None and is_clr(parse_object(full.text))
    except Malformed:
        return False

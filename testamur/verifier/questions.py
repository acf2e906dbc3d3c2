"""Questions to wallets: asked once, answered once, forgotten after ten minutes (OpenID4VP)."""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from secrets import token_bytes, token_urlsafe

from testamur.jsontext import Json, parse_object, write_json
from testamur.keys import LocalSigner, PrivateKey, Signer
from testamur.openid4vp import (
    PURPOSES,
    Asker,
    Checked,
    ResponseRefused,
    Transaction,
    check_response,
    check_vp_token,
    link,
    new_transaction,
    request_object,
)
from testamur.store import Exchange, Exchanges
from testamur.times import from_epoch, to_epoch
from testamur.trust import TrustSource
from testamur.vault import decrypt, encrypt
from testamur.verifying import Verifier

_NONCE = 24
ASKED, ANSWERED, DECLINED = "asked", "answered", "declined"


@dataclass(frozen=True, slots=True)
class Question:
    """A question as it stands: the transaction, whether it was answered, and with what."""

    exchange: Exchange
    asked: Transaction
    answer: Json

    @property
    def state(self) -> str:
        """``asked``, ``answered`` or ``declined``."""
        return self.exchange.state


@dataclass(frozen=True, slots=True)
class Questions:
    """What an app asks wallets with; processes that share secret and database share the questions."""

    exchanges: Exchanges
    asker: Asker
    secret: bytes
    verifier: Verifier
    sites: tuple[str, ...] = ()
    url: str = ""

    @classmethod
    def open(
        cls,
        database: str,
        signer: Signer,
        secret: bytes,
        verifier: Verifier,
        sites: Iterable[str] = (),
        *,
        name: str = "",
        url: str = "",
    ) -> Questions:
        """The questions of an app, signed by this key; raises OperatorError."""
        client_id = f"decentralized_identifier:{signer.verification_method.partition('#')[0]}"
        asker = Asker(client_id, signer, name=name)
        return cls(Exchanges.open(database), asker, secret, verifier, tuple(sites), url)

    def query_of(self, purpose: str) -> Json:
        """The DCQL query of a purpose; raises KeyError for one that is not there."""
        return {each.id: each for each in PURPOSES}[purpose].query(self.sites)

    def ask(self, dcql: Json, base: str, *, at: datetime, purpose: str = "") -> Question:
        """A new question, whose answers come to ``base``; raises Malformed, OperatorError."""
        asked = new_transaction(dcql, f"{base}/ask/response/{{id}}", at=at, purpose=purpose)
        data = self._sealed({"asked": asked.to_json()}, asked.id)
        exchange = Exchange(asked.id, asked.request_id, ASKED, data, asked.expires)
        self.exchanges.add(exchange, now=to_epoch(at))
        return Question(exchange, asked, {})

    def find(self, name: str, *, at: datetime) -> Question | None:
        """The question of the one who asked, while its time lasts."""
        return self._opened(self.exchanges.get(name, now=to_epoch(at)))

    def by_request(self, handle: str, *, at: datetime) -> Question | None:
        """The question that a wallet knows by this name, while its time lasts."""
        return self._opened(self.exchanges.by_handle(handle, now=to_epoch(at)))

    def link(self, question: Question, base: str, *, here: bool = False) -> str:
        """What a wallet opens on this device, or scans from the screen with another one."""
        place = f"{base}/ask/request/{question.asked.request_id}"
        return link(self.asker, question.asked, f"{place}/here" if here else place, post=True)

    def object(self, question: Question, *, at: datetime, wallet_nonce: str = "", here: bool = False) -> str:
        """The signed request; ``here`` says that the wallet is on the device of the one who asked."""
        asked = question.asked
        if here:
            asked = replace(asked, response_uri=f"{asked.response_uri}/here")
        return request_object(self.asker, asked, at=at, wallet_nonce=wallet_nonce)

    def take(self, question: Question, form: Mapping[str, str], *, at: datetime) -> str:
        """Take the one answer, and return the code with which its giver comes back; raises ResponseRefused."""
        expected = question.asked.expected(self.asker.client_id)
        if question.state != ASKED:
            raise ResponseRefused("this question was answered already")
        if "error" in form and form.get("state", "") == question.asked.state:
            self._settle(question, DECLINED, {"error": form["error"][:60]}, at)
            return ""
        checked = check_response(form, expected, self.verifier, at=at)
        code = token_urlsafe(24)
        token: dict[str, list[Json | str]] = {}
        for shown in checked.shown:
            text = shown.document.text
            token.setdefault(shown.query_id, []).append(parse_object(text) if text.startswith("{") else text)
        self._settle(question, ANSWERED, {"vp_token": token, "code": code, "at": to_epoch(at)}, at)
        return code

    def shown(self, question: Question) -> Checked:
        """What was shown, checked as of when it came; raises ResponseRefused."""
        expected = question.asked.expected(self.asker.client_id)
        at = from_epoch(question.answer["at"])
        return check_vp_token(question.answer["vp_token"], expected, self.verifier, at=at)

    def mark(self, name: str) -> str:
        """What the browser that asked carries, so that an answer is not shown in another one (OpenID4VP §14.2)."""
        return hmac.new(self.secret, b"asked " + name.encode(), sha256).hexdigest()

    def _settle(self, question: Question, state: str, answer: Json, at: datetime) -> None:
        asked = replace(question.asked, secret={})  # the key for the answer is needed no more
        data = self._sealed({"asked": asked.to_json(), "answer": answer}, question.asked.id)
        if not self.exchanges.settle(question.exchange, state, data, now=to_epoch(at)):
            raise ResponseRefused("this question was answered already, or its time is over")

    def _sealed(self, members: Json, name: str) -> bytes:
        nonce = token_bytes(_NONCE)
        return nonce + encrypt(write_json(members).encode(), name.encode(), nonce, self._key)

    def _opened(self, exchange: Exchange | None) -> Question | None:
        if exchange is None:
            return None
        data = decrypt(exchange.data[_NONCE:], exchange.id.encode(), exchange.data[:_NONCE], self._key)
        if data is None:
            return None
        members = parse_object(data, max_bytes=len(data) or 1, max_depth=128)  # deeper than any answer
        return Question(exchange, Transaction.of_json(members["asked"]), members.get("answer", {}))

    @property
    def _key(self) -> bytes:
        return hmac.digest(self.secret, b"questions", "sha256")


def passing_signer(secret: bytes) -> LocalSigner:
    """A key that lives as long as the app, the same in each of its processes."""
    key = PrivateKey.from_secret("P-256", bytes(1) + hmac.digest(secret, b"asker", "sha256")[1:])
    name = f"did:key:{key.public_key.multikey}"
    return LocalSigner(key, f"{name}#{key.public_key.multikey}")


def sites_of(trust: Iterable[TrustSource]) -> tuple[str, ...]:
    """The sites of the schools that are trusted, as issuers of SD-JWT VCs name them."""
    found: list[str] = []
    for source in trust:
        for issuer in source.pins():
            host = issuer.removeprefix("did:web:")
            if issuer.startswith("https://"):
                found.append(issuer.rstrip("/"))
            elif host != issuer and ":" not in host:
                found.append(f"https://{host.replace('%3A', ':')}")
    return tuple(dict.fromkeys(found))

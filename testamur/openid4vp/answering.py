"""The wallet answers: what was chosen is bound to whoever asked and sent, encrypted where they ask for it (OpenID4VP §8)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from testamur.errors import EvidenceUnusable, Malformed, TestamurError, Unsupported
from testamur.fetch import Posting
from testamur.jsontext import Json, parse_object, write_json
from testamur.keys import ReaderKey
from testamur.openid4vp.matching import Match, Matches
from testamur.openid4vp.refusing import RequestRefused
from testamur.openid4vp.request import Request, TransactionData
from testamur.openid4vp.showing import show

_ENCS = ("A256GCM", "A128GCM")
_MAX_ANSWER = 65_536


@dataclass(frozen=True, slots=True)
class Answer:
    """A response ready to be sent."""

    request: Request
    vp_token: Mapping[str, tuple[Json | str, ...]]

    @property
    def members(self) -> Json:
        """The response parameters (§8.1)."""
        state: Json = {"state": self.request.state} if self.request.state else {}
        return {"vp_token": {name: list(shown) for name, shown in self.vp_token.items()}} | state


@dataclass(frozen=True, slots=True)
class Sent:
    """What came of it: where the person goes on, if the verifier says so."""

    redirect_uri: str = ""


def answer(
    request: Request, matches: Matches, chosen: Mapping[str, Sequence[Match]], *, at: datetime
) -> Answer:
    """The chosen records, each shown in part and bound; raises RequestRefused where that is not enough or too much."""
    for name, picked in chosen.items():
        query = matches.query.credential(name)
        if query is None or any(each not in matches.found.get(name, ()) for each in picked):
            raise RequestRefused("access_denied", f"nobody asks for {name:.60}")
        if len(picked) > 1 and not query.multiple:
            raise RequestRefused("access_denied", f"one record is asked for by {name:.60}")
    names = [name for name, picked in chosen.items() if picked]
    if not matches.query.is_satisfied(names):
        raise RequestRefused("access_denied", "what was chosen does not answer what is asked")
    check_transaction_data(request)
    token = {name: tuple(show(each, request, at=at) for each in chosen[name]) for name in names}
    return Answer(request, token)


def check_transaction_data(request: Request, known: Sequence[str] = ()) -> None:
    """Raise RequestRefused for transaction data of a type that is not understood (§8.4)."""
    for each in request.transaction_data:
        if each.type not in known and each.type not in UNDERSTOOD:
            raise RequestRefused("invalid_transaction_data", f"{each.type!r:.60} is not understood here")
        if each.hashes and not set(each.hashes) & {"sha-256", "sha-384", "sha-512"}:
            raise RequestRefused("invalid_transaction_data", "its hashes are not known here")


UNDERSTOOD: tuple[str, ...] = ("urn:testamur:agreement:1",)
"""The types of transaction data that a person is shown in words: ``text`` is what she agrees to."""


def agreement_text(data: TransactionData) -> str:
    """What a person agrees to with this data."""
    text = data.members.get("text", "")
    return text[:2000] if isinstance(text, str) else ""


def send(made: Answer, network: Posting) -> Sent:
    """Send the response to where the request said; raises EvidenceUnusable where it does not arrive or is refused."""
    request = made.request
    if request.response_mode == "fragment":
        form = {name: _value(value) for name, value in made.members.items()}
        return Sent(f"{request.redirect_uri}#{urlencode(form)}")
    if request.response_mode == "direct_post.jwt":
        return _post(request, {"response": encrypted(made)}, network)
    return _post(request, {name: _value(value) for name, value in made.members.items()}, network)


def refuse(request: Request, error: RequestRefused, network: Posting) -> Sent:
    """Tell whoever asked that there is no answer, and why (§8.5)."""
    form = {"error": error.error, "error_description": str(error)[:300]}
    if request.state:
        form["state"] = request.state
    if request.response_mode == "fragment":
        return Sent(f"{request.redirect_uri}#{urlencode(form)}")
    return _post(request, form, network)


def encrypted(made: Answer) -> str:
    """The response as a JWE for one of the verifier's keys (§8.3); raises RequestRefused where none is usable."""
    metadata = made.request.client_metadata
    offered = metadata.get("encrypted_response_enc_values_supported", ["A128GCM"])
    enc = next((each for each in _ENCS if isinstance(offered, list) and each in offered), "")
    keys = metadata.get("jwks")
    listed = keys.get("keys") if isinstance(keys, dict) else None
    for jwk in listed if isinstance(listed, list) else []:
        try:
            reader = ReaderKey.from_jwk(jwk)
        except (Malformed, Unsupported):
            continue
        if enc and isinstance(jwk, dict) and jwk.get("alg") == "ECDH-ES":
            return reader.encrypt(write_json(made.members).encode("utf-8"), enc=enc)
    raise RequestRefused(
        "invalid_request", "it asks for encryption and names no key for it", clause="OpenID4VP §8.3"
    )


def is_encrypted(request: Request) -> bool:
    """Whether nobody on the way can read the answer."""
    return request.response_mode == "direct_post.jwt"


def _post(request: Request, form: Mapping[str, str], network: Posting) -> Sent:
    answered = network.post(
        request.response_uri,
        urlencode(form).encode(),
        "application/x-www-form-urlencoded",
        max_bytes=_MAX_ANSWER,
    )
    if answered.status != 200:
        raise EvidenceUnusable(f"{request.answer_host} did not take the answer ({answered.status})")
    try:
        members = (
            parse_object(answered.body, max_bytes=_MAX_ANSWER, max_depth=8) if answered.body.strip() else {}
        )
    except TestamurError:
        return Sent()
    target = members.get("redirect_uri", "")
    is_address = isinstance(target, str) and target.startswith(("https://", "http://")) and len(target) < 4000
    return Sent(target if is_address else "")


def _value(value: object) -> str:
    return value if isinstance(value, str) else write_json(value)

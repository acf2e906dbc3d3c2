"""Tokens whose status is in a token status list, and tokens whose key was reported as compromised."""

from __future__ import annotations

import json
import zlib
from datetime import datetime
from hashlib import sha256

from testamur.encoding import decode_base64url, encode_base64url
from testamur.jsontext import Json, write_json
from testamur.keys import LocalSigner, Named
from testamur.proofs import decode, sign_jws
from testamur.status import sign_list_cwt, sign_list_token
from testamur.trust import sign_digest_list
from tests.town import NOW
from tests.web.states import DAY, STATES, State, add, key_of

__all__ = ["STATES"]  # these and the others

LIST = "https://diplomas.valdoria.example/status/1.token.jwt"


def _claimed(s: State, values: dict[int, int], **how: object) -> None:
    """A token whose status is the seventh of a list of these values."""
    s.by_hand(credentialStatus=None, status={"status_list": {"idx": 7, "uri": LIST}})
    made = {"at": NOW, "signer": s.school.status_key} | how
    s.school.web.pages[LIST] = sign_list_token(LIST, values, made.pop("signer"), **made).encode()  # type: ignore[arg-type]


def _list_of(s: State, header: Json | None = None, **claims: object) -> None:
    """The list signed by hand, whatever it says."""
    _claimed(s, {})
    lst = encode_base64url(zlib.compress(bytes(32_768)))
    own = {"sub": LIST, "iat": int(NOW.timestamp()), "status_list": {"bits": 2, "lst": lst}} | claims
    told = write_json({name: value for name, value in own.items() if value is not None}).encode()
    s.school.web.pages[LIST] = sign_jws(
        {"typ": "statuslist+jwt"} | (header or {}), told, s.school.status_key
    ).encode()


add("a token list says nothing against it")(lambda s: _claimed(s, {8: 1}))
add("a token list revokes it")(lambda s: _claimed(s, {7: 1}))
add("a token list suspends it")(lambda s: _claimed(s, {7: 2}))
add("a token list says what nobody knows")(lambda s: _claimed(s, {7: 3}))
add("a token list of one bit revokes it")(lambda s: _claimed(s, {7: 1}, bits=1))
add("a token list of a byte each suspends it")(lambda s: _claimed(s, {7: 2}, bits=8))
add("a token list revokes it, and its notices say it is replaced")(
    lambda s: (s.set_bit(reason="replaced"), _claimed(s, {7: 1}))
)
add("a token list names its key by a fragment")(
    lambda s: _claimed(s, {7: 1}, signer=Named(s.school.status_key, "status-1"))
)
add("a token list is a stranger's")(
    lambda s: _claimed(s, {}, signer=key_of(s, "z", "Ed25519", did="did:web:other.example"))
)
add("a token list has ended")(lambda s: _claimed(s, {}, at=NOW - 100 * DAY, valid_for=30 * DAY))
add("a token list is from tomorrow")(lambda s: _claimed(s, {}, at=NOW + DAY))
add("a token list is by a compromised key")(
    lambda s: (s.school.end_key(s.school.status_key, revoked=NOW + DAY), _claimed(s, {}))
)
add("a token list has no end")(lambda s: _list_of(s))
add("a token list is another one")(lambda s: _list_of(s, sub=LIST + "x"))
add("a token list is of another kind")(lambda s: _list_of(s, {"typ": "JWT"}))
add("a token list has no list")(lambda s: _list_of(s, status_list=None))
add("a token list has three bits")(lambda s: _list_of(s, status_list={"bits": 3, "lst": "eNoDAAAAAAE"}))
add("a token list is too short")(lambda s: _list_of(s, status_list=_packed(bytes(1))))
add("a token list unpacks to too much")(lambda s: _list_of(s, status_list=_packed(bytes(4_200_000))))
add("a token list goes on after its end")(lambda s: _list_of(s, status_list=_packed(bytes(99), b"more")))
add("a token list is no zlib")(lambda s: _list_of(s, status_list={"bits": 2, "lst": "AAAA"}))
add("a token list is kept for no time")(lambda s: _list_of(s, ttl=0))
add("a token list is a CWT")(lambda s: _cwt(s))
add("its status claim is empty")(lambda s: s.by_hand(status={}))
add("its status claim has a broken index")(
    lambda s: s.by_hand(status={"status_list": {"idx": -1, "uri": LIST}})
)
add("its status claim has no address")(lambda s: s.by_hand(status={"status_list": {"idx": 7}}))
add("its status claim is of an unknown kind")(lambda s: s.by_hand(status={"oracle": {"idx": 7}}))


def _packed(values: bytes, more: bytes = b"") -> Json:
    return {"bits": 2, "lst": encode_base64url(zlib.compress(values) + more)}


def _cwt(s: State) -> None:
    _claimed(s, {})
    s.school.web.pages[LIST] = sign_list_cwt(LIST, {}, s.school.status_key, at=NOW)


def _compromised(
    s: State,
    *,
    listed: bool = True,
    others: int = 40,
    signer: LocalSigner | None = None,
    at: datetime = NOW,
    alike: bool = False,
) -> None:
    """A key that was reported yesterday, and what its owner says was signed with it before."""
    s.sign()
    rows = [bytes([n * 6]) + bytes(31) for n in range(others)]
    forms = [decode(s.token)] if listed else []
    s.school.publish_digests(*forms)
    place = "https://diplomas.valdoria.example/digests.bin"
    own = s.school.web.pages[place]
    token, raw = sign_digest_list(
        [own, *rows] if listed else rows, s.school.did, place, signer or s.school.status_key, at=at
    )
    s.school.web.pages |= {s.school.digests_url: token.encode(), place: own if alike else raw}
    s.school.end_key(s.school.key, revoked=NOW - DAY)


add("its compromised key's owner lists it")(lambda s: _compromised(s))
add("its compromised key's owner lists it alone")(lambda s: _compromised(s, others=0))
add("its compromised key's owner does not list it")(lambda s: _compromised(s, listed=False))
add("its compromised key's owner lists nothing")(lambda s: _compromised(s, listed=False, others=0))
add("its compromised key signed the list of what it signed")(lambda s: _compromised(s, signer=s.school.key))
add("a stranger lists it")(
    lambda s: _compromised(s, signer=key_of(s, "z", "Ed25519", did="did:web:other.example"))
)
add("the list of what was signed has ended")(lambda s: _compromised(s, at=NOW - 100 * DAY))
add("the list of what was signed is another")(lambda s: _compromised(s, alike=True))
add("the list of what was signed is unsorted")(lambda s: _unsorted(s))
add("its compromised key's owner lists it, and it is revoked")(lambda s: (s.set_bit(), _compromised(s)))
add("a compromised key signed after it was reported")(lambda s: (_compromised(s), s.sign(at=NOW - DAY / 2)))


def _unsorted(s: State) -> None:
    """A statement that was signed over rows in another order, with the right digest."""
    _compromised(s)
    place = "https://diplomas.valdoria.example/digests.bin"
    raw = s.school.web.pages[place]
    turned = raw[-32:] + raw[:-32]
    claims = json.loads(_payload(s.school.web.pages[s.school.digests_url]))
    claims["sha256"] = encode_base64url(sha256(turned).digest())
    token = sign_jws({"typ": "testamur-digests+jwt"}, write_json(claims).encode(), s.school.status_key)
    s.school.web.pages |= {s.school.digests_url: token.encode(), place: turned}


def _payload(token: bytes) -> bytes:
    return decode_base64url(token.decode().split(".")[1])

"""Tokens in every state a record can be in, each with its school and what the reader's list says of that."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha512

from testamur.encoding import decode_base64url, encode_base64url
from testamur.jsontext import Json, write_json
from testamur.keys import LocalSigner, PrivateKey, VerificationMethod
from testamur.proofs import VcJwt, sign_jws
from testamur.status import list_credential
from testamur.trust import TrustedIssuer
from tests.town import GRADUATION, NOW, School, Town

DAY = timedelta(days=1)
_TOKEN_LIST = "https://diplomas.valdoria.example/status/1.token.jwt"
STATES: dict[str, Callable[[State], object]] = {}


@dataclass
class State:
    """A school, one token, and the reader's list of issuers, which pins the school unless something else is said."""

    school: School = field(default_factory=lambda: Town().school)
    token: str = ""
    trust: list[TrustedIssuer] | None = None

    def sign(
        self, *, at: datetime = GRADUATION, signer: LocalSigner | None = None, **changes: object
    ) -> None:
        document = write_json(self.school.diploma(**changes))  # type: ignore[arg-type]
        self.token = VcJwt(extract=True).secure(document, signer or self.school.key, at=at).text

    def by_hand(
        self, header: Json | None = None, signer: LocalSigner | None = None, **claims: object
    ) -> None:
        """A token of any header and claims, signed whatever they say; None takes a claim out."""
        members = self.school.diploma() | {"iat": int(GRADUATION.timestamp())} | claims
        payload = write_json({name: value for name, value in members.items() if value is not None})
        self.token = sign_jws({"typ": "vc+jwt"} | (header or {}), payload.encode(), signer or self.school.key)

    def tamper(self, part: int, change: Callable[[bytes], bytes]) -> None:
        parts = self.token.split(".")
        parts[part] = encode_base64url(change(decode_base64url(parts[part])))
        self.token = ".".join(parts)

    def pin(self, **changes: object) -> None:
        self.trust = [replace(self.school.trusted(), **changes)]  # type: ignore[arg-type]

    def set_bit(self, purpose: str = "revocation", reason: str = "") -> None:
        self.school.set_bits[purpose][7] = reason
        self.school.publish()

    def relist(self, *, signer: LocalSigner | None = None, **changes: object) -> None:
        """The status list with other members, signed again; both readers are given the token."""
        url = self.school.list_url
        members = list_credential(url, self.school.did, {}, at=NOW) | changes
        members = {name: value for name, value in members.items() if value is not None}
        token = VcJwt().secure(write_json(members), signer or self.school.status_key, at=NOW).text
        self.serve(token.encode())

    def serve(self, body: bytes) -> None:
        for url in (self.school.list_url, self.school.list_url.replace(".json", ".jwt")):
            self.school.web.pages[url] = body

    def subject(self, **changes: object) -> Json:
        listed = list_credential(self.school.list_url, self.school.did, {}, at=NOW)
        return listed["credentialSubject"] | changes


def key_of(state: State, name: str, algorithm: str, *, did: str = "") -> LocalSigner:
    size = 48 if algorithm == "P-384" else 32
    private = PrivateKey.from_secret(algorithm, sha512(name.encode()).digest()[:size])
    owner = did or state.school.did
    url = f"{owner}#{name}"
    if not did:
        state.school.methods[url] = VerificationMethod(url, owner, private.public_key)
        state.school.publish()
    return LocalSigner(private, url)


def add(name: str) -> Callable[[Callable[[State], object]], Callable[[State], object]]:
    def keep(build: Callable[[State], object]) -> Callable[[State], object]:
        assert name not in STATES
        STATES[name] = build
        return build

    return keep


def states() -> Iterator[tuple[str, State]]:
    for name, build in STATES.items():
        state = State()
        build(state)
        if not state.token:
            state.sign()
        if state.trust is None:
            state.pin()
        yield name, state


add("it stands")(lambda s: s.sign())
add("it has no status")(lambda s: s.sign(credentialStatus=None))
add("it names its issuer by a text")(lambda s: s.by_hand(issuer=s.school.did))
add("its header has the long media type")(lambda s: s.by_hand({"typ": "application/vc+jwt"}))
add("its header has no typ")(lambda s: s.by_hand({"typ": ""}))
add("its key is named by a fragment")(lambda s: s.by_hand({"kid": "#key-1"}))
add("it has no iat")(lambda s: s.by_hand(iat=None))
add("its id is absent")(lambda s: s.sign(id=None))
add("P-256")(lambda s: s.sign(signer=key_of(s, "key-256", "P-256")))
add("P-384")(lambda s: s.sign(signer=key_of(s, "key-384", "P-384")))

# The signature.
add("a letter of it was changed")(
    lambda s: (s.sign(), s.tamper(1, lambda data: data.replace(b"17.5", b"19.5").replace(b"Selam", b"Salem")))
)
add("its signature was changed")(
    lambda s: (s.sign(), s.tamper(2, lambda data: bytes([data[0] ^ 1]) + data[1:]))
)
add("its signature is cut short")(lambda s: (s.sign(), s.tamper(2, lambda data: data[:-1])))
add("its header was changed")(
    lambda s: (s.sign(), s.tamper(0, lambda data: data.replace(b'"form":"extract"', b'"form":"entire!"')))
)
add("alg none")(lambda s: (s.sign(), s.tamper(0, lambda data: data.replace(b"EdDSA", b"none"))))
add("alg HS256")(lambda s: (s.sign(), s.tamper(0, lambda data: data.replace(b"EdDSA", b"HS256"))))
add("an unknown alg")(lambda s: (s.sign(), s.tamper(0, lambda data: data.replace(b"EdDSA", b"Ed448"))))
add("an alg of another kind of key")(
    lambda s: (s.sign(), s.tamper(0, lambda data: data.replace(b"EdDSA", b"ES256")))
)
add("crit")(lambda s: s.by_hand({"crit": ["exp"]}))
add("b64")(lambda s: s.by_hand({"b64": True}))
add("no kid")(lambda s: s.by_hand({"kid": ""}))
add("a kid that is no address")(lambda s: s.by_hand({"kid": "did:web:x y#z"}))
add("cty of another kind")(lambda s: s.by_hand({"cty": "vp"}))
add("typ of a presentation")(
    lambda s: s.by_hand({"typ": "vp+jwt"}, type=["VerifiablePresentation"], holder=s.school.did)
)
add("it holds an older credential")(lambda s: s.by_hand(vc={"type": ["VerifiableCredential"]}))
add("iss says another")(lambda s: s.by_hand(iss="did:web:other.example"))
add("jti says another")(lambda s: s.by_hand(jti="urn:uuid:0b34f9ec-93b5-5f0e-8a14-61bb1b6b4f4c"))
add("nbf is later than its beginning")(lambda s: s.by_hand(nbf=int((GRADUATION + 9 * DAY).timestamp())))
add("exp has passed")(lambda s: s.by_hand(exp=int((NOW - DAY).timestamp())))
add("exp is no time")(lambda s: s.by_hand(exp="soon"))
add("it is dated in the future")(lambda s: s.sign(at=NOW + DAY))
add("a stranger's key signed it")(
    lambda s: s.sign(signer=key_of(s, "z", "Ed25519", did="did:web:other.example"))
)
add("another listed issuer signed it")(lambda s: _by_another(s))
add("a member is in it twice")(lambda s: _twice(s))


def _by_another(s: State) -> None:
    other = School(s.school.web, "other.example", "Another school")
    s.trust = [s.school.trusted(), other.trusted()]
    s.sign(signer=other.key)


def _twice(s: State) -> None:
    payload = write_json(s.school.diploma())[:-1] + ',"name":"Doctor of Medicine"}'
    s.token = sign_jws({"typ": "vc+jwt"}, payload.encode(), s.school.key)


# The key.
add("a key for status signed it")(lambda s: s.sign(signer=s.school.status_key))
add("its key was retired later")(lambda s: (s.school.end_key(s.school.key, expires=NOW - DAY), s.sign()))
add("its key was retired before")(
    lambda s: (s.school.end_key(s.school.key, expires=GRADUATION - DAY), s.sign())
)
add("its key was compromised later")(lambda s: (s.school.end_key(s.school.key, revoked=NOW - DAY), s.sign()))
add("its key was compromised before")(
    lambda s: (s.school.end_key(s.school.key, revoked=GRADUATION), s.sign())
)
add("a retired key and no iat, nor validFrom")(
    lambda s: (s.school.end_key(s.school.key, expires=NOW), s.by_hand(iat=None, validFrom=None))
)
add("its key is not on the list, which is older")(
    lambda s: (s.pin(fetched=GRADUATION - DAY), s.sign(signer=_new_key(s)))
)
add("its key is not on the list, which is newer")(
    lambda s: (s.pin(fetched=GRADUATION + DAY), s.sign(signer=_new_key(s)))
)
add("its key is for authentication only")(
    lambda s: s.pin(
        methods=tuple(replace(m, purposes=("authentication",)) for m in s.school.trusted().methods)
    )
)


def _new_key(s: State) -> LocalSigner:
    return key_of(s, "new", "Ed25519")


# The issuer.
add("nobody lists its issuer")(lambda s: setattr(s, "trust", []))
add("a did:key that nobody lists")(lambda s: (_did_key(s), setattr(s, "trust", [])))
add("a did:key that lies")(
    lambda s: (_did_key(s), s.tamper(1, lambda data: data.replace(b"biology", b"alchemy")))
)
add("the list speaks for other kinds")(lambda s: s.pin(types=("EndorsementCredential",)))
add("the list speaks for this kind")(lambda s: s.pin(types=("OpenBadgeCredential",)))
add("the list speaks from later on")(lambda s: s.pin(since=GRADUATION + DAY))
add("the list speaks until before")(lambda s: s.pin(until=GRADUATION))
add("the list speaks for that day")(lambda s: s.pin(since=GRADUATION, until=GRADUATION + DAY))


def _did_key(s: State) -> None:
    private = PrivateKey.from_secret("P-256", bytes(range(1, 33)))
    did = f"did:key:{private.public_key.multikey}"
    signer = LocalSigner(private, f"{did}#{private.public_key.multikey}")
    s.sign(signer=signer, issuer={"id": did, "type": ["Profile"], "name": "Somebody"}, credentialStatus=None)


add("the list has no keys of a did:key")(lambda s: (_did_key(s), _listed_without_keys(s)))
add("the list has no keys of the school")(lambda s: s.pin(methods=()))


def _listed_without_keys(s: State) -> None:
    private = PrivateKey.from_secret("P-256", bytes(range(1, 33)))
    s.trust = [TrustedIssuer(f"did:key:{private.public_key.multikey}", "Somebody", fetched=NOW)]


# The dates.
add("it is not valid yet")(lambda s: s.sign(validFrom="2026-10-01T00:00:00Z"))
add("it begins in four minutes")(lambda s: s.sign(validFrom="2026-09-01T12:04:00Z"))
add("it has expired")(lambda s: s.sign(validUntil="2026-08-01T00:00:00Z"))
add("it ended four minutes ago")(lambda s: s.sign(validUntil="2026-09-01T11:56:00Z"))
add("it ends later, in another zone")(lambda s: s.sign(validUntil="2027-08-01T00:00:00.123456+05:30"))
add("it ends before it begins")(lambda s: s.sign(validUntil="2026-06-01T00:00:00Z"))
add("its beginning is no instant")(lambda s: s.by_hand(validFrom="2026-02-30T00:00:00Z"))
add("it names no day")(lambda s: s.sign(validFrom=None))
add("it has expired and is revoked")(lambda s: (s.set_bit(), s.sign(validUntil="2026-08-01T00:00:00Z")))

# The form.
add("it is no credential")(lambda s: s.by_hand(type=["Profile"]))
add("its first context is another")(lambda s: s.by_hand({}, **{"@context": ["https://www.w3.org/ns/did/v1"]}))
add("it has no subject")(lambda s: s.by_hand(credentialSubject=None))
add("its subject says nothing")(lambda s: s.by_hand(credentialSubject={}))
add("it has no issuer")(lambda s: s.by_hand(issuer=None))
add("it has a member of the older model")(lambda s: s.by_hand(issuanceDate="2026-07-01T00:00:00Z"))
add("its id is no address")(lambda s: s.by_hand(id="seven"))

# The status.
add("it is revoked")(lambda s: s.set_bit())
add("it was issued in error")(lambda s: s.set_bit(reason="issued_in_error"))
add("it is replaced")(lambda s: s.set_bit(reason="replaced"))
add("it is suspended")(
    lambda s: (
        s.set_bit("suspension"),
        s.sign(credentialStatus=[s.school.status(7), s.school.status(7, "suspension")]),
    )
)
add("it is suspended and replaced")(
    lambda s: (
        s.set_bit("suspension"),
        s.set_bit(reason="replaced"),
        s.sign(credentialStatus=[s.school.status(7, "suspension"), s.school.status(7)]),
    )
)
add("its suspension was lifted")(
    lambda s: s.sign(credentialStatus=[s.school.status(7), s.school.status(7, "suspension")])
)
add("another record is revoked")(lambda s: (s.set_bit(), s.sign(credentialStatus=s.school.status(8))))
add("the last of the list")(lambda s: s.sign(credentialStatus=s.school.status(131_071)))
add("past the end of the list")(lambda s: s.sign(credentialStatus=s.school.status(131_072)))
add("its index is no number")(
    lambda s: s.by_hand(credentialStatus=s.school.status(7) | {"statusListIndex": "7x"})
)
add("its status is no object")(lambda s: s.by_hand(credentialStatus="none"))
add("its status is of an unknown kind")(
    lambda s: s.by_hand(credentialStatus={"type": "Oracle", "id": "https://x.example/1"})
)
add("the list is not there")(
    lambda s: [s.school.web.pages.pop(url) for url in list(s.school.web.pages) if "/status/1" in url]
)
add("the list has ended")(lambda s: s.school.publish(at=NOW - 100 * DAY))
add("the list is from tomorrow")(lambda s: s.school.publish(at=NOW + DAY))
add("a stranger signed the list")(
    lambda s: s.relist(signer=key_of(s, "z", "Ed25519", did="did:web:other.example"))
)
add("the list is by another issuer")(lambda s: s.relist(issuer="did:web:other.example"))
add("the list is another one")(lambda s: s.relist(id="https://diplomas.valdoria.example/status/9.json"))
add("the list is for another purpose")(
    lambda s: s.relist(credentialSubject=s.subject(statusPurpose="suspension"))
)
add("the list is of another type")(lambda s: s.relist(type=["VerifiableCredential"]))
add("the list is no gzip")(lambda s: s.relist(credentialSubject=s.subject(encodedList="uAAAA")))
add("the list is too short")(lambda s: s.relist(credentialSubject=s.subject(encodedList=_packed(bytes(100)))))
add("the list unpacks to too much")(
    lambda s: s.relist(credentialSubject=s.subject(encodedList=_packed(bytes(5_000_000))))
)
add("the list goes on after its end")(
    lambda s: s.relist(credentialSubject=s.subject(encodedList=_packed(bytes(16_384), b"more")))
)
add("the list is cut off")(
    lambda s: s.serve(s.school.web.pages[s.school.list_url.replace(".json", ".jwt")][:-40])
)
add("the list was tampered with")(lambda s: _tampered_list(s))
add("the notices are a stranger's")(lambda s: (s.set_bit(reason="replaced"), _foreign_notices(s)))


add("its status is a claim of the token")(
    lambda s: s.by_hand(credentialStatus=None, status={"status_list": {"idx": 7, "uri": _TOKEN_LIST}})
)
add("it is revoked, and has a status claim too")(
    lambda s: (s.set_bit(), s.by_hand(status={"status_list": {"idx": 7, "uri": _TOKEN_LIST}}))
)
add("its status claim is no object")(lambda s: s.by_hand(status="none"))
add("its index is a list")(
    lambda s: s.by_hand(credentialStatus=s.school.status(7) | {"statusListIndex": ["7"]})
)


def _packed(bits: bytes, more: bytes = b"") -> str:
    import gzip

    return "u" + encode_base64url(gzip.compress(bits) + more)


def _tampered_list(s: State) -> None:
    s.relist()
    held = State(s.school, s.school.web.pages[s.school.list_url].decode())
    held.tamper(
        1, lambda data: json.dumps(json.loads(data) | {"validUntil": "2099-01-01T00:00:00Z"}).encode()
    )
    s.serve(held.token.encode())


def _foreign_notices(s: State) -> None:
    other = School(s.school.web, "other.example", "Another school")
    other.set_bits["revocation"][7] = "replaced"
    other.publish()
    place = s.school.list_url.replace(".json", ".notices.jwt")
    s.school.web.pages[place] = s.school.web.pages[other.list_url.replace(".json", ".notices.jwt")]

"""What somebody might do to a signed document, at random, the same for the same seed.

An act takes a document and changes it in place, or raises ``NotHere`` where it has nothing to work on.
"""

from __future__ import annotations

import copy
import json
import random
import unicodedata
from collections.abc import Callable, Iterator
from typing import Any

from testamur.contexts import URLS
from testamur.encoding import decode_base58, encode_base58, encode_base64url
from testamur.errors import Malformed
from testamur.jsontext import Json

Act = Callable[[Json, random.Random], None]


class NotHere(Exception):
    """The act has nothing to work on in this document."""


CONTEXTS = tuple(sorted(URLS))
NAMES = (
    "id", "type", "@id", "@type", "@context", "@graph", "@included", "@nest", "@reverse", "@index", "@set", "@list",
    "@value", "@language", "@none", "name", "description", "issuer", "holder", "proof", "validFrom", "validUntil",
    "issuanceDate", "expirationDate", "expires", "expiration", "created", "credentialSubject", "credentialStatus",
    "credentialSchema", "evidence", "refreshService", "termsOfUse", "relatedResource", "verifiableCredential",
    "awardedDate", "image", "Image", "achievement", "Achievement", "identifier", "result", "value", "licenseNumber",
    "endorsement", "creator", "Profile", "statusListIndex", "statusListCredential", "statusPurpose", "previousProof",
    "challenge", "domain", "nonce", "cryptosuite", "proofPurpose", "vc", "vp", "iss", "nbf", "exp", "cnf", "x", "",
    "https://www.w3.org/2018/credentials#credentialStatus", "https://www.w3.org/2018/credentials#validUntil",
    "https://www.w3.org/2018/credentials#expirationDate", "https://schema.org/name", "schema:name", "xsd:string",
)  # fmt: skip
VALUES: tuple[Any, ...] = (
    None, True, False, 0, 1, 1.0, -1, 240, 1e21, 2**53, "", " ", "x", "Rector", "true", "240", [], {}, [[]], [{}], ["x"],
    "urn:uuid:00000000-0000-4000-8000-000000000009", "did:web:thief.example", "did:web:thief.example#key-1", "_:b0",
    "2031-01-01T00:00:00Z", "2031-01-01", "9999-12-31T23:59:59Z", ["VerifiableCredential"], {"@value": "x"},
    {"@value": "x", "@language": "en"}, {"id": "urn:x:y"}, {"@id": "urn:x:y"}, {"@set": ["x"]}, {"@list": ["x"]},
    {"id": "did:web:thief.example", "type": ["Profile"], "name": "Thief"}, {"type": "Evidence"},
    {"type": "DataIntegrityProof", "cryptosuite": "future-2035", "verificationMethod": "did:web:ministry.example#1",
     "proofPurpose": "assertionMethod", "proofValue": "z3"},
)  # fmt: skip
INLINE: tuple[Json, ...] = (
    {"state": "https://www.w3.org/2018/credentials#credentialStatus"},
    {"until": {"@id": "https://www.w3.org/2018/credentials#validUntil"}},
    {"title": "https://schema.org/name"}, {"key": "@id"}, {"kind": "@type"}, {"is": "urn:uuid:"},
    {"@vocab": "https://www.w3.org/2018/"}, {"@vocab": "https://schema.org/"}, {"@vocab": None}, {"@language": "en"},
    {"@base": "https://thief.example/"}, {"name": "https://schema.org/description"}, {"unused": "https://x.example/y"},
    {"@protected": True}, {"@propagate": False}, {},
)  # fmt: skip
_LOOKALIKES = str.maketrans("aeopcxyAEOPC", "аеорсхуАЕОРС")


def mutated(document: Json, chance: random.Random) -> tuple[Json, str]:
    """A copy with one to three things done to it, and what was done."""
    changed = copy.deepcopy(document)
    done: list[str] = []
    wanted = chance.choice((1, 1, 1, 1, 2, 3))
    while len(done) < wanted:
        act = chance.choice(ACTS)
        try:
            act(changed, chance)
        except NotHere:
            continue
        changed = json.loads(json.dumps(changed))  # so that no two places share one list
        done.append(act.__name__)
    return changed, "+".join(done)


def _containers(value: Any) -> list[Any]:
    found = [value]
    for item in found:
        inner = item.values() if isinstance(item, dict) else item
        found += [child for child in inner if isinstance(child, dict | list)]
    return found


def _objects(document: Json) -> list[Json]:
    return [item for item in _containers(document) if isinstance(item, dict)]


def _lists(document: Json, shortest: int = 1) -> list[list[Any]]:
    return [item for item in _containers(document) if isinstance(item, list) and len(item) >= shortest]


def _spots(document: Json, kind: type | tuple[type, ...] = object) -> list[tuple[Any, Any]]:
    """Every place of a value of this kind: its container and its key there."""
    return [
        (container, spot)
        for container in _containers(document)
        for spot in _keys(container)
        if isinstance(container[spot], kind) and (kind is not int or not isinstance(container[spot], bool))
    ]


def _keys(container: Any) -> Iterator[Any]:
    return iter(list(container) if isinstance(container, dict) else range(len(container)))


def _pick(chance: random.Random, found: list[Any]) -> Any:
    if not found:
        raise NotHere
    return chance.choice(found)


def _value(chance: random.Random) -> Any:
    return copy.deepcopy(chance.choice(VALUES))


def _put(container: Any, value: Any, chance: random.Random) -> None:
    if isinstance(container, dict):
        container[chance.choice(NAMES)] = value
    else:
        container.insert(chance.randint(0, len(container)), value)


def replace(document: Json, chance: random.Random) -> None:
    container, spot = _pick(chance, _spots(document))
    container[spot] = _value(chance)


def drop(document: Json, chance: random.Random) -> None:
    container, spot = _pick(chance, _spots(document))
    del container[spot]


def drop_a_member_of_the_record(document: Json, chance: random.Random) -> None:
    del document[_pick(chance, list(document))]


def add(document: Json, chance: random.Random) -> None:
    _put(chance.choice(_containers(document)), _value(chance), chance)


def rename(document: Json, chance: random.Random) -> None:
    found = _pick(chance, [item for item in _objects(document) if item])
    name = chance.choice(list(found))
    value = found.pop(name)
    ways = (chance.choice(NAMES), name.swapcase(), name.capitalize(), f"{name} ", f"@{name}", f"vc:{name}")
    found[chance.choice(ways)] = value


def move(document: Json, chance: random.Random) -> None:
    container, spot = _pick(chance, _spots(document))
    value = container.pop(spot)
    target = chance.choice(_containers(document))
    if isinstance(target, dict) and isinstance(spot, str):
        target[spot] = value
    else:
        _put(target, value, chance)


def copy_elsewhere(document: Json, chance: random.Random) -> None:
    container, spot = _pick(chance, _spots(document))
    value = copy.deepcopy(container[spot])
    target = chance.choice(_containers(document))
    if isinstance(target, dict) and isinstance(spot, str):
        target[spot] = value
    else:
        _put(target, value, chance)


def swap(document: Json, chance: random.Random) -> None:
    spots = _spots(document, (str, int, float))
    (one, here), (other, there) = _pick(chance, spots), _pick(chance, spots)
    one[here], other[there] = other[there], one[here]


def swap_members(document: Json, chance: random.Random) -> None:
    found = _pick(chance, [item for item in _objects(document) if len(item) > 1])
    here, there = chance.sample(list(found), 2)
    found[here], found[there] = found[there], found[here]


def wrap(document: Json, chance: random.Random) -> None:
    container, spot = _pick(chance, _spots(document))
    container[spot] = [container[spot]]


def unwrap(document: Json, chance: random.Random) -> None:
    container, spot = _pick(chance, [(c, s) for c, s in _spots(document, list) if c[s]])
    container[spot] = container[spot][0]


def reorder(document: Json, chance: random.Random) -> None:
    chance.shuffle(_pick(chance, _lists(document, 2)))


def reorder_members(document: Json, chance: random.Random) -> None:
    found = _pick(chance, [item for item in _objects(document) if len(item) > 1])
    members = list(found.items())
    chance.shuffle(members)
    found.clear()
    found.update(members)


def double(document: Json, chance: random.Random) -> None:
    found = _pick(chance, _lists(document))
    found.append(copy.deepcopy(chance.choice(found)))


def change_text(document: Json, chance: random.Random) -> None:
    container, spot = _pick(chance, _spots(document, str))
    text = container[spot]
    place = chance.randint(0, len(text))
    ways = (
        f" {text}", f"{text} ", f"{text}\n", f"\ufeff{text}", text.swapcase(), text.lower(), text.upper(),
        unicodedata.normalize("NFC", text), unicodedata.normalize("NFD", text), unicodedata.normalize("NFKC", text),
        f"{text[:place]}\u200b{text[place:]}", f"{text[:place]}\u202e{text[place:]}", text.translate(_LOOKALIKES),
        f"{text[:place]}{chance.choice('019azé ')}{text[place + 1:]}", text[:place], text[::-1],
    )  # fmt: skip
    container[spot] = chance.choice(ways)


def retype(document: Json, chance: random.Random) -> None:
    """A value as another kind of JSON: 1, 1.0, "1", {"@value": 1}."""
    container, spot = _pick(chance, _spots(document, (str, int, float)))
    value = container[spot]
    ways: list[Any] = [
        str(value),
        {"@value": value},
        {"@id": value},
        {"id": value},
        {"@value": value, "@language": "en"},
    ]
    if isinstance(value, bool):
        ways += [str(value).lower(), int(value)]
    elif isinstance(value, int | float):
        ways += [float(value), value + 1, -value]
    elif value.isdigit():
        ways += [int(value), float(value), f"0{value}", f"{value}.0", f"+{value}"]
    container[spot] = chance.choice(ways)


def change_instant(document: Json, chance: random.Random) -> None:
    spots = [(c, s) for c, s in _spots(document, str) if c[s][10:11] == "T"]
    container, spot = _pick(chance, spots)
    text = container[spot]
    ways = (
        text.replace("Z", "+00:00"), text.replace("Z", ".0Z"), text.replace("Z", ".000Z"), text.replace("T", "t"),
        text.replace("Z", "-00:00"), text.replace("Z", ""), text[:10], text.replace("20", "21", 1), f"{text} ",
    )  # fmt: skip
    container[spot] = chance.choice(ways)


def change_context(document: Json, chance: random.Random) -> None:
    holder = _pick(chance, [item for item in _objects(document) if isinstance(item.get("@context"), list)])
    contexts = holder["@context"]
    extra = chance.choice((chance.choice(CONTEXTS), copy.deepcopy(chance.choice(INLINE))))
    way = chance.choice(("append", "append", "append", "insert", "drop", "shuffle", "double"))
    if way == "append":
        contexts.append(extra)
    elif way == "insert":
        contexts.insert(chance.randint(0, len(contexts)), extra)
    elif way == "drop" and contexts:
        contexts.pop(chance.randrange(len(contexts)))
    elif way == "shuffle":
        chance.shuffle(contexts)
    else:
        contexts += contexts


def scope_a_context(document: Json, chance: random.Random) -> None:
    found = _pick(chance, [item for item in _objects(document) if "@context" not in item])
    found["@context"] = copy.deepcopy(chance.choice((*INLINE, None, chance.choice(CONTEXTS))))


def hide(document: Json, chance: random.Random) -> None:
    """A member under a name of one's own, said to mean the same."""
    meanings = {
        "credentialStatus": "https://www.w3.org/2018/credentials#credentialStatus",
        "validUntil": "https://www.w3.org/2018/credentials#validUntil",
        "expirationDate": "https://www.w3.org/2018/credentials#expirationDate",
        "name": "https://schema.org/name", "id": "@id", "type": "@type",
        "licenseNumber": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#licenseNumber",
    }  # fmt: skip
    name = chance.choice(list(meanings))
    found = _pick(chance, [item for item in _objects(document) if name in item])
    value = found.pop(name)
    way = chance.choice(("address", "inline", "included", "nested", "type"))
    if way == "address":
        found[meanings[name]] = value
    elif way == "inline":
        found["own"] = value
        document["@context"] = [*_listed(document.get("@context")), {"own": meanings[name]}]
    elif way == "nested":
        found["@nest"] = {name: value}
    else:
        again = {"id": found.get("id", "_:b0"), name: value, "type": found.get("type", [])}
        found["@included" if way == "included" else "evidence"] = [again]


def split(document: Json, chance: random.Random) -> None:
    """One thing told in two places under the same id."""
    things = [(c, s) for c, s in _spots(document, dict) if len(c[s]) > 2]
    container, spot = _pick(chance, things)
    thing = container[spot]
    name = thing.setdefault("id", "_:b0")
    parted = chance.choice([member for member in thing if member != "id"])
    rest = {"id": name, parted: thing.pop(parted)}
    others = [item for item in _objects(document) if item.get("id") == name and item is not thing]
    if others and chance.random() < 0.5:
        chance.choice(others).update(rest)
    else:
        container[spot] = [thing, rest]


def change_proof(document: Json, chance: random.Random) -> None:
    proof = _pick(chance, [item for item in _objects(document) if "proofPurpose" in item])
    name = chance.choice(
        ("created", "verificationMethod", "proofPurpose", "cryptosuite", "type", "proofValue")
    )
    ways = {
        "created": ("2026-07-01T00:00:00.000Z", "2026-06-01T00:00:00Z", "2027-01-01T00:00:00Z"),
        "verificationMethod": (
            "did:web:diplomas.valdoria.example#status-1", "did:web:diplomas.valdoria.example#P-256",
            "#key-1", {"id": proof.get("verificationMethod")}, "did:web:thief.example#key-1",
        ),
        "proofPurpose": ("authentication", "assertionMethod", "keyAgreement", ["assertionMethod"]),
        "cryptosuite": ("eddsa-rdfc-2022", "eddsa-jcs-2022", "ecdsa-rdfc-2019", "ecdsa-jcs-2019", "future-2035"),
        "type": ("DataIntegrityProof", "Ed25519Signature2020", "FutureSignature2035", ["DataIntegrityProof"]),
        "proofValue": tuple(_signatures(proof.get("proofValue"), chance)),
    }  # fmt: skip
    proof[name] = chance.choice(ways[name])


def add_to_a_proof(document: Json, chance: random.Random) -> None:
    proof = _pick(chance, [item for item in _objects(document) if "proofPurpose" in item])
    name, value = chance.choice(
        (
            ("expires", "2040-01-01T00:00:00Z"), ("domain", "https://thief.example"), ("challenge", "c-18"),
            ("nonce", "n"), ("id", "urn:uuid:00000000-0000-4000-8000-0000000000a9"), ("@context", [CONTEXTS[0]]),
            ("previousProof", "urn:uuid:00000000-0000-4000-8000-0000000000a1"), ("jws", "e30..AA"),
            ("@context", copy.deepcopy(document.get("@context"))), ("name", "x"), ("x", "x"),
        )
    )  # fmt: skip
    proof[name] = value


def change_proofs(document: Json, chance: random.Random) -> None:
    """A proof doubled, dropped, put among others or reordered."""
    holder = _pick(chance, [item for item in _objects(document) if "proof" in item])
    proofs = _listed(holder["proof"])
    other: Json = copy.deepcopy(VALUES[-1])
    way = chance.choice(("double", "drop", "stranger", "reorder", "none"))
    if way == "double" and proofs:
        proofs = [*proofs, copy.deepcopy(chance.choice(proofs))]
    elif way == "drop":
        proofs = proofs[1:] if chance.random() < 0.5 else proofs[:-1]
    elif way == "stranger":
        proofs = [*proofs, other]
    elif way == "reorder":
        proofs = proofs[::-1]
    else:
        proofs = []
    holder["proof"] = proofs


def _signatures(text: Any, chance: random.Random) -> Iterator[Any]:
    """The same signature in other spellings, and others."""
    if not isinstance(text, str) or not text.startswith("z"):
        return iter(("z", "", None))
    try:
        raw = decode_base58(text[1:])
    except Malformed:
        raw = b""
    flipped = bytearray(raw or b"\0")
    flipped[chance.randrange(len(flipped))] ^= 1 << chance.randrange(8)
    return iter(
        (
            "u" + encode_base64url(raw), f"z1{text[1:]}", f"z11{text[1:]}", text[1:], f" {text}", f"{text} ",
            text[:-1], f"{text}1", "z" + encode_base58(raw + b"\0"), "z" + encode_base58(bytes(flipped)),
            "z" + encode_base58(bytes(64)), "z", [text], text.swapcase(),
        )
    )  # fmt: skip


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


ACTS: tuple[Act, ...] = (
    replace, drop, drop_a_member_of_the_record, add, rename, move, copy_elsewhere, swap, swap_members, wrap, unwrap,
    reorder, reorder_members, double, change_text, retype, change_instant, change_context, scope_a_context, hide, split,
    change_proof, add_to_a_proof, change_proofs,
)  # fmt: skip

"""One Data Integrity proof, its members read and checked (VC-DI §2.1)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from testamur.errors import Malformed, TestamurError
from testamur.jsontext import Json
from testamur.proofs.values import Signature
from testamur.times import parse_instant

MAX_PROOFS = 16

_NO_OFFSET = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,18})?", re.ASCII)

_FAILED = "https://w3id.org/security#PROOF_VERIFICATION_ERROR"


@dataclass(frozen=True, slots=True)
class Proof:
    """A proof whose members have the right shapes; nothing is said of its truth."""

    members: Json
    suite: str  # the cryptosuite; for older proofs their type
    verification_method: str
    purpose: str
    created: datetime | None
    expires: datetime | None
    domain: tuple[str, ...]
    challenge: str
    previous: tuple[str, ...]  # ids of the proofs it builds on

    @classmethod
    def parse(cls, members: Any) -> Proof:
        """The proof of a JSON object; raises Malformed."""
        if not isinstance(members, dict):
            raise Malformed("proof", "a proof is a JSON object", clause="VC-DI §4.4", problem=_FAILED)
        for name in ("id", "challenge", "nonce"):
            if name in members:
                _text(members, name)
        if "expiration" in members:  # a name that an old context has for the same thing
            raise Malformed("proof.expiration", "a proof calls it expires", clause="VC-DI §2.1")
        return cls(
            members=members,
            suite=_suite(members),
            verification_method=method_id(members.get("verificationMethod"))
            or _missing("verificationMethod"),
            purpose=_text(members, "proofPurpose"),
            created=_instant(members, "created"),
            expires=_instant(members, "expires"),
            domain=_texts(members, "domain"),
            challenge=members.get("challenge", ""),
            previous=_texts(members, "previousProof"),
        )

    def signature(self, **found: Any) -> Signature:
        """What is reported of this proof; ``found`` is the method or the error."""
        return Signature(
            self.verification_method,
            self.suite,
            self.purpose,
            created=self.created,
            expires=self.expires,
            domain=self.domain,
            challenge=self.challenge,
            **found,
        )


def check_proof_shape(members: Any) -> None:
    """Raise Malformed where this is no proof: a member is missing or has the wrong shape."""
    proof = Proof.parse(members)
    if not isinstance(members.get("proofValue", members.get("jws")), str):
        raise Malformed("proof.proofValue", "it must be a text", clause="VC-DI §2.1", problem=_FAILED)
    if proof.created is None and proof.suite == "Ed25519Signature2020":
        raise Malformed("proof.created", "a proof of this type has it", problem=_FAILED)


def broken(members: Any, error: TestamurError) -> Signature:
    """What is reported of a proof that cannot be read: the names it gives itself, and the error."""
    said: Json = members if isinstance(members, dict) else {}
    suite, kind, purpose = (said.get(name) for name in ("cryptosuite", "type", "proofPurpose"))
    return Signature(
        method_id(said.get("verificationMethod")),
        next((each for each in (suite, kind) if isinstance(each, str)), ""),
        purpose if isinstance(purpose, str) else "",
        error=error,
    )


def method_id(value: Any) -> str:
    """The id of a verification method given as a URL or as an object; "" where there is none."""
    if isinstance(value, dict):
        value = value.get("id")
    return value if isinstance(value, str) else ""


def _suite(members: Json) -> str:
    kind = _text(members, "type")
    return _text(members, "cryptosuite") if kind == "DataIntegrityProof" else kind


def _text(members: Json, name: str) -> str:
    value = members.get(name)
    if not isinstance(value, str) or not value:
        return _missing(name)
    return value


def _texts(members: Json, name: str) -> tuple[str, ...]:
    value = members.get(name, [])
    values = value if isinstance(value, list) else [value]
    if len(values) > MAX_PROOFS or not all(isinstance(each, str) and each for each in values):
        raise Malformed(f"proof.{name}", "it must be a text or a short list of texts", clause="VC-DI §2.1")
    return tuple(values)


def _instant(members: Json, name: str) -> datetime | None:
    """The instant of a member; one that was wrongly written without an offset is in UTC (VC-DI §2.1)."""
    if name not in members:
        return None
    value = members[name]
    without = isinstance(value, str) and _NO_OFFSET.fullmatch(value)
    return parse_instant(f"{value}Z" if without else value, f"proof.{name}")


def _missing(name: str) -> str:
    raise Malformed(
        f"proof.{name}", "it must be a text that is not empty", clause="VC-DI §4.4", problem=_FAILED
    )

"""Cryptosuites that let a holder leave members out: a base proof by the issuer, derived proofs by the holder.

What ecdsa-sd-2023 and bbs-2023 share is here; a ``Scheme`` is what they differ in. A base proof is between issuer
and holder, since it holds the key that hides what is left out; only a derived one is for a verifier.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from testamur.cbor import parse_cbor, write_cbor
from testamur.contexts import SHIPPED, ContextSet
from testamur.encoding import encode_multibase
from testamur.errors import KeyNotAuthorized, Malformed, ProofInvalid, Unsupported
from testamur.jsontext import Json
from testamur.keys import PublicKey, Signer
from testamur.proofs.selecting import (
    Grouped,
    Relabel,
    group,
    properties,
    relabelled,
    select,
    split_statements,
)
from testamur.proofs.suite import HashSuite, Known, read_proof_value

Choose = Callable[[Json], Sequence[str]]
"""Gives the pointers to what is always shown of a document, the mandatory ones."""

FAILED = "https://w3id.org/security#PROOF_VERIFICATION_ERROR"
_MAX_PROOF_VALUE = 1_000_000
_HEADER = 3


class Base(Protocol):
    """A base proof that was read."""

    @property
    def hmac_key(self) -> bytes:
        """The key of the labels."""
        ...

    @property
    def mandatory_pointers(self) -> list[str]:
        """What every derived proof shows."""
        ...


class Derived(Protocol):
    """A derived proof that was read."""

    @property
    def mandatory_indexes(self) -> list[int]:
        """Which of the statements shown, in order, are the mandatory ones."""
        ...


@dataclass(frozen=True, slots=True)
class Signed:
    """What is signed of a document: a digest of its options, one of the mandatory statements, and the others."""

    options: bytes
    mandatory: bytes
    others: Sequence[bytes]


@dataclass(frozen=True, slots=True)
class Choice:
    """What a holder shows: which of the other statements, labels by number ("c14nN"), places of the mandatory ones."""

    shown: Sequence[int]
    labels: Mapping[int, str]
    mandatory_indexes: list[int]
    presentation_header: bytes = b""


class Scheme(Protocol):
    """How one suite signs statements one by one, and its bytes."""

    @property
    def name(self) -> str:
        """The cryptosuite's name."""
        ...

    @property
    def algorithm(self) -> str:
        """The kind of the issuer's key."""
        ...

    @property
    def base(self) -> bytes:
        """The first three bytes of a base proof."""
        ...

    @property
    def derived(self) -> bytes:
        """The first three bytes of a derived proof."""
        ...

    @property
    def relabel(self) -> Relabel:
        """How blank nodes are named in what is signed."""
        ...

    def sign(self, what: Signed, signer: Signer, hmac_key: bytes, pointers: Sequence[str]) -> bytes:
        """The base proof."""
        ...

    def read_base(self, data: bytes) -> Any:
        """The ``Base`` in these bytes; raises Malformed."""
        ...

    def read_derived(self, data: bytes) -> Any:
        """The ``Derived`` in these bytes; raises Malformed."""
        ...

    def labels(self, derived: Any) -> dict[str, str]:
        """For each label of the canonical form ("_:c14n0") the one that was signed."""
        ...

    def derive(self, base: Any, what: Signed, choice: Choice) -> bytes:
        """The derived proof; what is signed is given without the digest of the options."""
        ...

    def check_base(self, base: Any, what: Signed, key: PublicKey) -> None:
        """Raise ProofInvalid unless every signature of a base proof holds."""
        ...

    def check_derived(self, derived: Any, what: Signed, key: PublicKey) -> None:
        """Raise ProofInvalid unless a derived proof holds for the statements shown."""
        ...


def _nothing(document: Json) -> Sequence[str]:
    return ()


@dataclass(frozen=True, slots=True)
class SelectiveSuite:
    """One cryptosuite over a scheme; ``choose`` names what is always shown of what is issued.

    With ``takes_base`` it verifies base proofs, as an issuer and a holder do with their own.
    """

    scheme: Scheme
    hashing: HashSuite
    contexts: ContextSet = SHIPPED
    plain: bool = True  # no context may be written out in a document
    choose: Choose = _nothing
    takes_base: bool = False
    retired: bool = False

    proof_type = "DataIntegrityProof"
    keeps_context = False
    is_selective = True

    @property
    def name(self) -> str:
        """The cryptosuite's name."""
        return self.scheme.name

    def check_key(self, key: PublicKey) -> None:
        """Raise KeyNotAuthorized for a key of a kind that the suite does not take."""
        if key.algorithm != self.scheme.algorithm:
            raise KeyNotAuthorized(f"{self.name} does not take {key.algorithm} keys")

    def covered(self, document: Json, proof: Json) -> Json:
        """The document as it stands."""
        return document

    def create(self, document: Json, options: Json, signer: Signer, text: str = "") -> Json:
        """The base proof of a document (VC-DI-ECDSA §3.6.1); raises Malformed where a pointer names nothing."""
        return self.create_from(document, options, signer, self.choose(document), secrets.token_bytes(32))

    def create_from(
        self, document: Json, options: Json, signer: Signer, pointers: Sequence[str], hmac_key: bytes
    ) -> Json:
        """The base proof with these mandatory pointers and this key for labels."""
        self.check_key(signer.public_key)
        grouped = group(document, hmac_key, self.scheme.relabel, self.contexts, plain=self.plain)
        what, _ = self.signed(grouped, pointers, self.hash_options(document, options))
        data = self.scheme.sign(what, signer, hmac_key, list(pointers))
        return options | {"proofValue": encode_multibase(data, "u")}

    def derive(
        self, document: Json, proof: Json, pointers: Sequence[str], *, presentation_header: bytes = b""
    ) -> tuple[Json, Json]:
        """The part of a document that is shown, and its derived proof (VC-DI-ECDSA §3.6.6).

        Raises Malformed where the proof is no base proof, or the pointers choose nothing.
        """
        base = self._base(proof)
        grouped = group(document, base.hmac_key, self.scheme.relabel, self.contexts, plain=self.plain)
        selection = select(grouped, base.mandatory_pointers, pointers, self.contexts)
        what, others = self.signed(grouped, base.mandatory_pointers, b"")
        shown = [place for place, number in enumerate(others) if number in selection.shown]
        choice = Choice(shown, selection.labels, selection.mandatory_indexes, presentation_header)
        value = encode_multibase(self.scheme.derive(base, what, choice), "u")
        return selection.document, proof | {"proofValue": value}

    def mandatory_pointers(self, proof: Json) -> list[str]:
        """What every copy derived from a base proof shows; raises Malformed where it is none."""
        pointers: list[str] = self._base(proof).mandatory_pointers
        return pointers

    def _base(self, proof: Json) -> Any:
        """The base proof, read; raises Malformed where it is a derived one."""
        data = _proof_bytes(proof)
        if data[:_HEADER] == self.scheme.derived:
            raise Malformed(
                "", "it is a copy already, and no copy is made of a copy: take the school's own file"
            )
        return self.scheme.read_base(data)

    def verify(
        self, document: Json, proof: Json, key: PublicKey, *, known: Known | None = None, text: str = ""
    ) -> frozenset[str]:
        """The properties that every copy shows, if a derived proof holds (VC-DI-ECDSA §3.6.7); else raise.

        Unsupported for a base proof, unless it is taken here.
        """
        self.check_key(key)
        data = _proof_bytes(proof)
        options = self.hash_options(document, proof)
        if self.is_base(data):
            self._verify_base(document, data, options, key)
            return frozenset()
        derived = self.scheme.read_derived(data)
        lines = relabelled(
            self._canonical(document, {} if known is None else known, text), self.scheme.labels(derived)
        )
        mandatory, others = split_statements(lines, derived.mandatory_indexes)
        self.scheme.check_derived(derived, Signed(options, mandatory, others), key)
        return properties(lines[number] for number in derived.mandatory_indexes)

    def is_base(self, data: bytes) -> bool:
        """Whether a proof begins as the issuer's own does."""
        return data[:_HEADER] == self.scheme.base

    def _verify_base(self, document: Json, data: bytes, options: bytes, key: PublicKey) -> None:
        if not self.takes_base:
            raise Unsupported(
                "it carries the issuer's base proof, which is for the holder alone; "
                "the holder makes the copy that is shown (testamur derive)",
                clause="VC-DI-ECDSA §3.6.7",
                problem=FAILED,
            )
        base = self.scheme.read_base(data)
        grouped = group(document, base.hmac_key, self.scheme.relabel, self.contexts, plain=self.plain)
        what, _ = self.signed(grouped, base.mandatory_pointers, options)
        self.scheme.check_base(base, what, key)

    def signed(self, grouped: Grouped, pointers: Sequence[str], options: bytes) -> tuple[Signed, list[int]]:
        """What is signed, and the numbers of the statements that are not mandatory."""
        mandatory = grouped.matching(grouped.paths(pointers))
        digest, others = split_statements(grouped.lines, sorted(mandatory))
        numbers = [number for number in range(len(grouped.statements)) if number not in mandatory]
        return Signed(options, digest, others), numbers

    def hash_options(self, document: Json, proof: Json) -> bytes:
        """The digest of the canonical options, with the document's ``@context``."""
        return self.hashing.hash_options(document, proof, "sha256")

    def _canonical(self, document: Json, known: Known, text: str) -> bytes:
        place = (self.hashing.canonize, "canonical")
        if place not in known:
            known[place] = self.hashing.canonize(document, "sha256", text)
        found: bytes = known[place]
        return found


def read_members(data: bytes) -> object:
    """What stands after the first three bytes of a proof, in CBOR without tags; raises Malformed.

    Only the deterministic encoding is taken, so that a proof has one text (RFC 8949 §4.2).
    """
    members = parse_cbor(data[_HEADER:])
    if write_cbor(members) != data[_HEADER:]:
        raise Malformed(
            "proofValue", "its CBOR is not written as it must be", clause="RFC 8949 §4.2", problem=FAILED
        )
    return members


def wrong_shape(clause: str) -> Malformed:
    """The error to raise for a proof whose members are not those of its kind."""
    return Malformed("proofValue", "it does not hold what such a proof holds", clause=clause, problem=FAILED)


def check_count(signatures: int, statements: int) -> None:
    """Raise ProofInvalid unless there is a signature for each statement."""
    if signatures != statements:
        raise ProofInvalid(f"it has {signatures} signatures for {statements} statements", problem=FAILED)


def _proof_bytes(proof: Json) -> bytes:
    return read_proof_value(proof.get("proofValue"), "u", _MAX_PROOF_VALUE)

"""A cryptosuite that signs two hashes: the one of the proof's options and the one of the document.

Each stage (configuration, canonical form, hashes, signature) is a function, because the W3C
publishes test vectors for each.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol

from testamur.encoding import decode_multibase, encode_multibase
from testamur.errors import KeyNotAuthorized, Malformed, ProofInvalid
from testamur.jsontext import Json, parse_object, write_json
from testamur.keys import PublicKey, Signer


class Canonize(Protocol):
    """The canonical bytes of a document, for a hash named "sha256" or "sha384"."""

    def __hash__(self) -> int: ...

    def __call__(self, document: Json, hash_name: str, text: str = "") -> bytes:
        """``text`` is JSON that reads as the document, where it is at hand."""
        ...


_CACHED_OPTIONS = 4096  # longer options are hashed anew each time, so that the cache stays small
_MAX_PROOF_VALUE = {"z": 256, "u": 4096}

Known = dict[Any, Any]
"""What was worked out of a document already, so that its next proof need not do it again."""


class Suite(Protocol):
    """One cryptosuite: makes the proof of a document and checks it."""

    @property
    def name(self) -> str:
        """The cryptosuite's name, and its key in SUITES."""
        ...

    @property
    def proof_type(self) -> str:
        """The ``type`` of its proofs."""
        ...

    @property
    def keeps_context(self) -> bool:
        """Whether a proof carries the ``@context`` it signed."""
        ...

    @property
    def retired(self) -> bool:
        """Whether it is verified still and not issued any more."""
        ...

    @property
    def is_selective(self) -> bool:
        """Whether its proofs let a holder leave members out."""
        ...

    def check_key(self, key: PublicKey) -> None:
        """Raise KeyNotAuthorized for a key of a kind that the suite does not take."""
        ...

    def covered(self, document: Json, proof: Json) -> Json:
        """The document as the proof signed it."""
        ...

    def create(self, document: Json, options: Json, signer: Signer, text: str = "") -> Json:
        """The proof of an unsecured document, which ``text`` reads as: the options with their ``proofValue``."""
        ...

    def verify(
        self, document: Json, proof: Json, key: PublicKey, *, known: Known | None = None, text: str = ""
    ) -> frozenset[str]:
        """Return if the proof holds, else raise; of a copy the properties that no holder could have left out.

        ``known`` is shared by the proofs of this same document, which ``text`` reads as where it is given.
        """
        ...


@dataclass(frozen=True, slots=True)
class HashSuite:
    """One cryptosuite: what it canonizes with, and which hash goes with which key."""

    name: str
    canonize: Canonize
    hashes: Mapping[str, str]  # key algorithm: name of the hash
    proof_type: str = "DataIntegrityProof"
    base: str = "z"  # the multibase of its proofValue
    signs_statements: bool = True  # and not the JSON as it is written (the JCS suites)
    keeps_context: bool = False  # the proof carries the @context it signed (JCS suites of the W3C)
    retired: bool = False  # verified still, not issued any more
    is_selective: bool = False

    def hash_for(self, key: PublicKey) -> str:
        """The hash that goes with a key; raises KeyNotAuthorized for a key of another kind."""
        try:
            return self.hashes[key.algorithm]
        except KeyError:
            raise KeyNotAuthorized(f"{self.name} does not take {key.algorithm} keys") from None

    def check_key(self, key: PublicKey) -> None:
        """Raise KeyNotAuthorized for a key of a kind that the suite does not take."""
        self.hash_for(key)

    def configuration(self, document: Json, proof: Json) -> Json:
        """The proof options as they are hashed: without ``proofValue``, with their ``@context``."""
        options = {name: value for name, value in proof.items() if name != "proofValue"}
        if not self.keeps_context:
            options["@context"] = document.get("@context")  # VC-DI-EDDSA §3.2.5
        return options

    def covered(self, document: Json, proof: Json) -> Json:
        """The document as the proof signed it; raises ProofInvalid where its ``@context`` was not kept.

        A JCS proof carries the ``@context`` it signed; later ones may only have been appended.
        """
        if not self.keeps_context or "@context" not in proof:
            return document
        if "@context" in document and document["@context"] == proof["@context"]:
            return document
        if not begins_with(document.get("@context", []), proof["@context"]):  # VC-DI-EDDSA §3.3.2
            raise ProofInvalid("the document's @context does not begin with the one that was signed")
        return document | {"@context": proof["@context"]}

    def hash_document(self, document: Json, hash_name: str, text: str = "") -> bytes:
        """The hash of the canonical document, which has no ``proof`` but those a chain builds on.

        ``text`` is JSON that reads as the document, where it is at hand: not all of it is looked at then.
        """
        return hashlib.new(hash_name, self.canonize(document, hash_name, text)).digest()

    def hash_options(self, document: Json, proof: Json, hash_name: str) -> bytes:
        """The hash of the canonical proof options; those of a batch are hashed once."""
        text = write_json(self.configuration(document, proof))
        if len(text) > _CACHED_OPTIONS:
            return _hash_text.__wrapped__(self.canonize, hash_name, text)
        return _hash_text(self.canonize, hash_name, text)

    def create(self, document: Json, options: Json, signer: Signer, text: str = "") -> Json:
        """The proof of an unsecured document, which ``text`` reads as: the options with their ``proofValue``."""
        proof = dict(options)
        if self.keeps_context and "@context" in document:
            proof["@context"] = document["@context"]  # VC-DI-EDDSA §3.3.1
        hash_name = self.hash_for(signer.public_key)
        data = self.hash_options(document, proof, hash_name) + self.hash_document(document, hash_name, text)
        return proof | {"proofValue": encode_multibase(signer.sign(data), self.base)}

    def verify(
        self, document: Json, proof: Json, key: PublicKey, *, known: Known | None = None, text: str = ""
    ) -> frozenset[str]:
        """Return nothing if the proof holds, since a document signed as a whole lacks nothing; else raise.

        ``known`` is shared by the proofs of this same document, which ``text`` reads as where it is given.
        """
        hash_name = self.hash_for(key)
        signed = self.covered(document, proof)
        known = {} if known is None or signed is not document else known
        signature = read_proof_value(proof.get("proofValue"), self.base)
        place = (self.canonize, hash_name)
        if place not in known:
            known[place] = self.hash_document(signed, hash_name, text if signed is document else "")
        key.verify(signature, self.hash_options(signed, proof, hash_name) + known[place])
        return frozenset()


def read_proof_value(value: Any, base: str, limit: int = 0) -> bytes:
    """The bytes of a ``proofValue`` in this multibase, "z" or "u"; raises Malformed."""
    if not isinstance(value, str) or value[:1] != base or len(value) > (limit or _MAX_PROOF_VALUE[base]):
        kind = "base58btc" if base == "z" else "base64url"
        raise Malformed(
            "proofValue", f"it must be {kind} text beginning with {base}", clause="VC-DI-EDDSA §3.2.2"
        )
    return decode_multibase(value)


def begins_with(context: Any, beginning: Any) -> bool:
    """Whether an ``@context`` has the values of another at its beginning, in their order."""
    expected = _listed(beginning)
    return _listed(context)[: len(expected)] == expected


def _listed(context: Any) -> list[Any]:
    return context if isinstance(context, list) else [context]


@lru_cache(maxsize=256)
def _hash_text(canonize: Canonize, hash_name: str, text: str) -> bytes:
    return hashlib.new(hash_name, canonize(parse_object(text), hash_name)).digest()

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

from testamur.encoding import decode_base58, encode_base58
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
_MAX_PROOF_VALUE = 256


@dataclass(frozen=True, slots=True)
class HashSuite:
    """One cryptosuite: what it canonizes with, and which hash goes with which key."""

    name: str
    canonize: Canonize
    hashes: Mapping[str, str]  # key algorithm: name of the hash
    proof_type: str = "DataIntegrityProof"
    keeps_context: bool = False  # the proof carries the @context it signed (the JCS suites)
    retired: bool = False  # verified still, not issued any more

    def hash_for(self, key: PublicKey) -> str:
        """The hash that goes with a key; raises KeyNotAuthorized for a key of another kind."""
        try:
            return self.hashes[key.algorithm]
        except KeyError:
            raise KeyNotAuthorized(f"{self.name} does not take {key.algorithm} keys") from None

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
        return proof | {"proofValue": "z" + encode_base58(signer.sign(data))}

    def verify(
        self, document: Json, proof: Json, key: PublicKey, *, document_hash: bytes | None = None
    ) -> None:
        """Return if the proof holds, else raise; ``document_hash`` saves hashing the same document again."""
        hash_name = self.hash_for(key)
        document = self.covered(document, proof)
        signature = _signature(proof.get("proofValue"))
        options = self.hash_options(document, proof, hash_name)
        key.verify(signature, options + (document_hash or self.hash_document(document, hash_name)))


def begins_with(context: Any, beginning: Any) -> bool:
    """Whether an ``@context`` has the values of another at its beginning, in their order."""
    expected = _listed(beginning)
    return _listed(context)[: len(expected)] == expected


def _signature(value: Any) -> bytes:
    if not isinstance(value, str) or value[:1] != "z" or len(value) > _MAX_PROOF_VALUE:
        raise Malformed(
            "proofValue", "it must be base58btc text beginning with z", clause="VC-DI-EDDSA §3.2.2"
        )
    return decode_base58(value[1:])


def _listed(context: Any) -> list[Any]:
    return context if isinstance(context, list) else [context]


@lru_cache(maxsize=256)
def _hash_text(canonize: Canonize, hash_name: str, text: str) -> bytes:
    return hashlib.new(hash_name, canonize(parse_object(text), hash_name)).digest()

"""Stamps: the proofs that one signer makes at one instant, with all that they have in common made once.

A stamp signs what it is given and looks at nothing else: whoever uses one answers for it that the text is
the compact JSON of a document in order, and that the canonical bytes are those of this text.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from testamur.encoding import encode_multibase
from testamur.keys import Signer
from testamur.proofs.jws import sign_under


@dataclass(frozen=True, slots=True)
class ProofStamp:
    """Data Integrity: makes the proof of a document out of its canonical bytes."""

    head: str  # the proof up to its signature: '{…,"proofValue":"'
    base: str  # the multibase of the signature
    options_hash: bytes
    hash_name: str  # also of the hash inside the canonical form
    signer: Signer

    def proof(self, canonical: bytes) -> str:
        """The proof as text, the signature over both hashes (VC-DI-EDDSA §3.2)."""
        data = self.options_hash + hashlib.new(self.hash_name, canonical).digest()
        return f'{self.head}{encode_multibase(self.signer.sign(data), self.base)}"}}'

    def secure(self, text: str, canonical: bytes) -> str:
        """The text with its proof at the end."""
        return f'{text[:-1]},"proof":{self.proof(canonical)}}}'


@dataclass(frozen=True, slots=True)
class ProofSetStamp:
    """The same with several proofs in a set (VC-DI §2.1.1)."""

    stamps: tuple[ProofStamp, ...]

    @property
    def hash_name(self) -> str:
        """The hash that all of them have in common."""
        return self.stamps[0].hash_name

    def secure(self, text: str, canonical: bytes) -> str:
        """The text with its proofs at the end."""
        proofs = ",".join(stamp.proof(canonical) for stamp in self.stamps)
        return f'{text[:-1]},"proof":[{proofs}]}}'


@dataclass(frozen=True, slots=True)
class TokenStamp:
    """JOSE: makes a document the payload of a token."""

    protected: str
    claims: str  # what stands after the document's members: ',"iat":1782898200}'
    signer: Signer

    def secure(self, text: str) -> str:
        """The token whose payload is the text with the claims at its end."""
        return sign_under(self.protected, f"{text[:-1]}{self.claims}".encode(), self.signer)

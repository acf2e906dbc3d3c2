"""Stamps: the proofs that one signer makes at one instant, with all that they have in common made once.

A stamp signs what it is given and looks at nothing else: whoever uses one answers for it that the text is
the compact JSON of a document in order, and that the canonical bytes are those of this text.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from testamur.encoding import encode_base58
from testamur.keys import Signer
from testamur.proofs.jws import sign_under


@dataclass(frozen=True, slots=True)
class ProofStamp:
    """Data Integrity: puts a proof at the end of a document."""

    head: str  # the member up to the signature: ',"proof":{…,"proofValue":"z'
    options_hash: bytes
    hash_name: str  # also of the hash inside the canonical form
    signer: Signer

    def secure(self, text: str, canonical: bytes) -> str:
        """The text with its proof, the signature over both hashes (VC-DI-EDDSA §3.2)."""
        data = self.options_hash + hashlib.new(self.hash_name, canonical).digest()
        return f'{text[:-1]}{self.head}{encode_base58(self.signer.sign(data))}"}}}}'


@dataclass(frozen=True, slots=True)
class TokenStamp:
    """JOSE: makes a document the payload of a token."""

    protected: str
    claims: str  # what stands after the document's members: ',"iat":1782898200}'
    signer: Signer

    def secure(self, text: str) -> str:
        """The token whose payload is the text with the claims at its end."""
        return sign_under(self.protected, f"{text[:-1]}{self.claims}".encode(), self.signer)

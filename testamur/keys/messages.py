"""What the public half of a BLS12-381 key is for: proofs of some of the messages it signed, and checking them (BBS)."""

from __future__ import annotations

from collections.abc import Sequence

from testamur.keys.public_key import PublicKey


def verify_messages(key: PublicKey, signature: bytes, header: bytes, messages: Sequence[bytes]) -> None:
    """Return if a signature over a header and all these messages holds, else raise ProofInvalid."""
    from testamur.keys.bbs import verify

    verify(key.raw, signature, header, messages)


def prove_messages(
    key: PublicKey,
    signature: bytes,
    header: bytes,
    presentation_header: bytes,
    messages: Sequence[bytes],
    shown: Sequence[int],
) -> bytes:
    """A proof that the messages with these numbers were signed, another one each time; raises ProofInvalid."""
    from testamur.keys.bbs import prove

    return prove(key.raw, signature, header, presentation_header, messages, shown)


def verify_shown_messages(
    key: PublicKey,
    proof: bytes,
    header: bytes,
    presentation_header: bytes,
    messages: Sequence[bytes],
    shown: Sequence[int],
) -> None:
    """Return if a proof of the messages with these numbers holds, else raise ProofInvalid."""
    from testamur.keys.bbs import verify_proof

    verify_proof(key.raw, proof, header, presentation_header, messages, shown)

"""ecdsa-sd-2023: a key of the record's own signs each statement, and is forgotten (VC-DI-ECDSA §3.6).

The issuer's signature covers the options, the mandatory statements and that key's public half.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from testamur.cbor import write_cbor
from testamur.encoding import decode_base64url, encode_base64url
from testamur.keys import PrivateKey, PublicKey, Signer
from testamur.proofs.selecting import Relabel, are_numbers, ascending, hmac_labels
from testamur.proofs.selective import Choice, Signed, check_count, read_members, wrong_shape

_P256 = b"\x80\x24"  # the prefix of a P-256 Multikey


class EcdsaSdBase(NamedTuple):
    """What a base proof holds (VC-DI-ECDSA §3.5.2)."""

    base_signature: bytes
    public_key: bytes  # of the record's own key, as a Multikey: 35 bytes
    hmac_key: bytes
    signatures: list[bytes]
    mandatory_pointers: list[str]


class EcdsaSdDerived(NamedTuple):
    """What a derived proof holds (VC-DI-ECDSA §3.5.7)."""

    base_signature: bytes
    public_key: bytes
    signatures: list[bytes]
    label_map: dict[int, bytes]
    mandatory_indexes: list[int]


def _fresh_key() -> PrivateKey:
    return PrivateKey.generate("P-256")


@dataclass(frozen=True, slots=True)
class EcdsaSd:
    """The scheme; ``own_key`` gives the key of a record."""

    own_key: Callable[[], PrivateKey] = _fresh_key
    name: str = "ecdsa-sd-2023"
    algorithm: str = "P-256"
    base: bytes = b"\xd9\x5d\x00"
    derived: bytes = b"\xd9\x5d\x01"
    relabel: Relabel = hmac_labels

    def sign(self, what: Signed, signer: Signer, hmac_key: bytes, pointers: Sequence[str]) -> bytes:
        """The base proof."""
        own = self.own_key()
        public_key = _P256 + own.public_key.raw
        signature = signer.sign(what.options + public_key + what.mandatory)
        signatures = [own.sign(line) for line in what.others]
        return self.base + write_cbor([signature, public_key, hmac_key, signatures, list(pointers)])

    def read_base(self, data: bytes) -> EcdsaSdBase:
        """The members of a base proof; raises Malformed where they are others."""
        match read_members(data):
            case [bytes(signature), bytes(public_key), bytes(hmac_key), list(signatures), list(pointers)]:
                sizes = [len(signature), len(public_key), len(hmac_key)] == [64, 35, 32]
                texts = all(isinstance(pointer, str) for pointer in pointers)
                if sizes and texts and _all_sized(signatures, 64) and data[:3] == self.base:
                    return EcdsaSdBase(signature, public_key, hmac_key, signatures, pointers)
        raise wrong_shape("VC-DI-ECDSA §3.5.3")

    def read_derived(self, data: bytes) -> EcdsaSdDerived:
        """The members of a derived proof; raises Malformed where they are others."""
        match read_members(data):
            case [bytes(signature), bytes(public_key), list(signatures), dict(labels), list(indexes)]:
                sizes = [len(signature), len(public_key)] == [64, 35] and _all_sized(signatures, 64)
                drawn = list(labels.values())
                if (
                    sizes
                    and _all_sized(drawn, 32)
                    and len(set(drawn)) == len(drawn)
                    and are_numbers(labels)
                    and ascending(indexes)
                    and data[:3] == self.derived
                ):
                    return EcdsaSdDerived(signature, public_key, signatures, labels, indexes)
        raise wrong_shape("VC-DI-ECDSA §3.5.8")

    def labels(self, derived: EcdsaSdDerived) -> dict[str, str]:
        """For each label of the canonical form the one that was signed (VC-DI-ECDSA §3.5.6)."""
        pairs = derived.label_map.items()
        return {f"_:c14n{number}": f"_:u{encode_base64url(label)}" for number, label in pairs}

    def derive(self, base: EcdsaSdBase, what: Signed, choice: Choice) -> bytes:
        """The derived proof."""
        check_count(len(base.signatures), len(what.others))
        signatures = [base.signatures[place] for place in choice.shown]
        labels = {number: decode_base64url(label[1:]) for number, label in choice.labels.items()}
        members = [base.base_signature, base.public_key, signatures, labels, choice.mandatory_indexes]
        return self.derived + write_cbor(members)

    def check_base(self, base: EcdsaSdBase, what: Signed, key: PublicKey) -> None:
        """Raise ProofInvalid unless every signature holds."""
        _check(base, what, key)

    def check_derived(self, derived: EcdsaSdDerived, what: Signed, key: PublicKey) -> None:
        """Raise ProofInvalid unless every signature holds (VC-DI-ECDSA §3.6.7)."""
        _check(derived, what, key)


def _check(proof: EcdsaSdBase | EcdsaSdDerived, what: Signed, key: PublicKey) -> None:
    """The issuer's key verifies the first signature; the text of the step has the other key, a known error."""
    check_count(len(proof.signatures), len(what.others))
    if proof.public_key[:2] != _P256:
        raise wrong_shape("VC-DI-ECDSA §3.5.8")
    key.verify(proof.base_signature, what.options + proof.public_key + what.mandatory)
    own = PublicKey("P-256", proof.public_key[2:])
    for line, signature in zip(what.others, proof.signatures, strict=True):
        own.verify(signature, line)


def _all_sized(values: list[object], size: int) -> bool:
    return all(isinstance(value, bytes) and len(value) == size for value in values)

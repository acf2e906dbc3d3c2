"""bbs-2023: one BBS signature over all statements, and proofs of some that cannot be linked (VC-DI-BBS §3.4).

The baseline feature; the document is a Candidate Recommendation on drafts of the CFRG, so it is an experiment.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from testamur.cbor import write_cbor
from testamur.errors import ProofInvalid, Unsupported
from testamur.keys import (
    MessageSigner,
    PublicKey,
    Signer,
    prove_messages,
    verify_messages,
    verify_shown_messages,
)
from testamur.proofs.selecting import Relabel, are_numbers, ascending, shuffled_labels
from testamur.proofs.selective import FAILED, Choice, Signed, check_count, read_members, wrong_shape

_OTHER_FEATURES = (4, 5, 6, 7, 8, 9)


class BbsBase(NamedTuple):
    """What a base proof holds (VC-DI-BBS §3.3.1)."""

    signature: bytes
    header: bytes  # the digest of the options and the one of the mandatory statements
    public_key: bytes
    hmac_key: bytes
    mandatory_pointers: list[str]


class BbsDerived(NamedTuple):
    """What a derived proof holds (VC-DI-BBS §3.3.6)."""

    proof: bytes
    label_map: dict[int, int]
    mandatory_indexes: list[int]
    selective_indexes: list[int]  # of the statements shown, their numbers among all that are not mandatory
    presentation_header: bytes


@dataclass(frozen=True, slots=True)
class Bbs2023:
    """The scheme."""

    name: str = "bbs-2023"
    algorithm: str = "BLS12-381"
    base: bytes = b"\xd9\x5d\x02"
    derived: bytes = b"\xd9\x5d\x03"
    relabel: Relabel = shuffled_labels

    def sign(self, what: Signed, signer: Signer, hmac_key: bytes, pointers: Sequence[str]) -> bytes:
        """The base proof."""
        if not isinstance(signer, MessageSigner):
            raise Unsupported(f"the key {signer.verification_method} cannot sign messages one by one")
        header = what.options + what.mandatory
        signature = signer.sign_messages(header, what.others)
        return self.base + write_cbor([signature, header, signer.public_key.raw, hmac_key, list(pointers)])

    def read_base(self, data: bytes) -> BbsBase:
        """The members of a base proof; raises Malformed where they are others."""
        _refuse_features(data)
        match read_members(data):
            case [bytes(signature), bytes(header), bytes(public_key), bytes(hmac_key), list(pointers)]:
                sizes = [len(part) for part in (signature, header, public_key, hmac_key)] == [80, 64, 96, 32]
                texts = all(isinstance(pointer, str) for pointer in pointers)
                if sizes and texts and data[:3] == self.base:
                    return BbsBase(signature, header, public_key, hmac_key, pointers)
        raise wrong_shape("VC-DI-BBS §3.3.2")

    def read_derived(self, data: bytes) -> BbsDerived:
        """The members of a derived proof; raises Malformed where they are others."""
        _refuse_features(data)
        match read_members(data):
            case [bytes(proof), dict(labels), list(mandatory), list(selective), bytes(presented)]:
                drawn = list(labels.values())
                if (
                    are_numbers((*labels, *drawn))
                    and len(set(drawn)) == len(drawn)
                    and ascending(mandatory)
                    and ascending(selective)
                    and data[:3] == self.derived
                ):
                    return BbsDerived(proof, labels, mandatory, selective, presented)
        raise wrong_shape("VC-DI-BBS §3.3.7")

    def labels(self, derived: BbsDerived) -> dict[str, str]:
        """For each label of the canonical form the one that was signed (VC-DI-BBS §3.3.5)."""
        return {f"_:c14n{number}": f"_:b{label}" for number, label in derived.label_map.items()}

    def derive(self, base: BbsBase, what: Signed, choice: Choice) -> bytes:
        """The derived proof, with a verifier's nonce in its presentation header where there is one."""
        labels = {number: int(label[1:]) for number, label in choice.labels.items()}
        shown = list(choice.shown)
        key = PublicKey(self.algorithm, base.public_key)
        made = prove_messages(
            key, base.signature, base.header, choice.presentation_header, what.others, shown
        )
        members = [made, labels, choice.mandatory_indexes, shown, choice.presentation_header]
        return self.derived + write_cbor(members)

    def check_base(self, base: BbsBase, what: Signed, key: PublicKey) -> None:
        """Raise ProofInvalid unless the signature holds."""
        header = what.options + what.mandatory
        if (base.header, base.public_key) != (header, key.raw):
            raise ProofInvalid("its base proof is of another document or key", problem=FAILED)
        verify_messages(key, base.signature, header, what.others)

    def check_derived(self, derived: BbsDerived, what: Signed, key: PublicKey) -> None:
        """Raise ProofInvalid unless the proof holds (VC-DI-BBS §3.4.7)."""
        check_count(len(derived.selective_indexes), len(what.others))
        header = what.options + what.mandatory
        verify_shown_messages(
            key, derived.proof, header, derived.presentation_header, what.others, derived.selective_indexes
        )


def _refuse_features(data: bytes) -> None:
    """Raise Unsupported for the optional features, which the document marks as at risk."""
    if data[:2] == b"\xd9\x5d" and data[2:3] and data[2] in _OTHER_FEATURES:
        raise Unsupported("bbs-2023 with holder binding or pseudonyms is not supported", problem=FAILED)

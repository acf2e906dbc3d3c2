"""The proofs of one document, looked at together: sets, and chains through ``previousProof`` (VC-DI §2.1.2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from testamur.errors import ProofInvalid, TestamurError, Undecided, Unsupported
from testamur.jsontext import Json
from testamur.keys import PublicKey
from testamur.proofs.proof import Proof, broken
from testamur.proofs.suite import Known, Suite, begins_with
from testamur.proofs.values import FindKey, Signature
from testamur.times import parse_instant


class ProofSet:
    """A document without its proofs, and the proofs; what is worked out of each document that is signed is kept."""

    def __init__(
        self,
        document: Json,
        proofs: Sequence[object],
        purpose: str,
        suites: Mapping[str, Suite],
        text: str = "",  # JSON that reads as the document, where it is at hand
    ) -> None:
        self._document = document
        self._text = text
        self._proofs = proofs
        self._purpose = purpose
        self._suites = suites
        self._known: dict[tuple[str, ...], Known] = {}

    def look(self, find_key: FindKey) -> tuple[Signature, ...]:
        """One Signature for each proof, in document order; what is wrong with a proof is in it."""
        known: dict[int, Signature] = {}
        for index in range(len(self._proofs)):
            self._look(index, find_key, known, ())
        return tuple(known[index] for index in range(len(self._proofs)))

    def document_for(self, previous: tuple[str, ...]) -> Json:
        """What a proof signs: the document, holding exactly the proofs that it builds on."""
        if not previous:
            return self._document
        return self._document | {"proof": [self._proofs[self._index(each)] for each in previous]}

    def _look(
        self, index: int, find_key: FindKey, known: dict[int, Signature], path: tuple[int, ...]
    ) -> None:
        if index in known:
            return
        if index in path:
            raise ProofInvalid("the proofs build on one another in a circle", clause="VC-DI §4.5")
        members = self._proofs[index]
        try:
            proof = Proof.parse(members)
        except TestamurError as error:
            known[index] = broken(members, error)
            return
        try:
            suite = self._suite(proof)
            for each in proof.previous:
                before = self._index(each)
                self._look(before, find_key, known, (*path, index))
                _must_hold(known[before], each)
            signed_at = proof.created or valid_from(self._document)
            method = find_key(proof.verification_method, proof.purpose, signed_at)
            shown = self._verify(suite, proof, method.public_key)
            known[index] = proof.signature(method=method, is_selective=suite.is_selective, always_shown=shown)
        except TestamurError as error:
            known[index] = proof.signature(error=error)

    def _suite(self, proof: Proof) -> Suite:
        suite = self._suites.get(proof.suite)
        if suite is None or suite.proof_type != proof.members["type"]:
            raise Unsupported(f"the cryptosuite {proof.suite!r:.60} is not supported")
        if proof.purpose != self._purpose:
            raise ProofInvalid(
                f"its purpose is {proof.purpose!r:.60}, not {self._purpose}", clause="VC-DI §4.4"
            )
        if suite.covered(self._document, proof.members) != self._document:
            raise Unsupported("it signed fewer contexts than another proof on the same document")
        return suite

    def _verify(self, suite: Suite, proof: Proof, key: PublicKey) -> frozenset[str]:
        known = self._known.setdefault(proof.previous, {})
        text = "" if proof.previous else self._text
        return suite.verify(self.document_for(proof.previous), proof.members, key, known=known, text=text)

    def _index(self, proof_id: str) -> int:
        found = [
            i for i, each in enumerate(self._proofs) if isinstance(each, dict) and each.get("id") == proof_id
        ]
        if len(found) != 1:
            count = "no proof" if not found else "more than one proof"
            raise ProofInvalid(
                f"previousProof names {proof_id!r:.80}, and {count} has that id", clause="VC-DI §4.5"
            )
        return found[0]


def valid_from(document: Json) -> datetime | None:
    """``validFrom``, or ``issuanceDate`` of a 1.1 credential: the signing time where none is given (CID §3.3)."""
    for name in ("validFrom", "issuanceDate"):
        if name in document:
            return parse_instant(document[name], name)
    return None


def _must_hold(before: Signature, proof_id: str) -> None:
    if before.holds:
        return
    sentence = f"it builds on the proof {proof_id!r:.80}, which does not hold"
    if isinstance(before.error, Undecided):
        raise Unsupported(sentence.replace("does not hold", "could not be checked"), clause="VC-DI §4.5")
    raise ProofInvalid(sentence, clause="VC-DI §4.5")


def as_signed(unsecured: Json, proofs: Sequence[object], suites: Mapping[str, Suite]) -> Json:
    """The document with the ``@context`` its proofs signed, where all of them signed the same beginning of it."""
    present = unsecured.get("@context")
    signed = [_signed_context(each, present, suites) for each in proofs]
    if not signed or signed[0] == present or any(each != signed[0] for each in signed):
        return unsecured
    if not begins_with(present, signed[0]):
        return unsecured
    return unsecured | {"@context": signed[0]}


def _signed_context(proof: object, present: Any, suites: Mapping[str, Suite]) -> Any:
    if not isinstance(proof, dict) or not isinstance(proof.get("cryptosuite"), str):
        return present
    suite = suites.get(proof["cryptosuite"])
    return proof.get("@context", present) if suite and suite.keeps_context else present

"""Copies of a record that show a part of it, made by its holder: the table of forms that allow it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from testamur.errors import Malformed, TestamurError
from testamur.jsontext import Json, write_json
from testamur.proofs.choosing import SdJwtDerivation
from testamur.proofs.data_integrity import listed_proofs
from testamur.proofs.selective import SelectiveSuite
from testamur.proofs.suite import Suite
from testamur.proofs.suites import SUITES
from testamur.proofs.values import SecuredDocument


class Derivation(Protocol):
    """How copies are made of records in one kind of form."""

    def takes(self, document: SecuredDocument) -> bool:
        """Whether a record is in such a form."""
        ...

    def read(self, document: SecuredDocument) -> Json:
        """What the record says, without its proof."""
        ...

    def always_shown(self, document: SecuredDocument) -> list[str]:
        """The JSON pointers to what every copy shows; raises Malformed where it is a copy already."""
        ...

    def derive(
        self, document: SecuredDocument, pointers: Sequence[str], *, nonce: bytes = b""
    ) -> SecuredDocument:
        """The copy that shows these too; ``nonce`` is a verifier's, put in where the form has a place for it."""
        ...


@dataclass(frozen=True, slots=True)
class SelectiveDerivation:
    """Copies of records with a base proof of ecdsa-sd-2023 or bbs-2023."""

    suites: Mapping[str, Suite] = field(default_factory=lambda: SUITES, repr=False)

    def takes(self, document: SecuredDocument) -> bool:
        """Whether one of its proofs is of such a suite."""
        return document.format == "ldp_vc" and self._found(document) is not None

    def read(self, document: SecuredDocument) -> Json:
        """The credential without its proofs."""
        return {name: value for name, value in document.parsed.items() if name != "proof"}

    def always_shown(self, document: SecuredDocument) -> list[str]:
        """The mandatory pointers of its base proof."""
        suite, proof = self._proof(document)
        return suite.mandatory_pointers(proof)

    def derive(
        self, document: SecuredDocument, pointers: Sequence[str], *, nonce: bytes = b""
    ) -> SecuredDocument:
        """The copy, with the derived proof alone."""
        suite, proof = self._proof(document)
        part, derived = suite.derive(self.read(document), proof, pointers, presentation_header=nonce)
        claims = part | {"proof": derived}
        text = write_json(claims)
        return SecuredDocument(text, document.media_type, document.format, claims, read_from=text)

    def _proof(self, document: SecuredDocument) -> tuple[SelectiveSuite, Json]:
        found = self._found(document)
        if found is None:
            raise Malformed("proof", "it has no proof from which a copy can be made")
        return found

    def _found(self, document: SecuredDocument) -> tuple[SelectiveSuite, Json] | None:
        try:
            proofs = listed_proofs(document.parsed)
        except TestamurError:
            return None
        for proof in proofs:
            name = proof.get("cryptosuite") if isinstance(proof, dict) else None
            suite = self.suites.get(name) if isinstance(name, str) else None
            if isinstance(proof, dict) and isinstance(suite, SelectiveSuite):
                return suite, proof
        return None


DERIVATIONS: tuple[Derivation, ...] = (SelectiveDerivation(), SdJwtDerivation())


def derivation_of(document: SecuredDocument, derivations: Sequence[Derivation] = DERIVATIONS) -> Derivation:
    """How copies of a record are made; raises Malformed for one in no form that allows it."""
    for derivation in derivations:
        if derivation.takes(document):
            return derivation
    raise Malformed("", f"no part of it can be shown by itself: it is signed as a whole ({document.format})")

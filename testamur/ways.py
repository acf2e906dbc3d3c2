"""Ways: the further proofs and forms that a record gets, each with the key that signs it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from testamur.credentials import always_shown
from testamur.errors import OperatorError
from testamur.keys import Signer
from testamur.proofs import FURTHER_FORMS, SECOND_PROOFS, DataIntegrity, Format


@dataclass(frozen=True, slots=True)
class Way:
    """What it is called, how it is secured, and who signs it."""

    name: str
    format: Format
    signer: Signer


def second_proofs(name: str, signers: Sequence[Signer]) -> tuple[Way, ...]:
    """The proof beside the first one on the full form, none for ""; raises OperatorError where no key makes it."""
    if not name:
        return ()
    return (Way(name, DataIntegrity(name), signer_of(SECOND_PROOFS[name], name, signers)),)


def further_forms(
    names: Sequence[str], signers: Sequence[Signer], places: Sequence[str] | None
) -> tuple[Way, ...]:
    """The forms beside full and paper; ``places`` are what each copy made of them always shows.

    None for what the schema of the record's kind requires. Raises OperatorError where no key signs one.
    """
    choose = partial(always_shown, places=places)
    return tuple(
        Way(name, FURTHER_FORMS[name].make(choose), signer_of(FURTHER_FORMS[name].algorithm, name, signers))
        for name in names
    )


def signer_of(algorithm: str, name: str, signers: Sequence[Signer]) -> Signer:
    """The last of the signers with a key of this kind; raises OperatorError where there is none."""
    found = [signer for signer in signers if signer.public_key.algorithm == algorithm]
    if not found:
        raise OperatorError(
            f"{name} is signed with a key of the kind {algorithm}, and the school has none that is active",
            hint=f"make one: testamur key new --for forms --algorithm {algorithm}",
        )
    return found[-1]

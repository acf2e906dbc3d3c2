"""Ways: the further proofs and forms that a record gets, each with the key that signs it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from testamur.credentials import RECORD_KINDS, Template
from testamur.errors import OperatorError
from testamur.forming import Terms, further_form
from testamur.keys import Signer
from testamur.proofs import SECOND_PROOFS, DataIntegrity, Format


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


def further_forms(names: Sequence[str], signers: Sequence[Signer], terms: Terms) -> tuple[Way, ...]:
    """The forms beside full and paper; raises OperatorError where no key signs one, Unsupported for an unknown one."""
    found = []
    for name in names:
        form = further_form(name)
        signer = signer_of(form.algorithm, name, signers) if form.algorithm else signers[0]
        found.append(Way(name, form.make(terms), signer))
    return tuple(found)


def terms_of(template: Template, url: str) -> Terms:
    """What a template has settled for the further forms of its records, at a school with this site."""
    kind = template.kind if template.kind in RECORD_KINDS else "record"
    return Terms(url=url, kind=kind, type_name=template.vct, always_shown=template.shown_places)


def signer_of(algorithm: str, name: str, signers: Sequence[Signer]) -> Signer:
    """The last of the signers with a key of this kind; raises OperatorError where there is none."""
    found = [signer for signer in signers if signer.public_key.algorithm == algorithm]
    if not found:
        raise OperatorError(
            f"{name} is signed with a key of the kind {algorithm}, and the school has none that is active",
            hint=f"make one: testamur key new --for forms --algorithm {algorithm}",
        )
    return found[-1]

"""Which of the school's keys signs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

from testamur.credentials import NOT_IN_PART
from testamur.errors import OperatorError
from testamur.home import Home
from testamur.issuing import Issuer
from testamur.keys import PublicKey, Signer
from testamur.proofs import FURTHER_FORMS, SECOND_PROOFS
from testamur.store import ACTIVE, FORMS, KeyEntry, Ledger
from testamur.ways import further_forms, second_proofs

if TYPE_CHECKING:
    from testamur.credentials import Template


def active_key(home: Home, ledger: Ledger, use: str) -> KeyEntry:
    """The active key with the highest number for ``assertion`` or ``status``; lists are signed by an assertion key where none is for them.

    Raises OperatorError where the school has no active key.
    """
    active = [entry for entry in ledger.keys(home.did) if entry.state == ACTIVE]
    mine = [entry for entry in active if entry.use == use] or (active if use == "status" else [])
    if not mine:
        name = "status" if use == "status" else "diplomas"
        raise OperatorError(
            "the school has no active key to sign with", hint=f"make one: testamur key new --for {name}"
        )
    return max(mine, key=lambda entry: entry.number)


def form_keys(home: Home, ledger: Ledger) -> tuple[KeyEntry, ...]:
    """The active keys that sign further proofs and forms; of two of one kind the later one comes last."""
    return tuple(entry for entry in ledger.keys(home.did) if (entry.state, entry.use) == (ACTIVE, FORMS))


class LockedSigner:
    """Stands for a key nobody has opened: it names the key and signs nothing."""

    def __init__(self, did: str, entry: KeyEntry) -> None:
        self.verification_method = f"{did}#{entry.id}"
        self.public_key = PublicKey.from_multikey(entry.multikey)

    def sign(self, data: bytes) -> bytes:
        """Raise OperatorError."""
        raise OperatorError(f"the key {self.verification_method} is not open")


@dataclass(frozen=True, slots=True)
class IssuerOpener:
    """Opens the school's ledger and key, in this process or, sent there, in another one.

    Without a passphrase the issuer has a key that is locked: it checks and cannot sign.
    """

    home: Home
    entry: KeyEntry
    others: tuple[KeyEntry, ...] = ()
    second_proof: str = ""
    forms: tuple[str, ...] = ()
    always_shown: tuple[str, ...] | None = None
    passphrases: tuple[str, ...] = field(default=(), repr=False)

    @classmethod
    def of(cls, home: Home, ledger: Ledger, template: Template, *, forms: Sequence[str] = ()) -> IssuerOpener:
        """With the school's active key, and of the others those that the template and these forms need."""
        entry = active_key(home, ledger, "assertion")
        names = tuple(dict.fromkeys((*template.forms, *forms)))
        if names and template.courses is not None:
            raise OperatorError(f"{names[0]} is not made of a transcript: {NOT_IN_PART}")
        needed = {FURTHER_FORMS[name].algorithm for name in names}
        needed |= {SECOND_PROOFS[template.second_proof]} if template.second_proof else set()
        latest = {other.algorithm: other for other in form_keys(home, ledger) if other.algorithm in needed}
        others = tuple(latest.values())
        return cls(home, entry, others, template.second_proof, names, template.shown_places)

    def asking(self, ask: Callable[[str], str]) -> IssuerOpener:
        """With the passphrases or PINs, which are asked for once, however many processes there will be."""
        entries = (self.entry, *self.others)
        return replace(self, passphrases=tuple(ask(f"Passphrase for {entry.uri}") for entry in entries))

    def __call__(self) -> Issuer:
        """The issuer on a ledger of its own."""
        return self.open(self.home.ledger())

    def open(self, ledger: Ledger) -> Issuer:
        """The issuer on a ledger that is open already; raises OperatorError where a key is missing."""
        signers = self._signers()
        return Issuer(
            signers[0],
            ledger,
            self.home.did,
            self.home.status_url,
            second_proofs=second_proofs(self.second_proof, signers),
            forms=further_forms(self.forms, signers, self.always_shown),
        )

    def _signers(self) -> list[Signer]:
        entries = (self.entry, *self.others)
        if not self.passphrases:
            return [LockedSigner(self.home.did, entry) for entry in entries]
        pairs = zip(entries, self.passphrases, strict=True)
        return [self.home.signer(entry, partial(_told, word)) for entry, word in pairs]


def _told(passphrase: str, _: str) -> str:
    return passphrase

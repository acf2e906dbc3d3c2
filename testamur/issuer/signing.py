"""Which of the school's keys signs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

from testamur.credentials import why_not
from testamur.errors import OperatorError
from testamur.forming import Terms, further_form
from testamur.home import SETTINGS, Home
from testamur.issuing import Issuer
from testamur.keys import PublicKey, Signer
from testamur.proofs import SECOND_PROOFS
from testamur.store import ACTIVE, FORMS, KeyEntry, Ledger
from testamur.ways import Way, further_forms, second_proofs, terms_of

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


def check_lists(home: Home, names: Sequence[str]) -> None:
    """Raise OperatorError for a form whose status would be looked up in lists that the school does not publish."""
    if "dc+sd-jwt" in names and "jwt" not in home.token_lists:
        raise OperatorError(
            "the status of a dc+sd-jwt is looked up in a Token Status List, which this school does not publish",
            hint=f'write token_lists = ["jwt"] under [status] in {home.folder / SETTINGS}, and publish',
        )


def open_form(home: Home, ledger: Ledger, name: str, terms: Terms, ask: Callable[[str], str]) -> Way:
    """A further form with the key that signs it; raises OperatorError where the school has none."""
    algorithm = further_form(name).algorithm
    entries = [key for key in form_keys(home, ledger) if key.algorithm == algorithm][-1:]
    entries = entries if algorithm else [active_key(home, ledger, "assertion")]
    (way,) = further_forms((name,), [home.signer(entry, ask) for entry in entries], terms)
    return way


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
    terms: Terms = field(default_factory=Terms)
    passphrases: tuple[str, ...] = field(default=(), repr=False)

    @classmethod
    def of(cls, home: Home, ledger: Ledger, template: Template, *, forms: Sequence[str] = ()) -> IssuerOpener:
        """With the school's active key, and of the others those that the template and these forms need."""
        entry = active_key(home, ledger, "assertion")
        names = tuple(dict.fromkeys((*template.forms, *forms)))
        check_lists(home, names)
        for reason in filter(None, (why_not(template, name) for name in names)):
            raise OperatorError(reason)
        needed = {further_form(name).algorithm for name in names} - {""}
        needed |= {SECOND_PROOFS[template.second_proof]} if template.second_proof else set()
        latest = {other.algorithm: other for other in form_keys(home, ledger) if other.algorithm in needed}
        others = tuple(latest.values())
        return cls(home, entry, others, template.second_proof, names, terms_of(template, home.url))

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
            forms=further_forms(self.forms, signers, self.terms),
        )

    def _signers(self) -> list[Signer]:
        entries = (self.entry, *self.others)
        if not self.passphrases:
            return [LockedSigner(self.home.did, entry) for entry in entries]
        pairs = zip(entries, self.passphrases, strict=True)
        return [self.home.signer(entry, partial(_told, word)) for entry, word in pairs]


def _told(passphrase: str, _: str) -> str:
    return passphrase

"""Which of the school's keys signs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from testamur.errors import OperatorError
from testamur.home import Home
from testamur.issuing import Issuer
from testamur.keys import PublicKey, Signer
from testamur.store import ACTIVE, KeyEntry, Ledger


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
    passphrase: str | None = field(default=None, repr=False)

    def asking(self, ask: Callable[[str], str]) -> IssuerOpener:
        """With the passphrase or PIN, which is asked for once, however many processes there will be."""
        return replace(self, passphrase=ask(f"Passphrase for {self.entry.uri}"))

    def __call__(self) -> Issuer:
        """The issuer on a ledger of its own."""
        return self.open(self.home.ledger())

    def open(self, ledger: Ledger) -> Issuer:
        """The issuer on a ledger that is open already."""
        return Issuer(self._signer(), ledger, self.home.did, self.home.status_url)

    def _signer(self) -> Signer:
        passphrase = self.passphrase
        if passphrase is None:
            return LockedSigner(self.home.did, self.entry)
        return self.home.signer(self.entry, lambda _: passphrase)

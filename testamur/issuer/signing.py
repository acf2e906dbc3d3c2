"""Which of the school's keys signs."""

from __future__ import annotations

from testamur.errors import OperatorError
from testamur.home import Home
from testamur.keys import PublicKey
from testamur.store import ACTIVE, KeyEntry, Ledger


def active_key(home: Home, ledger: Ledger, use: str) -> KeyEntry:
    """The newest active key for ``assertion`` or ``status``; lists are signed by an assertion key where none is for them.

    Raises OperatorError where the school has no active key.
    """
    active = [entry for entry in ledger.keys(home.did) if entry.state == ACTIVE]
    mine = [entry for entry in active if entry.use == use] or (active if use == "status" else [])
    if not mine:
        name = "status" if use == "status" else "diplomas"
        raise OperatorError(
            "the school has no active key to sign with", hint=f"make one: testamur key new --for {name}"
        )
    return max(mine, key=lambda entry: (entry.created, entry.id))


class LockedSigner:
    """Stands for a key nobody has opened: it names the key and signs nothing."""

    def __init__(self, did: str, entry: KeyEntry) -> None:
        self.verification_method = f"{did}#{entry.id}"
        self.public_key = PublicKey.from_multikey(entry.multikey)

    def sign(self, data: bytes) -> bytes:
        """Raise OperatorError."""
        raise OperatorError(f"the key {self.verification_method} is not open")

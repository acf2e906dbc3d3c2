"""The wallet of a terminal: one vault file, opened for a moment, changed and written whole."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from testamur.vault import Contents, Unlock, Vault, VaultFile


@dataclass(frozen=True, slots=True)
class WalletFile:
    """A vault file and what opens it."""

    place: VaultFile
    unlock: Callable[[], Unlock]

    def open(self) -> OpenWallet:
        """The wallet as it lies there; raises OperatorError, Malformed."""
        sealed, digest = self.place.read()
        return OpenWallet(self.place, sealed.unlock(self.unlock()), digest)


@dataclass(slots=True)
class OpenWallet:
    """An open wallet; whatever is kept is in the file before it is told."""

    place: VaultFile
    vault: Vault
    digest: str

    @property
    def contents(self) -> Contents:
        """What it holds."""
        return self.vault.contents

    def keep(self, contents: Contents) -> None:
        """Write the changed content; raises OperatorError where somebody else changed the file meanwhile."""
        self.keep_vault(self.vault.holding(contents))

    def keep_vault(self, vault: Vault) -> None:
        """Write the changed vault, its slots included."""
        self.digest = self.place.write(vault, self.digest)
        self.vault = vault


def default_place() -> Path:
    """Where a person's wallet lies: TESTAMUR_WALLET, or among her programs' data."""
    named = os.environ.get("TESTAMUR_WALLET")
    if named:
        return Path(named)
    base = os.environ.get("XDG_DATA_HOME")
    return (Path(base) if base else Path.home() / ".local" / "share") / "testamur" / "wallet.vault"

"""A vault in a file: whole or not at all, one writer at a time, and never over somebody else's change."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from testamur.errors import OperatorError
from testamur.files import is_part, read_bounded, write_whole
from testamur.vault.vault import MAGIC, MAX_VAULT, SealedVault, Vault

_STALE = 3600  # seconds after which an unfinished vault belongs to no running process


@dataclass(frozen=True, slots=True)
class VaultFile:
    """Where a vault lies."""

    path: Path

    def create(self, vault: Vault) -> None:
        """Write a new vault; raises OperatorError where a file has this name already."""
        with self.locked():
            if self.path.exists():
                raise OperatorError(
                    f"{self.path} exists already", hint="choose another name; wallets are not overwritten"
                )
            write_whole(self.path, vault.seal(), mode=0o600)

    def read(self) -> tuple[SealedVault, str]:
        """The vault as it lies there, and the digest of these bytes, which a writing has to bring back."""
        if not self.path.exists():
            raise OperatorError(f"there is no wallet at {self.path}", hint="testamur wallet init makes one")
        data = read_bounded(self.path, MAX_VAULT)
        return SealedVault.parse(data), sha256(data).hexdigest()

    def write(self, vault: Vault, read_as: str) -> str:
        """Write the next version, and return its digest; raises OperatorError where the file is no longer the one read."""
        with self.locked():
            return self._replace(vault, read_as)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """The lock of this vault among processes; it is let go with the process that has it."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        place = self.path.with_name(f".{self.path.name}.lock")
        descriptor = os.open(place, os.O_CREAT | os.O_RDWR, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            _sweep(self.path.parent)
            yield
        finally:
            os.close(descriptor)

    def _replace(self, vault: Vault, read_as: str) -> str:
        data = read_bounded(self.path, MAX_VAULT) if self.path.exists() else b""
        if sha256(data).hexdigest() != read_as:
            raise OperatorError(
                "the wallet was changed by somebody else in the meantime",
                hint="nothing is lost and nothing was written; run the same command again",
            )
        sealed = vault.seal()
        write_whole(self.path, sealed, mode=0o600)
        return sha256(sealed).hexdigest()


def _sweep(folder: Path) -> None:
    """Remove the sealed vaults that killed processes left unfinished, and nothing of anybody else's."""
    for path in filter(is_part, folder.glob(".*")):
        with path.open("rb") as stream:
            is_vault = stream.read(len(MAGIC)) == MAGIC
        if is_vault and path.stat().st_mtime < time.time() - _STALE:
            path.unlink(missing_ok=True)

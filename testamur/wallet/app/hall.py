"""Everything that one wallet app has: the database of sealed wallets, what verifies, and a clock."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from hashlib import blake2b
from threading import BoundedSemaphore
from urllib.parse import urlsplit

from testamur.equipment import Equipment
from testamur.fetch import Posting
from testamur.store.wallets import Wallets
from testamur.vault import Passphrase, Unlock
from testamur.wallet.app.leaves import Leaves

_SALT = 32
_MAX_NAME = 100
_MAX_PASSPHRASE = 1000


def _clock() -> datetime:
    return datetime.now(UTC)


@dataclass
class Hall:
    """What every page of the app is handed; processes share it through the database."""

    wallets: Wallets
    tools: Equipment
    posting: Posting | None = None  # None: nothing is sent anywhere, and offers are not taken
    name: str = ""
    url: str = ""  # where browsers find it, "" where that is not known
    now: Callable[[], datetime] = _clock
    unlock_with: Callable[[str], Unlock] = Passphrase
    opening: BoundedSemaphore = field(default_factory=lambda: BoundedSemaphore(2), repr=False)
    """Each passphrase takes 64 MB while it is stretched."""

    @cached_property
    def leaves(self) -> Leaves:
        """Makes the pages."""
        return Leaves(self.name)

    @property
    def is_https(self) -> bool:
        """Whether browsers come over https, so that cookies go nowhere else."""
        return urlsplit(self.url).scheme == "https"

    @cached_property
    def _salt(self) -> bytes:
        return self.wallets.kept_once("names", _SALT)

    def name_digest(self, name: str) -> bytes:
        """What stands for a name in the database: whoever has a copy of it reads no names."""
        plain = unicodedata.normalize("NFKC", name[:_MAX_NAME]).casefold().strip()
        return blake2b(plain.encode("utf-8", "surrogatepass"), key=self._salt, digest_size=32).digest()

    def passphrase(self, text: str) -> Unlock:
        """What somebody typed, as it opens a vault."""
        return self.unlock_with(unicodedata.normalize("NFKC", text[:_MAX_PASSPHRASE]))

    def close(self) -> None:
        """Give the connections back."""
        self.wallets.close()

"""Everything that one wallet app has: the database of sealed wallets, what verifies, and a clock."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from hashlib import blake2b
from threading import BoundedSemaphore
from urllib.parse import urlsplit

from testamur.equipment import Equipment
from testamur.errors import OperatorError
from testamur.fetch import Posting
from testamur.leaves import Leaves
from testamur.store.wallets import Wallets
from testamur.vault import Passphrase, Unlock

_SALT = 32
_MAX_NAME = 100
_MAX_PASSPHRASE = 1000
_AT_ONCE = 2  # passphrases that are stretched, 64 MB each
_WAITING = 12  # those with who waits for it; each holds a thread that could answer somebody else


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
    _opening: BoundedSemaphore = field(default_factory=lambda: BoundedSemaphore(_AT_ONCE), repr=False)
    _waiting: BoundedSemaphore = field(default_factory=lambda: BoundedSemaphore(_WAITING), repr=False)

    @cached_property
    def leaves(self) -> Leaves:
        """Makes the pages."""
        return Leaves("testamur.wallet.app", self.name)

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

    @contextmanager
    def opening(self) -> Iterator[None]:
        """While a passphrase is stretched; raises OperatorError where too many wait for that already."""
        if not self._waiting.acquire(blocking=False):
            raise OperatorError("too many wallets are being opened just now", hint="try again in a moment")
        try:
            with self._opening:
                yield
        finally:
            self._waiting.release()

    def close(self) -> None:
        """Give the connections back."""
        self.wallets.close()

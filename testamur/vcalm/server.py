"""What every instance of a server shares: its address, the network, contexts and suites, and its own pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from testamur.contexts import SHIPPED, ContextSet
from testamur.did import Resolver
from testamur.errors import EvidenceUnusable
from testamur.fetch import Fetched, Fetching
from testamur.fetch.fetched import MAX_BYTES
from testamur.proofs import FORMATS, SUITES, Format, Suite

Page = Callable[[str], tuple[bytes, str] | None]
"""The body and media type of one of an instance's own public pages, by what stands after its address."""


def now() -> datetime:
    """The moment of a request."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Server:
    """The surroundings in which instances are made."""

    url: str  # without a slash at the end
    fetch: OwnPages
    resolver: Resolver
    contexts: ContextSet = SHIPPED
    suites: Mapping[str, Suite] = field(default_factory=lambda: SUITES)  # that are issued with
    formats: Mapping[str, Format] = field(default_factory=lambda: FORMATS)  # that are verified
    ask: Callable[[str], str] | None = None  # for the passphrase of a key file

    def address(self, name: str) -> str:
        """Where an instance is."""
        return f"{self.url}/instances/{name}"


class OwnPages:
    """Answers for the server's own public pages without asking itself over the network."""

    def __init__(self, behind: Fetching) -> None:
        self._behind = behind
        self._pages: dict[str, Page] = {}

    def add(self, address: str, page: Page) -> None:
        """Take what begins with this address from ``page``."""
        self._pages[address + "/"] = page

    def get(self, url: str, *, accept: str = "*/*", max_bytes: int = MAX_BYTES) -> Fetched:
        """The page, else what the network has; raises EvidenceUnusable where there is none."""
        for address, page in self._pages.items():
            if url.startswith(address):
                found = page(url.removeprefix(address))
                if found is None:
                    raise EvidenceUnusable(f"{url:.200} is not here")
                return Fetched(url, found[0], found[1], now())
        return self._behind.get(url, accept=accept, max_bytes=max_bytes)

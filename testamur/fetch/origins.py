"""Which URLs may be opened at all: their syntax and their origin, before any name is resolved."""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass
from urllib.parse import urlsplit

from testamur.errors import EvidenceUnusable

MAX_URL = 2048
_PORTS = {"https": 443, "http": 80}
_PRINTABLE = re.compile(r"[!#-;=?-\[\]_a-z~]+")  # RFC 3986 characters; no space, quote, backslash or control
_HOST = re.compile(
    r"(?=.{1,253}\Z)[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)*"
)
_IPV6 = re.compile(r"[0-9a-f:.]{2,45}")


@dataclass(frozen=True, slots=True)
class Origin:
    """Scheme, host and port (RFC 6454): what an operator may except, and what a connection goes to."""

    scheme: str
    host: str  # lower case; an IPv6 address without its brackets
    port: int

    @classmethod
    def of(cls, url: str) -> Origin:
        """The origin of an absolute http or https URL; raises EvidenceUnusable on any other text."""
        return split_url(url)[0]

    @property
    def authority(self) -> str:
        """Host and port as the Host header has them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"


def split_url(url: str) -> tuple[Origin, str]:
    """Origin and request target (path and query) of a URL; the fragment is dropped."""
    if len(url) > MAX_URL or not _PRINTABLE.fullmatch(url):
        raise EvidenceUnusable("an address to look up is too long or has characters that no URL has")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise EvidenceUnusable("an address to look up is not a URL") from None
    if parts.scheme not in _PORTS:
        raise EvidenceUnusable(
            f"only https addresses are looked up, not {parts.scheme or 'relative'!r:.20} ones"
        )
    if "@" in parts.netloc or not (_HOST if ":" not in host else _IPV6).fullmatch(host) or port == 0:
        raise EvidenceUnusable("an address to look up has no usable host")
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Origin(parts.scheme, host, port or _PORTS[parts.scheme]), target


def check_scheme(origin: Origin, allowed: Container[Origin]) -> None:
    """Refuse plain http, except for an origin that the operator named."""
    if origin.scheme != "https" and origin not in allowed:
        raise EvidenceUnusable(f"{origin.host} is named without https, so nothing was looked up there")

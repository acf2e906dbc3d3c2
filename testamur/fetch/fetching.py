"""Opening an address: https only, public addresses only, a few redirects, a size and a time."""

from __future__ import annotations

import re
import ssl
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from testamur.errors import EvidenceUnusable
from testamur.fetch.addresses import Resolve, system_resolve
from testamur.fetch.fetched import MAX_BYTES, Answered, Fetched
from testamur.fetch.origins import Origin, check_scheme, split_url
from testamur.words import say

if TYPE_CHECKING:
    from httpcore import URL, ConnectionPool, Response

    from testamur.fetch.wire import Deadline

MAX_REDIRECTS = 3
_REDIRECTS = (301, 302, 303, 307, 308)
_MAX_SENT = 4_000_000
_HEADER_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,60}")
_HEADER_VALUE = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]{0,16382}[\x21-\x7e])?")


def utc_now() -> datetime:
    """The date put on a response."""
    return datetime.now(UTC)


class Fetch:
    """Opens addresses that stand in documents; ``allow`` names the exact origins an operator excepts.

    An excepted origin may be private, and plain http if it is written so; ``ca_file`` adds to the
    certificate authorities that are trusted. No cookies, no proxies, nothing from the environment.
    """

    def __init__(
        self,
        allow: Iterable[str] = (),
        ca_file: str | None = None,
        *,
        timeout: float = 10.0,
        resolve: Resolve = system_resolve,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self._allowed = frozenset(map(Origin.of, allow))
        self._ca_file = ca_file
        self._timeout = timeout
        self._resolve = resolve
        self._clock = clock

    def get(self, url: str, *, accept: str = "*/*", max_bytes: int = MAX_BYTES) -> Fetched:
        """The response of an address; raises EvidenceUnusable, whatever went wrong."""
        from testamur.fetch.wire import Deadline

        deadline = Deadline(self._timeout)
        for _ in range(MAX_REDIRECTS + 1):
            found = self._open(url, accept, max_bytes, deadline)
            if isinstance(found, Fetched):
                return found
            try:
                url = urljoin(url, found)
            except ValueError:
                raise EvidenceUnusable(f"{Origin.of(url).host} redirects to what is no address") from None
        raise EvidenceUnusable(f"{Origin.of(url).host} is behind more than {MAX_REDIRECTS} redirects")

    def post(
        self,
        url: str,
        body: bytes,
        content_type: str,
        *,
        headers: Mapping[str, str] | None = None,
        accept: str = "application/json",
        max_bytes: int = MAX_BYTES,
    ) -> Answered:
        """What an address answers to what is sent there, also a refusal; raises EvidenceUnusable where nothing comes.

        Redirects are not followed: what was meant for one is not handed to another.
        """
        from testamur.fetch.wire import Deadline

        if len(body) > _MAX_SENT:
            raise EvidenceUnusable(f"more than {_MAX_SENT} bytes are not sent")
        with self._talking(url, Deadline(self._timeout)) as (pool, origin, target):
            said = [*_said(origin, accept, headers or {}), ("Content-Type", content_type)]
            where = _address(origin, target)
            with pool.stream("POST", where, headers=said, content=body) as response:
                answer = _body(response, origin.host, max_bytes)
                named = {
                    key.decode("latin-1").lower(): value.decode("latin-1")[:4096]
                    for key, value in reversed(response.headers)
                }
                kind = _header(response, b"content-type").partition(";")[0].strip().lower()
                return Answered(
                    f"{origin.scheme}://{origin.authority}{target}",
                    response.status, named, answer, kind, self._clock(),
                )  # fmt: skip

    def _open(self, url: str, accept: str, max_bytes: int, deadline: Deadline) -> Fetched | str:
        """The response, or the address it redirects to."""
        with self._talking(url, deadline) as (pool, origin, target):
            return self._exchange(pool, origin, target, accept, max_bytes)

    @contextmanager
    def _talking(self, url: str, deadline: Deadline) -> Iterator[tuple[ConnectionPool, Origin, str]]:
        """A connection to where an address leads, with its origin and target; what goes wrong is EvidenceUnusable."""
        import httpcore

        origin, target = split_url(url)
        check_scheme(origin, self._allowed)
        host = origin.host
        try:
            with self._pool(origin, deadline) as pool:
                yield pool, origin, target
        except httpcore.TimeoutException:
            raise EvidenceUnusable(f"{host} did not answer within {self._timeout:g} seconds") from None
        except httpcore.ConnectError as error:
            raise EvidenceUnusable(_why_unreachable(host, error)) from None
        except (httpcore.NetworkError, httpcore.ProtocolError, OSError):
            raise EvidenceUnusable(f"{host} broke off its answer") from None

    def _pool(self, origin: Origin, deadline: Deadline) -> ConnectionPool:
        import httpcore

        from testamur.fetch.wire import CheckedBackend

        backend = CheckedBackend(self._resolve, deadline, excepted=origin in self._allowed)
        return httpcore.ConnectionPool(
            ssl_context=self._tls, max_connections=1, max_keepalive_connections=0, network_backend=backend
        )

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        import httpcore

        context = httpcore.default_ssl_context()
        if self._ca_file:
            context.load_verify_locations(self._ca_file)
        return context

    def _exchange(
        self, pool: ConnectionPool, origin: Origin, target: str, accept: str, max_bytes: int
    ) -> Fetched | str:
        with pool.stream("GET", _address(origin, target), headers=_said(origin, accept, {})) as response:
            if response.status in _REDIRECTS:
                return _header(response, b"location") or "/"
            if response.status != 200:
                raise EvidenceUnusable(
                    say("{host} answered with status {number}", host=origin.host, number=response.status)
                )
            body = _body(response, origin.host, max_bytes)
            media_type = _header(response, b"content-type").partition(";")[0].strip().lower()
        return Fetched(f"{origin.scheme}://{origin.authority}{target}", body, media_type, self._clock())


def _address(origin: Origin, target: str) -> URL:
    import httpcore

    return httpcore.URL(
        scheme=origin.scheme.encode(), host=origin.host.encode(), port=origin.port, target=target.encode()
    )


def _said(origin: Origin, accept: str, more: Mapping[str, str]) -> list[tuple[str, str]]:
    """The headers of a request; a name or a value that would begin another line is refused."""
    if any(not _HEADER_NAME.fullmatch(name) or not _HEADER_VALUE.fullmatch(more[name]) for name in more):
        raise EvidenceUnusable("a header has characters that no header has, so nothing was sent")
    return [
        ("Host", origin.authority),
        ("Accept", accept),
        ("Accept-Encoding", "identity"),
        ("User-Agent", "testamur"),
        *more.items(),
    ]


def _why_unreachable(host: str, error: Exception) -> str:
    cause = error.args[0] if error.args else None  # httpcore hands on what the system said
    if isinstance(cause, ssl.SSLCertVerificationError):
        return say("the certificate of {host} is not trusted", host=host)
    if isinstance(cause, ssl.SSLError):
        return say("no secure connection to {host} was possible", host=host)
    return say("{url} could not be reached", url=host)


def _header(response: Response, name: bytes) -> str:
    values = [value for key, value in response.headers if key.lower() == name]
    return values[0].decode("latin-1")[:4096] if values else ""


def _body(response: Response, host: str, max_bytes: int) -> bytes:
    """The body, bounded as sent and as unpacked; a server that compresses unasked is understood if it is gzip."""
    coding = _header(response, b"content-encoding").strip().lower()
    if coding not in ("", "identity", "gzip"):
        raise EvidenceUnusable(f"{host} sent its answer in a coding that was not asked for")
    raw = b"".join(_at_most(response.iter_stream(), host, max_bytes))
    return _gunzip(raw, host, max_bytes) if coding == "gzip" else raw


def _at_most(chunks: Iterable[bytes], host: str, max_bytes: int) -> Iterator[bytes]:
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > max_bytes:
            raise _too_long(host, max_bytes)
        yield chunk


def _gunzip(raw: bytes, host: str, max_bytes: int) -> bytes:
    inflate = zlib.decompressobj(31)
    try:
        body = inflate.decompress(raw, max_bytes + 1)
    except zlib.error:
        raise EvidenceUnusable(f"{host} broke off its answer") from None
    if len(body) > max_bytes:
        raise _too_long(host, max_bytes)
    if not inflate.eof:
        raise EvidenceUnusable(f"{host} broke off its answer")
    return body


def _too_long(host: str, max_bytes: int) -> EvidenceUnusable:
    return EvidenceUnusable(f"{host} sent more than {max_bytes} bytes")

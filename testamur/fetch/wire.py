"""Connections that go to an address that was checked, under one deadline from the name to the last byte."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Any

import httpcore

from testamur.fetch.addresses import Resolve, check_public, resolve_within

_MAX_TRIED = 4


class Deadline:
    """A moment after which nothing waits any longer."""

    def __init__(self, seconds: float, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._end = now() + seconds

    def left(self, at_most: float | None = None) -> float:
        """The seconds left, never more than given; raises httpcore.ReadTimeout when there are none."""
        left = self._end - self._now()
        if left <= 0:
            raise httpcore.ReadTimeout("the time is over")
        return left if at_most is None else min(left, at_most)


class DeadlineStream(httpcore.NetworkStream):
    """A stream whose every wait is cut to what is left, so that a drip of bytes cannot go on for ever."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Up to so many bytes, waited for no longer than is left."""
        return self._stream.read(max_bytes, self._deadline.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send the bytes."""
        self._stream.write(buffer, self._deadline.left(timeout))

    def close(self) -> None:
        """Close the connection."""
        self._stream.close()

    def start_tls(
        self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """The same stream under TLS; the certificate is checked for the name in the URL."""
        stream = self._stream.start_tls(ssl_context, server_hostname, self._deadline.left(timeout))
        return DeadlineStream(stream, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        """What the connection knows of itself."""
        return self._stream.get_extra_info(info)


class CheckedBackend(httpcore.NetworkBackend):
    """Resolves a host once, refuses what is not public and connects to exactly what was checked."""

    def __init__(self, resolve: Resolve, deadline: Deadline, *, excepted: bool) -> None:
        self._resolve = resolve
        self._deadline = deadline
        self._excepted = excepted
        self._backend = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """A connection to the first address of the host that answers."""
        addresses = resolve_within(self._resolve, host, port, self._deadline.left())
        if not self._excepted:
            check_public(host, addresses)
        failure: Exception | None = None
        for address in addresses[:_MAX_TRIED]:
            try:
                stream = self._backend.connect_tcp(address, port, self._deadline.left(timeout))
                return DeadlineStream(stream, self._deadline)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure or httpcore.ConnectError("no address")

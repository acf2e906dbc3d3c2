"""How often one address may ask: a bucket of tokens for each, refilled evenly."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address
from math import ceil

from testamur.serving.bounds import App, Receive, Refuse, Scope, Send, refuse_with

TOO_OFTEN = "Too many requests came from your address; wait a little"
_ADDRESSES = 100_000
_NETWORK = 64  # one household has this much of IPv6


class Rates:
    """An ASGI layer that answers 429 with ``Retry-After`` to who posts more than ``a_minute``; 0: no limit.

    The addresses are held in memory only. An address may spend a minute's worth at once.
    """

    def __init__(
        self,
        app: App,
        *,
        a_minute: float,
        refuse: Refuse,
        methods: tuple[str, ...] = ("POST",),
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._app = app
        self._rate = a_minute / 60
        self._room = max(a_minute, 1.0)
        self._refuse = refuse
        self._methods = methods
        self._now = now
        self._known: OrderedDict[str, tuple[float, float]] = OrderedDict()  # tokens, at

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the request on where the address has a token left."""
        if scope["type"] == "http" and self._rate and scope["method"] in self._methods:
            wait = self._take(_client(scope))
            if wait:
                headers = {"retry-after": str(ceil(wait))}
                await refuse_with(self._refuse, scope, send, 429, TOO_OFTEN, headers)
                return
        await self._app(scope, receive, send)

    def _take(self, address: str) -> float:
        """Take a token; the seconds until there is one where there is none."""
        now = self._now()
        tokens, at = self._known.pop(address, (self._room, now))
        tokens = min(self._room, tokens + (now - at) * self._rate)
        taken = tokens >= 1
        self._known[address] = (tokens - 1 if taken else tokens, now)
        while len(self._known) > _ADDRESSES:
            self._known.popitem(last=False)
        return 0.0 if taken else (1 - tokens) / self._rate


def _client(scope: Scope) -> str:
    host = (scope.get("client") or ("",))[0]
    try:
        address = ip_address(host)
    except ValueError:
        return str(host)
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        return str(address.ipv4_mapped)  # as a socket for both kinds names the older one
    if isinstance(address, IPv6Address):
        return str(int(address) >> (128 - _NETWORK))
    return str(address)

"""How long a request may be and how long it may take to come; what is beyond is refused before it is read."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
Refuse = Callable[[Scope, int, str, dict[str, str]], tuple[list[tuple[bytes, bytes]], bytes]]
"""``refuse(scope, status, sentence, headers)``: the headers and the body of a refusal."""

_DRAIN_BYTES = 32_000_000
_DRAIN_SECONDS = 1.0

TOO_LONG = "What was sent is too large"
TOO_SLOW = "What was sent took too long to arrive"
NOT_A_LENGTH = "The length of what was sent is not a number"


@dataclass(frozen=True, slots=True)
class Bounds:
    """The bounds of one request."""

    max_body: int = 64_000_000
    seconds: float = 300.0  # for the whole body
    idle: float = 30.0  # between two pieces of it


class _Beyond(Exception):
    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence


class BodyBounds:
    """An ASGI layer that refuses bodies too long (413) or too slow (408)."""

    def __init__(self, app: App, *, bounds: Bounds, refuse: Refuse) -> None:
        self._app = app
        self._bounds = bounds
        self._refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the request on while it stays within bounds."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            self._check_length(scope)
            await self._app(scope, self._bounded(receive), watched)
        except _Beyond as beyond:
            if not started:
                if beyond.status == 413:
                    await _drained(receive)
                await refuse_with(self._refuse, scope, send, beyond.status, beyond.sentence)

    def _check_length(self, scope: Scope) -> None:
        for name, value in scope["headers"]:
            if name == b"content-length":
                if not value.isdigit():
                    raise _Beyond(400, NOT_A_LENGTH)
                if len(value) > 18 or int(value) > self._bounds.max_body:
                    raise _Beyond(413, TOO_LONG)

    def _bounded(self, receive: Receive) -> Receive:
        deadline = time.monotonic() + self._bounds.seconds
        length, whole = 0, False

        async def bounded() -> Message:
            nonlocal length, whole
            if whole:
                return await receive()  # it waits for the other side to go away
            try:
                left = min(deadline - time.monotonic(), self._bounds.idle)
                message = await asyncio.wait_for(receive(), left)
            except TimeoutError:
                raise _Beyond(408, TOO_SLOW) from None
            length += len(message.get("body", b""))
            if length > self._bounds.max_body:
                raise _Beyond(413, TOO_LONG)
            whole = not message.get("more_body", False)
            return message

        return bounded


async def _drained(receive: Receive) -> None:
    """Read on for a moment and keep nothing: whoever is still sending would not see the refusal."""
    length, deadline = 0, time.monotonic() + _DRAIN_SECONDS
    while length < _DRAIN_BYTES:
        try:
            message = await asyncio.wait_for(receive(), max(deadline - time.monotonic(), 0))
        except TimeoutError:
            return
        length += len(message.get("body", b""))
        if message["type"] == "http.disconnect" or not message.get("more_body", False):
            return


async def refuse_with(
    refuse: Refuse,
    scope: Scope,
    send: Send,
    status: int,
    sentence: str,
    headers: dict[str, str] | None = None,
) -> None:
    """Send a refusal and close the connection, since the rest of the request is not read."""
    named, body = refuse(scope, status, sentence, {"connection": "close", **(headers or {})})
    await send({"type": "http.response.start", "status": status, "headers": named})
    await send({"type": "http.response.body", "body": body})

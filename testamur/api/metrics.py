"""How much is asked and how long answers take, in the text format of Prometheus; nothing of who or what."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, MutableMapping
from threading import Lock
from typing import Any

Scope = MutableMapping[str, Any]
App = Callable[[Scope, Any, Any], Awaitable[None]]

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_COUNT = "testamur_requests_total"
_TIME = "testamur_request_seconds"


class Metrics:
    """Counters by method, route and status; a route is the pattern, so that no id is in it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._counts: dict[tuple[str, str, int], int] = {}
        self._times: dict[str, list[int]] = {}
        self._sums: dict[str, float] = {}

    def note(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one request."""
        with self._lock:
            key = (method, route, status)
            self._counts[key] = self._counts.get(key, 0) + 1
            buckets = self._times.setdefault(route, [0] * (len(_BOUNDS) + 1))
            buckets[next((n for n, bound in enumerate(_BOUNDS) if seconds <= bound), len(_BOUNDS))] += 1
            self._sums[route] = self._sums.get(route, 0.0) + seconds

    def text(self) -> str:
        """Everything counted so far."""
        with self._lock:
            lines = [f"# TYPE {_COUNT} counter"]
            for (method, route, status), count in sorted(self._counts.items()):
                lines.append(f'{_COUNT}{{method="{method}",route="{route}",status="{status}"}} {count}')
            lines.append(f"# TYPE {_TIME} histogram")
            for route, buckets in sorted(self._times.items()):
                lines += self._histogram(route, buckets)
        return "\n".join(lines) + "\n"

    def _histogram(self, route: str, buckets: list[int]) -> list[str]:
        lines, total = [], 0
        for bound, count in zip((*map(str, _BOUNDS), "+Inf"), buckets, strict=True):
            total += count
            lines.append(f'{_TIME}_bucket{{route="{route}",le="{bound}"}} {total}')
        lines.append(f'{_TIME}_sum{{route="{route}"}} {self._sums[route]:.6f}')
        lines.append(f'{_TIME}_count{{route="{route}"}} {total}')
        return lines


class Measured:
    """An ASGI layer that notes every request."""

    def __init__(self, app: App, *, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        """Hand the request on and note what became of it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun, status = time.perf_counter(), 500

        async def noting(message: MutableMapping[str, Any]) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, noting)
        finally:
            route = getattr(scope.get("route"), "path", "none")
            method = scope["method"] if scope["method"] in _METHODS else "other"
            self._metrics.note(method, route, status, time.perf_counter() - begun)


_METHODS = ("GET", "POST", "DELETE", "HEAD", "OPTIONS", "PUT", "PATCH")

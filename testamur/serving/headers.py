"""Headers that keep a page to itself: what it may load, who may frame it, what others learn of it."""

from __future__ import annotations

from collections.abc import Mapping

from testamur.serving.bounds import App, Message, Receive, Scope, Send

POLICY = (
    "default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
    "script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob:; "
    "media-src 'self' blob:; connect-src 'self'; manifest-src 'self'; worker-src 'self'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
_ALWAYS = {
    "content-security-policy": POLICY,
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(self), microphone=(), geolocation=(), interest-cohort=()",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "x-robots-tag": "noindex",
}
_KEPT_BY_NOBODY = (b"cache-control", b"no-store")


class SafeHeaders:
    """An ASGI layer that puts these on every answer, and ``no-store`` where the app says nothing else."""

    def __init__(self, app: App, *, more: Mapping[str, str] | None = None) -> None:
        self._app = app
        named = _ALWAYS | dict(more or {})
        self._headers = [(name.encode(), value.encode()) for name, value in named.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the request on and add to what comes back."""

        async def safe(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = list(message.get("headers", []))
                said = {name.lower() for name, _ in headers}
                headers += [pair for pair in self._headers if pair[0] not in said]
                if b"cache-control" not in said:
                    headers.append(_KEPT_BY_NOBODY)
                message = {**message, "headers": headers}
            await send(message)

        await self._app(scope, receive, safe)

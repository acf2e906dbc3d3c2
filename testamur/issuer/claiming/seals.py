"""Who has opened a claim page with its code: a cookie that says so for half an hour, for that page alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from fastapi import Request, Response

from testamur.openid4vci import Nonces
from testamur.store.claims import OfferEntry

COOKIE = "testamur-claim"
OPEN_FOR = timedelta(minutes=30)


def set_seal(
    response: Response, nonces: Nonces, entry: OfferEntry, path: str, at: datetime, *, secure: bool
) -> None:
    """Remember in the browser that this page was opened."""
    response.set_cookie(
        COOKIE,
        _long(nonces).make(_purpose(entry), at),
        max_age=int(OPEN_FOR.total_seconds()),
        path=path,
        secure=secure,
        httponly=True,
        samesite="lax",
    )


def is_open(request: Request, nonces: Nonces, entry: OfferEntry, at: datetime) -> bool:
    """Whether the reader has opened this page: there is no code, or it was given not long ago."""
    if not entry.has_code:
        return True
    return _long(nonces).knows(_purpose(entry), request.cookies.get(COOKIE, "")[:200], at)


def _long(nonces: Nonces) -> Nonces:
    return replace(nonces, lifetime=OPEN_FOR)


def _purpose(entry: OfferEntry) -> str:
    return f"page {entry.id}"

"""The learner's wallet as an app: its parts joined, and the bounds of every request."""

from __future__ import annotations

from fastapi import FastAPI

from testamur import __version__
from testamur.leaves import static_routes
from testamur.serving import BodyBounds, Bounds, Rates, SafeHeaders
from testamur.wallet.app.hall import Hall
from testamur.wallet.app.parts import PARTS
from testamur.wallet.app.refusals import refusals

_BOUNDS = Bounds()
_OURS = {"referrer-policy": "same-origin"}
"""Forms of our own pages have to say where they come from; no other site is told an address of ours."""

_YEAR = {"strict-transport-security": "max-age=31536000; includeSubDomains"}


def make_app(hall: Hall, *, rate: int = 0, bounds: Bounds = _BOUNDS) -> FastAPI:
    """The app; ``rate`` is how many forms a minute one address may send, 0 any number."""
    app = FastAPI(
        title="testamur wallet", version=__version__, docs_url=None, redoc_url=None, openapi_url=None
    )
    app.state.hall = hall
    for make in PARTS:
        app.include_router(make(hall))
    app.include_router(static_routes("testamur.wallet.app"))
    refuse = refusals(app, hall.leaves).outside
    app.add_middleware(BodyBounds, bounds=bounds, refuse=refuse)
    app.add_middleware(Rates, a_minute=rate, refuse=refuse)
    app.add_middleware(SafeHeaders, more=_OURS | (_YEAR if hall.is_https else {}))
    return app

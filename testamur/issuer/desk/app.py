"""The registrar's desk as an app: its parts joined, and the bounds of every request."""

from __future__ import annotations

from fastapi import FastAPI

from testamur import __version__
from testamur.issuer.desk.office import Office
from testamur.issuer.desk.parts import PARTS
from testamur.issuer.desk.refusals import refusals
from testamur.leaves import static_routes
from testamur.serving import BodyBounds, Bounds, Rates, SafeHeaders

_BOUNDS = Bounds()
_OURS = {"referrer-policy": "same-origin"}
"""Forms of our own pages have to say where they come from; no other site is told an address of ours."""

_YEAR = {"strict-transport-security": "max-age=31536000; includeSubDomains"}


def make_app(office: Office, *, rate: int = 0, bounds: Bounds = _BOUNDS) -> FastAPI:
    """The app of an office; ``rate`` is how many forms a minute one address may send, 0 any number."""
    app = FastAPI(title="testamur desk", version=__version__, docs_url=None, redoc_url=None, openapi_url=None)
    app.state.office = office
    for make in PARTS:
        app.include_router(make(office))
    app.include_router(static_routes("testamur.issuer.desk"))
    refuse = refusals(app, office.leaves).outside
    app.add_middleware(BodyBounds, bounds=bounds, refuse=refuse)
    app.add_middleware(Rates, a_minute=rate, refuse=refuse)
    app.add_middleware(SafeHeaders, more=_OURS | (_YEAR if office.is_https else {}))
    return app

"""The verifying app: pages for people, ``POST /verify`` for programs."""

from __future__ import annotations

from fastapi import FastAPI

from testamur import __version__
from testamur.serving import BodyBounds, Bounds, Rates, SafeHeaders
from testamur.verifier.desk import Desk
from testamur.verifier.machine import machine_routes
from testamur.verifier.refusals import handle, refuse

_BOUNDS = Bounds()
_ABOUT = """Checks learning records: files, pictures, PDFs, tokens and paper codes. Nothing that is sent is kept."""


def make_app(desk: Desk, *, rate: int = 0, bounds: Bounds = _BOUNDS) -> FastAPI:
    """The app over a desk; ``rate`` is how many requests a minute one address may send, 0 any number."""
    app = FastAPI(
        title="testamur verifier", version=__version__, description=_ABOUT, docs_url=None, redoc_url=None
    )
    app.include_router(machine_routes(desk))
    handle(app)
    app.add_middleware(BodyBounds, bounds=bounds, refuse=refuse)
    app.add_middleware(Rates, a_minute=rate, refuse=refuse)
    app.add_middleware(SafeHeaders)
    return app

"""The verifying app: pages for people, ``POST /verify`` for programs."""

from __future__ import annotations

from fastapi import FastAPI

from testamur import __version__
from testamur.leaves import static_routes
from testamur.scanning.cage import CAGE
from testamur.serving import BodyBounds, Bounds, Rates, SafeHeaders
from testamur.verifier.ask_routes import ask_routes
from testamur.verifier.camera import camera_routes
from testamur.verifier.keeping import keeping_routes
from testamur.verifier.machine import machine_routes
from testamur.verifier.office import Office
from testamur.verifier.people import people_routes
from testamur.verifier.refusals import refusals

_BOUNDS = Bounds()
_SECONDS_A_FILE = 20.0
_ABOUT = """Checks learning records: files, pictures, PDFs, tokens and paper codes. Nothing that is sent is kept."""


def make_app(office: Office, *, rate: int = 0, bounds: Bounds = _BOUNDS) -> FastAPI:
    """The app of an office; ``rate`` is how many requests a minute one address may send, 0 any number."""
    app = FastAPI(
        title="testamur verifier", version=__version__, description=_ABOUT, docs_url=None, redoc_url=None
    )
    CAGE.limit(_SECONDS_A_FILE)
    app.include_router(machine_routes(office.desk))
    app.include_router(people_routes(office))
    app.include_router(keeping_routes(office))
    if office.questions is not None:
        app.include_router(ask_routes(office, office.questions))
    app.include_router(camera_routes())
    app.include_router(static_routes("testamur.verifier"))
    refuse = refusals(app, office.leaves).outside
    app.add_middleware(BodyBounds, bounds=bounds, refuse=refuse)
    app.add_middleware(Rates, a_minute=rate, refuse=refuse)
    app.add_middleware(SafeHeaders)
    return app

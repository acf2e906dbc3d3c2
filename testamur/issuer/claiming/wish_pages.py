"""At the desk: what learners ask to have corrected."""

from __future__ import annotations

from fastapi import APIRouter, Response
from starlette.responses import RedirectResponse

from testamur.issuer.claiming.counters import Counters
from testamur.issuer.desk.visits import HandingOut, Reading
from testamur.leaves import Arrived
from testamur.store.claims import taking


def wish_routes(counters: Counters) -> APIRouter:
    """``/schools/SLUG/wishes``."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/schools/{slug}/wishes")
    def wishes(visit: Reading) -> Response:
        with counters.claims(visit.here).reading() as connection:
            found = taking.wishes(connection, visit.here.did)
        waiting = [wish for wish in found if wish.done is None]
        done = [wish for wish in found if wish.done is not None][-50:]
        return visit.page("wishes.html", waiting=waiting, done=done)

    @routes.post("/schools/{slug}/wishes")
    def close(visit: HandingOut, form: Arrived) -> Response:
        number = form.text("wish")
        if number.isdecimal() and len(number) < 12:
            with counters.claims(visit.here).writing() as connection:
                taking.close_wish(connection, visit.here.did, int(number), visit.at)
        return RedirectResponse(visit.at_school("/wishes"), 303)

    return routes

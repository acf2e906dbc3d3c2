"""The first page: the organisations somebody works for, and what they can do in each."""

from __future__ import annotations

from fastapi import APIRouter, Response

from testamur.issuer.desk.office import Office
from testamur.issuer.desk.sign_in_pages import go
from testamur.issuer.desk.visits import Entering, SignedIn
from testamur.issuer.desk.ways import ways_of


def start_routes(office: Office) -> APIRouter:
    """``/`` and ``/schools/SLUG``."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/")
    def start(visit: SignedIn) -> Response:
        mine = [school for school in office.schools() if school.did in visit.person.roles]
        if len(mine) == 1 and not visit.person.is_operator:
            return go(f"/schools/{mine[0].slug}")
        return visit.page("start.html", mine=mine)

    @routes.get("/schools/{slug}")
    def school(visit: Entering) -> Response:
        return visit.page("school.html", ways=ways_of(visit))

    return routes

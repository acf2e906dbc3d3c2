"""The part of the desk that hands records out: for learners, for their wallets, and for the office that answers them."""

from __future__ import annotations

from fastapi import APIRouter

from testamur.issuer.claiming.claim_pages import claim_routes
from testamur.issuer.claiming.consent_pages import consent_routes
from testamur.issuer.claiming.counters import Counters
from testamur.issuer.claiming.endpoints import wallet_routes
from testamur.issuer.claiming.wish_pages import wish_routes
from testamur.issuer.desk.office import Office


def claiming_routes(office: Office) -> APIRouter:
    """All of them, on one set of issuers."""
    counters = Counters(office)
    routes = APIRouter(include_in_schema=False)
    for make in (consent_routes, wallet_routes, claim_routes, wish_routes):
        routes.include_router(make(counters))
    return routes

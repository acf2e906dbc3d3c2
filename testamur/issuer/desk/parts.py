"""The parts of the desk, each a router: one line for each."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter

from testamur.issuer.desk.account_pages import account_routes
from testamur.issuer.desk.factor_pages import factor_routes
from testamur.issuer.desk.office import Office
from testamur.issuer.desk.sign_in_pages import sign_in_routes
from testamur.issuer.desk.start_pages import start_routes

MakePart = Callable[[Office], APIRouter]

PARTS: tuple[MakePart, ...] = (
    sign_in_routes,
    factor_routes,
    account_routes,
    start_routes,
)
"""Pages of people who are signed in ask ``visits`` for them; what is open to everybody does not."""

"""The parts of the desk, each a router: one line for each."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter

from testamur.issuer.claiming.parts import claiming_routes
from testamur.issuer.desk.account_pages import account_routes
from testamur.issuer.desk.batch_pages import batch_routes
from testamur.issuer.desk.draft_pages import draft_routes
from testamur.issuer.desk.factor_pages import factor_routes
from testamur.issuer.desk.office import Office
from testamur.issuer.desk.office_pages import office_routes
from testamur.issuer.desk.openid_pages import openid_routes
from testamur.issuer.desk.organisation_pages import organisation_routes
from testamur.issuer.desk.people_pages import people_routes
from testamur.issuer.desk.record_pages import record_routes
from testamur.issuer.desk.sheet_pages import sheet_routes
from testamur.issuer.desk.sign_in_pages import sign_in_routes
from testamur.issuer.desk.start_pages import start_routes
from testamur.issuer.desk.template_pages import template_routes

MakePart = Callable[[Office], APIRouter]

PARTS: tuple[MakePart, ...] = (
    claiming_routes,
    sign_in_routes,
    openid_routes,
    factor_routes,
    account_routes,
    start_routes,
    sheet_routes,
    draft_routes,
    record_routes,
    batch_routes,
    template_routes,
    people_routes,
    office_routes,
    organisation_routes,
)
"""Pages of people who are signed in ask ``visits`` for them; what is open to everybody does not."""

"""The claim page: a learner sees the record, checks it, takes it into a wallet, downloads it, asks for a correction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse

from testamur.errors import Malformed, OperatorError
from testamur.issuer.claiming.counters import Counters
from testamur.issuer.claiming.seals import is_open, set_seal
from testamur.issuer.claiming.standing import Standing, standing_of, why_closed
from testamur.issuer.desk.school import School
from testamur.issuer.outputs import Outputs
from testamur.leaves import Arrived
from testamur.openid4vci import (
    AUTHORIZATION_CODE,
    HAIP_SCHEME,
    SCHEME,
    CredentialIssuer,
    closed,
    reference_link,
)
from testamur.store.claims import OfferEntry, offers, taking
from testamur.words import Sentence, say

_NOT_THERE = "There is nothing at this address"
_FILES = {
    "record.json": ("json", "application/vc+ld+json"),
    "record.pdf": ("pdf", "application/pdf"),
    "badge.png": ("png", "image/png"),
    "badge.svg": ("svg", "image/svg+xml"),
}
_MAX_WISH = 2000
_MOST_WISHES = 5
_WRONG = say("This is not the code. Look at what the school sent you.")
_LAST = say(
    "This is not the code. After {number} wrong codes the link is locked; {left} more can be tried.",
    number=5,
    left=1,
)
_THANKS = say("Your request has arrived at the school. You hear from there.")
_ENOUGH = say("The school has several requests of yours and will answer them first.")


@dataclass(frozen=True, slots=True)
class _Here:
    """A page: whose, of which offer, and whether its reader may look."""

    school: School
    issuer: CredentialIssuer
    entry: OfferEntry
    path: str
    may_look: bool


def claim_routes(counters: Counters) -> APIRouter:
    """``/claim/SLUG/LINK`` and what lies below it."""
    routes = APIRouter(include_in_schema=False)
    office = counters.office

    def here(request: Request, slug: str, link: str) -> _Here:
        school, issuer = counters.school(slug), counters.issuer(slug, counters.base(request))
        if school is None or issuer is None:
            raise HTTPException(404, _NOT_THERE)
        with issuer.claims.reading() as connection:
            entry = offers.by_link(connection, link[:200])
        if entry is None or entry.organisation != school.did:
            raise HTTPException(404, _NOT_THERE)
        may = is_open(request, issuer.nonces, entry, office.now())
        return _Here(school, issuer, entry, f"/claim/{slug}/{link}", may)

    def page(request: Request, place: _Here, template: str, status: int = 200, **values: Any) -> Response:
        return office.leaves.page(request, template, status, school=place.school, path=place.path, **values)

    def ask(request: Request, place: _Here, wrong: Sentence | None = None, status: int = 200) -> Response:
        return page(request, place, "claim_code.html", status, wrong=wrong, length=place.entry.code_length)

    def over(request: Request, place: _Here, why: Sentence) -> Response:
        return page(request, place, "claim_over.html", 410, why=why)

    def shown(place: _Here) -> Standing:
        standing = standing_of(place.school, place.entry) if place.may_look else None
        if standing is None or why_closed(place.entry, office.now()):
            raise HTTPException(404, _NOT_THERE)
        return standing

    @routes.get("/claim/{slug}/{link}")
    def claim(request: Request, slug: str, link: str, told: str = "") -> Response:
        place = here(request, slug, link)
        at = office.now()
        if why := why_closed(place.entry, at):
            return over(request, place, why)
        if not place.may_look:
            return ask(request, place)
        standing = standing_of(place.school, place.entry)
        if standing is None:
            return over(request, place, say("The school hands this record out no more. Ask there why."))
        can = place.issuer.rules.forms and not closed(place.issuer, place.entry, at)
        thanks = {"thanks": _THANKS, "enough": _ENOUGH}.get(told)
        return page(
            request, place, "claim.html", standing=standing, thanks=thanks,
            wallet_link=_wallet_link(place.issuer, link) if can else "",
            sign_in_link=_wallet_link(place.issuer, link, f"?grant={AUTHORIZATION_CODE}") if can else "",
        )  # fmt: skip

    @routes.post("/claim/{slug}/{link}")
    def code(request: Request, slug: str, link: str, form: Arrived) -> Response:
        place = here(request, slug, link)
        at = office.now()
        if why := why_closed(place.entry, at):
            return over(request, place, why)
        with place.issuer.claims.writing() as connection:
            holds = offers.code_holds(connection, place.entry.id, form.text("code"))
            entry = offers.by_id(connection, place.entry.id)
        if not holds:
            if entry is not None and (why := why_closed(entry, at)):
                return over(request, place, why)
            return ask(request, place, _LAST if entry and entry.tries == 4 else _WRONG, 403)
        response = RedirectResponse(place.path, 303)
        set_seal(response, place.issuer.nonces, place.entry, place.path, at, secure=office.is_https)
        return response

    @routes.get("/claim/{slug}/{link}/wallet.svg")
    def symbol(request: Request, slug: str, link: str) -> Response:
        from testamur.render import make_qr

        place = here(request, slug, link)
        shown(place)
        picture = make_qr(_wallet_link(place.issuer, link)).svg()
        return Response(picture, media_type="image/svg+xml")

    @routes.get("/claim/{slug}/{link}/{name}")
    def file(request: Request, slug: str, link: str, name: str) -> Response:
        if name not in _FILES:
            raise HTTPException(404, _NOT_THERE)
        place = here(request, slug, link)
        record = shown(place).record
        kind, media_type = _FILES[name]
        try:
            made = Outputs(place.school.home, place.school.ledger).make(record, kind)
        except (Malformed, OperatorError):
            raise HTTPException(404, _NOT_THERE) from None
        headers = {"content-disposition": f'attachment; filename="{name}"'}
        return Response(made, media_type=media_type, headers=headers)

    @routes.post("/claim/{slug}/{link}/correction")
    def wish(request: Request, slug: str, link: str, form: Arrived) -> Response:
        place = here(request, slug, link)
        shown(place)
        text = form.text("text")[:_MAX_WISH]
        if not text:
            return RedirectResponse(place.path, 303)
        with place.issuer.claims.writing() as connection:
            enough = taking.open_wishes(connection, place.entry.id) >= _MOST_WISHES
            if not enough:
                taking.wish(connection, place.entry.id, text, office.now())
        return RedirectResponse(f"{place.path}?told={'enough' if enough else 'thanks'}", 303)

    return routes


def _wallet_link(issuer: CredentialIssuer, link: str, query: str = "") -> str:
    """What a wallet opens: the address of the offer, which gives a fresh code each time."""
    scheme = HAIP_SCHEME if issuer.rules.haip else SCHEME
    return reference_link(f"{issuer.identifier}/offers/{link}{query}", scheme)

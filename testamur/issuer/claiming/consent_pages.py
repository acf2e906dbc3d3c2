"""Where a wallet sends its learner: she gives her code and agrees, and the browser goes back to the wallet."""

from __future__ import annotations

from urllib.parse import urlsplit

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse

from testamur.issuer.claiming.counters import Counters
from testamur.issuer.desk.school import School
from testamur.leaves import Arrived
from testamur.openid4vci import CredentialIssuer, Denial, Waiting, agree, decline, waiting
from testamur.serving.headers import POLICY
from testamur.words import Sentence, say

_NOT_THERE = "There is nothing at this address"
_WRONG = say("This is not the code. Look at what the school sent you.")
_OVER = say("This request of your wallet is over. Begin again in the wallet.")


def consent_routes(counters: Counters) -> APIRouter:
    """``/claims/SLUG/authorize``."""
    routes = APIRouter(include_in_schema=False)
    office = counters.office

    def place(request: Request, slug: str) -> tuple[School, CredentialIssuer]:
        school, issuer = counters.school(slug), counters.issuer(slug, counters.base(request))
        if school is None or issuer is None:
            raise HTTPException(404, _NOT_THERE)
        return school, issuer

    def over(request: Request, school: School) -> Response:
        return office.leaves.page(request, "claim_over.html", 400, school=school, path="", why=_OVER)

    def page(
        request: Request, school: School, asked: Waiting, wrong: Sentence | None = None, status: int = 200
    ) -> Response:
        return office.leaves.page(
            request, "claim_consent.html", status, _may_go(asked.redirect_uri),
            school=school, asked=asked, wrong=wrong, length=asked.entry.code_length,
            query=request.url.query,
        )  # fmt: skip

    @routes.get("/claims/{slug}/authorize")
    def authorize(request: Request, slug: str, client_id: str = "", request_uri: str = "") -> Response:
        school, issuer = place(request, slug)
        try:
            return page(request, school, waiting(issuer, request_uri[:300], client_id[:600], office.now()))
        except Denial:
            return over(request, school)

    @routes.post("/claims/{slug}/authorize")
    def answer(
        request: Request, slug: str, form: Arrived, client_id: str = "", request_uri: str = ""
    ) -> Response:
        school, issuer = place(request, slug)
        at = office.now()
        try:
            asked = waiting(issuer, request_uri[:300], client_id[:600], at)
            if form.text("answer") == "no":
                back = decline(issuer, asked, at)
            else:
                back = agree(issuer, asked, form.text("code"), at)
        except Denial:
            return over(request, school)
        if not back:
            return page(request, school, asked, _WRONG, 403)
        return RedirectResponse(back, 303, headers={"cache-control": "no-store"})

    return routes


def _may_go(redirect: str) -> dict[str, str]:
    """The page's policy, by which its form may end at the wallet's address."""
    parts = urlsplit(redirect)
    where = f"{parts.scheme}://{parts.netloc}" if parts.scheme in ("https", "http") else f"{parts.scheme}:"
    allowed = POLICY.replace("form-action 'self'", f"form-action 'self' {where}")
    return {"content-security-policy": allowed, "referrer-policy": "no-referrer"}

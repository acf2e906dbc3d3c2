"""The way to an identity provider and back."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse

from testamur.errors import TestamurError
from testamur.issuer.desk.office import Office
from testamur.issuer.desk.openid import begin, finish, providers
from testamur.issuer.desk.passkeys import Place
from testamur.issuer.desk.sign_in_pages import entered
from testamur.issuer.desk.visits import NOT_THERE
from testamur.words import say

_COOKIE = "testamur-openid"
_FAILED = say("You could not be signed in there. Try again, or sign in with your password.")


def openid_routes(office: Office) -> APIRouter:
    """``/openid/NUMBER`` and ``/openid/callback``."""
    routes = APIRouter(prefix="/openid", include_in_schema=False)

    def callback_of(request: Request) -> str:
        return f"{Place.of(office, request).origin}/openid/callback"

    @routes.get("/callback")
    def back(request: Request) -> Response:
        asked = request.query_params
        try:
            person, twice = finish(
                office,
                code=asked.get("code", ""),
                state=asked.get("state", "")[:200],
                issuer=asked.get("iss", "")[:500],
                kept=request.cookies.get(_COOKIE, "")[:200],
                callback=callback_of(request),
            )
        except TestamurError as error:
            page = office.leaves.page(request, "refused.html", 403, refusal=_FAILED, detail=str(error))
            page.delete_cookie(_COOKIE, path="/openid")
            return page
        response = entered(office, person, proved_twice=twice)
        response.delete_cookie(_COOKIE, path="/openid")
        return response

    @routes.get("/{number}")
    def there(request: Request, number: int) -> Response:
        if not 0 <= number < len(providers(office)):
            raise HTTPException(404, NOT_THERE)
        try:
            address, kept = begin(office, number, callback_of(request))
        except TestamurError as error:
            return office.leaves.page(request, "refused.html", 503, refusal=_FAILED, detail=str(error))
        response = RedirectResponse(address, 303)
        response.set_cookie(
            _COOKIE, kept, max_age=600, path="/openid", secure=office.is_https, httponly=True, samesite="lax"
        )
        return response

    return routes

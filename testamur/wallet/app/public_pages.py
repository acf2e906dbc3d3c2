"""Behind a link: a page that opens what is sealed in the reader's own browser, or says kindly that it is over."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException

from testamur.store.wallets import links
from testamur.wallet.app.hall import Hall
from testamur.wallet.app.telling import NAMES
from testamur.wallet.app.visits import NOT_THERE
from testamur.words import Sentence, say

_WITHDRAWN = say("Its owner has withdrawn this copy. Ask for a new one if you still need it.")
_OVER = say("The time of this copy is over. Ask for a new one if you still need it.")
TOLD_NAMES = sorted({str(told) for told in NAMES.values()})


def public_routes(hall: Hall) -> APIRouter:
    """``/s/NAME`` and what it loads."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/s/{name}")
    def behind(name: str, request: Request) -> Response:
        gone = _gone(hall, name)
        return hall.leaves.page(
            request, "behind.html", 410 if gone else 200, gone=gone, link=name, told_names=TOLD_NAMES
        )

    @routes.get("/s/{name}/content")
    def content(name: str) -> Response:
        with hall.wallets.writing() as connection:
            sealed = links.open_once(connection, name[:100], hall.now())
        if sealed is None:
            raise HTTPException(410, "There is nothing here any more")
        return Response(sealed, media_type="application/octet-stream")

    return routes


def _gone(hall: Hall, name: str) -> Sentence | None:
    """Why a link leads nowhere any more; one that never was is not there."""
    with hall.wallets.reading() as connection:
        link = links.find(connection, name[:100])
    if link is None:
        raise HTTPException(404, NOT_THERE)
    if link.is_withdrawn:
        return _WITHDRAWN
    return _OVER if link.until <= hall.now() else None

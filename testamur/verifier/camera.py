"""``POST /frame``: one frame of a camera, for browsers that cannot read codes; it is looked at and forgotten."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.exceptions import HTTPException

from testamur.errors import Malformed
from testamur.scanning import read_codes_in
from testamur.verifier.incoming import Incoming, incoming

MAX_FRAME = 3_000_000


def camera_routes() -> APIRouter:
    """The one route."""
    routes = APIRouter(include_in_schema=False)

    @routes.post("/frame")
    def frame(request: Request, sent: Annotated[Incoming, Depends(incoming)]) -> dict[str, str]:
        if not sent.body or len(sent.body) > MAX_FRAME:
            raise HTTPException(413 if sent.body else 400, "A frame is a picture of at most 3 MB")
        try:
            texts = read_codes_in(sent.body)
        except Malformed as error:
            raise HTTPException(422, str(error)) from None
        return {"text": max(texts, key=len, default="")}

    return routes

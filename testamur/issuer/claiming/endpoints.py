"""The addresses that wallets speak to: metadata, offers, and the endpoints of OpenID4VCI."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from starlette.exceptions import HTTPException

from testamur.errors import OperatorError
from testamur.issuer.claiming.counters import Counters
from testamur.jsontext import write_json
from testamur.openid4vci import (
    AUTHORIZATION_CODE,
    ENDPOINTS,
    ISSUER,
    SERVER,
    Asked,
    CredentialIssuer,
    Denial,
    Reply,
    open_offer,
    respond,
    server_metadata,
    signed_metadata,
)
from testamur.store.claims import offers

MAX_BODY = 450_000
_NOT_THERE = "There is nothing at this address"
_OPEN = {"access-control-allow-origin": "*", "cross-origin-resource-policy": "cross-origin"}
"""Wallets that live in a browser read metadata and offers from wherever they are; no cookie is involved."""

_ASKING = {
    **_OPEN,
    "access-control-allow-methods": "GET, POST, OPTIONS",
    "access-control-allow-headers": "Authorization, Content-Type, DPoP, "
    "OAuth-Client-Attestation, OAuth-Client-Attestation-PoP",
    "access-control-expose-headers": "DPoP-Nonce, WWW-Authenticate",
    "access-control-max-age": "600",
}


async def body_of(request: Request) -> bytes:
    """The body of a request, no more than a wallet needs to say."""
    pieces, size = [], 0
    async for piece in request.stream():
        size += len(piece)
        if size > MAX_BODY:
            raise HTTPException(413, "What was sent is too large")
        pieces.append(piece)
    return b"".join(pieces)


def wallet_routes(counters: Counters) -> APIRouter:
    """``/.well-known/…/claims/SLUG`` and ``/claims/SLUG/…``."""
    routes = APIRouter(include_in_schema=False)

    def issuer_of(request: Request, slug: str) -> CredentialIssuer:
        found = counters.issuer(slug, counters.base(request))
        if found is None:
            raise HTTPException(404, _NOT_THERE)
        return found

    @routes.get(f"/claims/{{slug}}/.well-known/{ISSUER}")  # where drafts before 16 had it
    @routes.get(f"/.well-known/{ISSUER}/claims/{{slug}}")
    def issuer_document(request: Request, slug: str) -> Response:
        issuer = issuer_of(request, slug)
        if "application/jwt" in request.headers.get("accept", ""):
            token = signed_metadata(issuer, counters.office.now())
            if token:
                return Response(token, media_type="application/jwt", headers=_OPEN)
        return Response(counters.metadata(issuer), media_type="application/json", headers=_OPEN)

    @routes.get(f"/claims/{{slug}}/.well-known/{SERVER}")
    @routes.get(f"/.well-known/{SERVER}/claims/{{slug}}")
    def server_document(request: Request, slug: str) -> Response:
        return _json(server_metadata(issuer_of(request, slug)))

    @routes.get("/claims/{slug}/offers/{link}")
    def offer(request: Request, slug: str, link: str, grant: str = "") -> Response:
        issuer = issuer_of(request, slug)
        with issuer.claims.reading() as connection:
            entry = offers.by_link(connection, link[:200])
        if entry is None or entry.organisation != issuer.organisation:
            raise HTTPException(404, _NOT_THERE)
        try:
            made = open_offer(issuer, entry, counters.office.now(), by_code=grant == AUTHORIZATION_CODE)
        except Denial as denial:
            return _answer(Reply(denial.status, denial.document))
        return _json(made.document, {"cache-control": "no-store"})

    @routes.options("/claims/{slug}/{name}")
    def allowed(slug: str, name: str) -> Response:
        return Response(status_code=204, headers=_ASKING)

    @routes.post("/claims/{slug}/{name}")
    def endpoint(
        request: Request, slug: str, name: str, body: Annotated[bytes, Depends(body_of)]
    ) -> Response:
        issuer = issuer_of(request, slug)
        if name not in ENDPOINTS:
            raise HTTPException(404, _NOT_THERE)
        headers = {key.lower(): value for key, value in request.headers.items()}
        asked = Asked("POST", issuer.at(name), headers, body, counters.office.now())
        try:
            return _answer(respond(issuer, name, asked))
        except OperatorError:  # the database or the key, and none of the wallet's business
            said = {"error": "temporarily_unavailable", "error_description": "try again in a while"}
            return _answer(Reply(503, said, {"Retry-After": "10"}))

    return routes


def _json(document: dict[str, object], headers: dict[str, str] | None = None) -> Response:
    return Response(write_json(document), media_type="application/json", headers=_OPEN | (headers or {}))


def _answer(reply: Reply) -> Response:
    headers = _ASKING | {"cache-control": "no-store"} | dict(reply.headers)
    return Response(reply.body, reply.status, media_type=reply.media_type, headers=headers)

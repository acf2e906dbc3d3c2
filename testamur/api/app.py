"""The app: the parts joined, the token endpoint, health, metrics, and the bounds of every request."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Annotated
from urllib.parse import parse_qsl, urlsplit

from fastapi import APIRouter, FastAPI, Header, Request, Response
from starlette.exceptions import HTTPException

from testamur import __version__
from testamur.api.metrics import MEDIA_TYPE, Measured, Metrics
from testamur.api.settings import ApiSettings
from testamur.contexts import SHIPPED, example_contexts
from testamur.did import Resolver
from testamur.errors import OperatorError
from testamur.fetch import Fetch
from testamur.issuer.api import issuers
from testamur.jsontext import Json
from testamur.proofs import CONFORMANCE_SUITES, FORMATS, DataIntegrity, Format, with_contexts
from testamur.serving import BodyBounds, Bounds, SafeHeaders, is_loopback
from testamur.vcalm import Access, Body, Part, Server, Table, answer_json
from testamur.vcalm.problems import handle, refuse
from testamur.vcalm.server import OwnPages
from testamur.verifier.api import verifiers
from testamur.verifier.resolution import did_router
from testamur.wallet.api import holders

Make = Callable[[Iterable[Table], Server, Access], Part]

PARTS: dict[str, Make] = {"issuers": issuers, "verifiers": verifiers, "holders": holders}
"""The kinds of instances, as sections of the settings, and the app whose they are."""

_ABOUT = "Issue, hold and verify credentials as the W3C's VCALM describes it. Each instance has an address of its own."
_MAX_FORM = 10_000


def make_server(settings: ApiSettings, url: str, ask: Callable[[str], str] | None) -> Server:
    """What the instances share."""
    fetch = OwnPages(Fetch(settings.allow, settings.ca_file or None))
    contexts = example_contexts() if settings.contexts else SHIPPED
    suites = with_contexts(contexts, CONFORMANCE_SUITES, plain=not settings.contexts)
    formats: dict[str, Format] = FORMATS | {
        "ldp_vc": DataIntegrity(suites=suites),
        "ldp_vp": DataIntegrity(purpose="authentication", suites=suites),
    }
    return Server(url, fetch, Resolver(fetch), contexts, suites, formats, ask)


def make_parts(settings: ApiSettings, server: Server, access: Access) -> list[Part]:
    """Every part with its instances; raises OperatorError naming the setting that does not work."""
    parts = []
    for kind, make in PARTS.items():
        parts.append(make(settings.tables(kind), server, access))
    return parts


def make_app(settings: ApiSettings, server: Server, parts: Iterable[Part], access: Access) -> FastAPI:
    """The app over these parts."""
    app = FastAPI(
        title="testamur VC API", version=__version__, description=_ABOUT, docs_url=None, redoc_url=None
    )
    metrics = Metrics()
    for part in parts:
        app.include_router(part.router)
    app.include_router(did_router(server.resolver))
    app.include_router(_own_routes(access, metrics))
    handle(app)
    bounds = Bounds(max_body=settings.max_body, seconds=settings.seconds, idle=settings.seconds)
    app.add_middleware(BodyBounds, bounds=bounds, refuse=refuse)
    app.add_middleware(SafeHeaders)
    app.add_middleware(Measured, metrics=metrics)
    return app


def described(server: Server, parts: Iterable[Part]) -> Json:
    """Where each instance is and what it says of itself."""
    instances: Json = {}
    for kind, part in zip(PARTS, parts, strict=True):
        for name, instance in part.instances.items():
            instances[name] = {"kind": kind.removesuffix("s"), "url": server.address(name)}
            instances[name] |= instance.described
    return {"url": server.url, "instances": instances}


def _own_routes(access: Access, metrics: Metrics) -> APIRouter:
    router = APIRouter(tags=["server"])

    @router.get("/health")
    def health() -> Json:
        """That the server answers."""
        return {"status": "pass", "version": __version__}

    @router.get("/metrics", response_class=Response)
    def measured() -> Response:
        """What was asked and how long it took, for Prometheus."""
        return Response(metrics.text(), media_type=MEDIA_TYPE)

    @router.get("/.well-known/oauth-authorization-server")
    def metadata(request: Request) -> Json:
        """Where tokens are to be had (RFC 8414)."""
        base = str(request.base_url).rstrip("/")
        return {
            "issuer": base,
            "token_endpoint": f"{base}/oauth/token",
            "grant_types_supported": ["client_credentials"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        }

    @router.post("/oauth/token", **_TOKEN)
    def token(body: Body, authorization: Annotated[str, Header()] = "") -> Response:
        """A bearer token for an hour, for a client's id and secret."""
        try:
            form = dict(parse_qsl(body[:_MAX_FORM].decode("utf-8", "replace"), max_num_fields=20))
        except ValueError:
            raise HTTPException(400, "The form has too many fields") from None
        answer = answer_json(access.sell(authorization, form))
        answer.headers["cache-control"] = "no-store"
        return answer

    return router


_FORM: Json = {
    "type": "object",
    "properties": {
        "grant_type": {"type": "string", "enum": ["client_credentials"]},
        "client_id": {"type": "string"},
        "client_secret": {"type": "string"},
    },
    "required": ["grant_type"],
}
_TOKEN: Json = {
    "openapi_extra": {
        "requestBody": {
            "required": True,
            "content": {"application/x-www-form-urlencoded": {"schema": _FORM}},
        },
        "responses": {
            "200": {"description": "The token."},
            "400": {"description": "Another grant was asked for."},
            "401": {"description": "No client has this id and secret."},
        },
    },
    "response_model": None,
}


def check_place(settings: ApiSettings, *, loopback: bool, workers: int) -> None:
    """Raise OperatorError where these settings must not be served at this place."""
    is_local = loopback and (not settings.url or is_loopback(urlsplit(settings.url).hostname or ""))
    if settings.is_open and not is_local:
        raise OperatorError(
            "an instance lets in everybody, or issues for test suites, and the address can be reached from outside",
            hint='give every instance authentication = "clients", or listen at 127.0.0.1 without a proxy in front',
        )
    if workers > 1 and settings.is_of_one_process:
        raise OperatorError(
            "an instance has a key or ledger made at the start, which several processes cannot share",
            hint="use --workers 1, or a key file and a ledger that stays",
        )

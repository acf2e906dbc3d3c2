"""Pages of the wallet: templates in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from fastapi import Request, Response
from jinja2 import Environment, PackageLoader, StrictUndefined

from testamur.display import one_line
from testamur.times import parse_instant
from testamur.words import LANGUAGES, Tongue, choose

_HTML = "text/html; charset=utf-8"


@cache
def _templates() -> Environment:
    loader = PackageLoader("testamur.wallet.app", "pages")
    made = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    made.filters["moment"] = parse_instant
    made.filters["shown"] = one_line
    return made


@cache
def tongues() -> tuple[Tongue, ...]:
    """Every language there is."""
    return tuple(Tongue(language) for language in LANGUAGES)


def tongue_of(request: Request, chosen: str = "") -> Tongue:
    """The reader's language: asked for with ``?lang=``, else kept in her wallet, else that of the browser."""
    asked = request.query_params.get("lang", "")[:20] or chosen
    return choose(request.headers.get("accept-language", ""), asked)


@dataclass(frozen=True, slots=True)
class Leaves:
    """Makes pages for one app."""

    name: str = ""  # who runs it

    def page(
        self,
        request: Request,
        template: str,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        *,
        language: str = "",
        **values: Any,
    ) -> Response:
        """A page; ``values`` have the ``visit`` of whoever has unlocked her wallet."""
        tongue = tongue_of(request, language)
        filled = {"visit": None, "name": self.name, "here": request.url.path} | values
        html = _templates().get_template(template).render(
            tongue=tongue, tongues=tongues(), say=tongue.say, **filled
        )  # fmt: skip
        return Response(
            html, status, media_type=_HTML, headers={"content-language": tongue.tag, **(headers or {})}
        )

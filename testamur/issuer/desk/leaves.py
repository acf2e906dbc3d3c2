"""Pages of the desk: templates in the reader's language, with the way to every part that the reader may use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from fastapi import Request, Response
from jinja2 import Environment, PackageLoader, StrictUndefined

from testamur.words import LANGUAGES, Tongue, choose

_HTML = "text/html; charset=utf-8"


@cache
def _templates() -> Environment:
    loader = PackageLoader("testamur.issuer.desk", "pages")
    return Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )


@cache
def tongues() -> tuple[Tongue, ...]:
    """Every language there is."""
    return tuple(Tongue(language) for language in LANGUAGES)


def tongue_of(request: Request, chosen: str = "") -> Tongue:
    """The reader's language: asked for with ``?lang=``, else chosen before, else that of the browser."""
    asked = request.query_params.get("lang", "")[:20] or chosen
    return choose(request.headers.get("accept-language", ""), asked)


@dataclass(frozen=True, slots=True)
class Leaves:
    """Makes pages for one installation."""

    name: str = ""

    def page(
        self,
        request: Request,
        leaf: str,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        /,
        *,
        language: str = "",
        **values: Any,
    ) -> Response:
        """A page; ``values`` may hold the ``visit`` of somebody who is signed in."""
        tongue = tongue_of(request, language)
        filled = {"visit": None, "name": self.name, "here": request.url.path} | values
        html = _templates().get_template(leaf).render(
            tongue=tongue, tongues=tongues(), say=tongue.say, **filled
        )  # fmt: skip
        named = {"content-language": tongue.tag, **(headers or {})}
        return Response(html, status, media_type=_HTML, headers=named)

"""Pages are made here: an app's templates, the reader's language, and nothing that runs in them but our own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import quote

from fastapi import Request, Response
from jinja2 import Environment, PackageLoader, StrictUndefined

from testamur.display import one_line
from testamur.times import parse_instant
from testamur.words import LANGUAGES, Tongue, choose

_HTML = "text/html; charset=utf-8"


@cache
def _templates(package: str) -> Environment:
    made = Environment(
        loader=PackageLoader(package, "pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["moment"] = parse_instant
    made.filters["shown"] = one_line
    return made


@cache
def _tongues() -> tuple[Tongue, ...]:
    return tuple(Tongue(language) for language in LANGUAGES)


def tongue_of(request: Request, chosen: str = "") -> Tongue:
    """The reader's language: asked for with ``?lang=``, else chosen before, else that of the browser."""
    asked = request.query_params.get("lang", "")[:20] or chosen
    return choose(request.headers.get("accept-language", ""), asked)


@dataclass(frozen=True, slots=True)
class Leaves:
    """Makes the pages of one app."""

    package: str  # whose folder ``pages`` has the templates
    name: str = ""  # who runs it

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
        """A page; links made with ``at`` keep a language asked for; ``visit`` is of somebody who is let in."""
        tongue = tongue_of(request, language)
        asked = request.query_params.get("lang", "") in LANGUAGES
        suffix = f"?lang={quote(tongue.language)}" if asked else ""
        given = {
            "tongue": tongue,
            "tongues": _tongues(),
            "say": tongue.say,
            "at": lambda path: path + suffix,
            "name": self.name,
            "here": request.url.path,
            "visit": None,
        }
        html = _templates(self.package).get_template(leaf).render(given | values)
        named = {"content-language": tongue.tag, "vary": "accept-language", **(headers or {})}
        return Response(html, status, media_type=_HTML, headers=named)

"""Pages are made here: templates, the reader's language, and nothing that runs in them but our own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import quote

from fastapi import Request, Response
from jinja2 import Environment, PackageLoader, StrictUndefined

from testamur.words import LANGUAGES, Tongue, choose

_HTML = "text/html; charset=utf-8"


@cache
def _templates() -> Environment:
    loader = PackageLoader("testamur.verifier", "pages")
    return Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )


@cache
def _tongues() -> tuple[Tongue, ...]:
    return tuple(Tongue(language) for language in LANGUAGES)


def tongue_of(request: Request) -> Tongue:
    """The reader's language: the one asked for with ``?lang=``, else that of the browser."""
    asked = request.query_params.get("lang", "")[:20]
    return choose(request.headers.get("accept-language", ""), asked)


@dataclass(frozen=True, slots=True)
class Leaves:
    """Makes pages for one app."""

    name: str = ""  # whose page it is

    def page(
        self,
        request: Request,
        template: str,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        **values: Any,
    ) -> Response:
        """A page in the reader's language; links on it keep a language that was asked for."""
        tongue = tongue_of(request)
        asked = request.query_params.get("lang", "") in LANGUAGES
        suffix = f"?lang={quote(tongue.language)}" if asked else ""
        html = (
            _templates()
            .get_template(template)
            .render(
                tongue=tongue,
                tongues=_tongues(),
                say=tongue.say,
                at=lambda path: path + suffix,
                name=self.name,
                **values,
            )
        )
        named = {"content-language": tongue.tag, "vary": "accept-language", **(headers or {})}
        return Response(html, status, media_type=_HTML, headers=named)

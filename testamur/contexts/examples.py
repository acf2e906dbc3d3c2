"""Contexts for test suites: they give a meaning to terms that have none, so nothing issued for use names them."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from testamur.contexts.shipped import SHIPPED, ContextSet, content_digest
from testamur.errors import OperatorError
from testamur.jsontext import Json, parse_json, parse_object

_FOLDER = "examples"


@cache
def example_contexts() -> ContextSet:
    """The shipped contexts with those of examples and undefined terms, each checked against its digest."""
    lines: list[Json] = parse_json(_read("index.json"))
    return SHIPPED.plus({line["url"]: _document(line) for line in lines})


def _document(line: Json) -> Json:
    document = parse_object(_read(line["file"]))
    if content_digest(document) != line["content_sha256"]:
        raise OperatorError(
            f"the context file {line['file']} is not the one that was shipped", hint="install testamur again"
        )
    return document


def _read(name: str) -> str:
    return files(__package__).joinpath(_FOLDER, name).read_text(encoding="utf-8")

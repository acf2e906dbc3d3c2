"""A set of context documents: those in this package, each checked against its digest, and what a caller adds."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from testamur.errors import OperatorError, Unsupported
from testamur.jsontext import Json, parse_json, write_json


class ContextSet:
    """Context documents by their exact URL; a value that never changes (``plus`` makes a larger one)."""

    __slots__ = ("_added",)

    def __init__(self, added: Mapping[str, str]) -> None:
        self._added = MappingProxyType(dict(added))

    @property
    def urls(self) -> frozenset[str]:
        """Every URL that ``load`` knows."""
        return URLS | self._added.keys()

    def load(self, url: str) -> Json:
        """A fresh copy of the document at a URL; raises Unsupported for any other URL."""
        text = self._added.get(url)
        document: Json = json.loads(_shipped_text(url) if text is None else text)
        return document

    def plus(self, documents: Mapping[str, Json]) -> ContextSet:
        """A set that knows these documents too; one of them may stand in for a shipped one."""
        return ContextSet({**self._added, **{url: write_json(item) for url, item in documents.items()}})


def content_digest(document: Any) -> str:
    """SHA-256 of a JSON value with sorted member names and no spaces: what the index pins."""
    return sha256(json.dumps(document, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def index() -> list[Json]:
    """What ships: ``url``, ``file``, ``content_sha256``, the package it came from and its licence."""
    lines: list[Json] = json.loads(_read("index.json"))
    return lines


@cache
def _pins() -> dict[str, tuple[str, str]]:
    return {line["url"]: (line["file"], line["content_sha256"]) for line in index()}


@cache
def _shipped_text(url: str) -> str:
    pin = _pins().get(url)
    if pin is None:
        raise Unsupported(f"the context {url!r:.200} is not known here", clause="VCDM §4.3")
    file, digest = pin
    text = _read(file)
    if content_digest(parse_json(text)) != digest:
        raise OperatorError(
            f"the context file {file} is not the one that was shipped", hint="install testamur again"
        )
    return text


def _read(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


SHIPPED = ContextSet({})
URLS = frozenset(_pins())
load = SHIPPED.load

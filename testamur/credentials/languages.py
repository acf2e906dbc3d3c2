"""What testamur can say in each language: labels of a page, month names, the order of a date."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

TRANSCRIPT = "transcript"
"""The style of a page that lists courses, with words of its own."""


@cache
def languages() -> dict[str, dict[str, Any]]:
    """Every shipped language by its primary subtag, as ``languages.toml`` has it."""
    return tomllib.loads(files("testamur.credentials").joinpath("languages.toml").read_text("utf-8"))


def knows_language(tag: str) -> bool:
    """Whether words for a BCP 47 tag are shipped; "es-MX" is served by "es"."""
    return _primary(tag) in languages()


def words(tag: str) -> dict[str, Any]:
    """The table of a language; English where none is shipped."""
    return languages().get(_primary(tag)) or languages()["en"]


def labels(tag: str, style: str = "") -> Mapping[str, str]:
    """The fixed words of a page in a language; ``label_names`` says which there are."""
    table = words(tag)
    found: Mapping[str, str] = table["labels"] | (table["transcript"] if style == TRANSCRIPT else {})
    return found


def label_names(style: str = "") -> frozenset[str]:
    """The name of every label that a page of a style may need, without ``title``, which a template gives."""
    return frozenset(labels("en", style))


def _primary(tag: str) -> str:
    return tag.partition("-")[0].lower()

"""The catalogues: one ``.po`` file for each language in ``po/``, for anyone to add to."""

from __future__ import annotations

import io
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

_FOLDER = "po"


def _languages() -> tuple[str, ...]:
    names = (entry.name for entry in files("testamur.words").joinpath(_FOLDER).iterdir())
    return tuple(sorted(name.removesuffix(".po") for name in names if name.endswith(".po")))


LANGUAGES = _languages()
"""The languages there are catalogues for ("en", "fr"); a file that is added is a language that is added."""


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """What each English message is in a language; a message that is not translated yet is left out.

    Raises KeyError for a language without a catalogue.
    """
    if language not in LANGUAGES:
        raise KeyError(language)
    from babel.messages.pofile import read_po

    raw = files("testamur.words").joinpath(_FOLDER, f"{language}.po").read_bytes()
    messages = read_po(io.BytesIO(raw), locale=language)
    told = {str(each.id): str(each.string) for each in messages if each.id and each.string and not each.fuzzy}
    return MappingProxyType(told)

"""What the rules for records leave free in a document, found by trying, so that they need not be asked again.

``check_rules`` and ``check_schema`` look at one value at a time, at what is in order in one document and
therefore in every document with the same members, and at two pairs of dates: ``started`` and ``ended``, whose
order ``Template.read`` asks for in every row, and ``validFrom`` and ``validUntil``, of which the first is
the same in a whole cohort. So a document is in order if each value is one that was accepted in its place,
or if any text, or any URL, is accepted there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from testamur.cohort.making import Making
from testamur.cohort.skeleton import Proven, at_path
from testamur.credentials import check_rules, check_schema
from testamur.jsonld import Path
from testamur.jsontext import Json

_ANY_TEXT = ('"\\ \t\u2028ẖ\U0001f393', "x", "1990-02-30", "x:")
_ANY_URL = ("x:y", "urn:ሰ", "https://h/?q=%zz#", "did:example:1")
_ANY_NUMBER = (-1e12, -1, 0.5, 10**12)


def prove(
    making: Making, sample: Json, places: Mapping[int, Sequence[Path]]
) -> tuple[tuple[int, ...], tuple[Proven, ...]]:
    """The values that may be any URL, and those that may only be what was accepted before; the rest is free."""
    urls, proven = [], []
    for value, paths in places.items():
        text = isinstance(at_path(sample, paths[0]), str)
        if accepts(making, sample, paths, _ANY_TEXT if text else _ANY_NUMBER):
            continue
        if text and accepts(making, sample, paths, _ANY_URL):
            urls.append(value)
        else:
            proven.append(Proven(value))
    return tuple(urls), tuple(proven)


def accepts(making: Making, sample: Json, paths: Sequence[Path], values: Sequence[Any]) -> bool:
    """Whether the rules accept each of these values at these paths, in the document and on paper."""
    changed = [with_values(sample, dict.fromkeys(paths, value)) for value in values]
    return not any(
        check_rules(form) or check_schema(form)
        for document in changed
        for form in (document, making.paper(document))
    )


def with_values(value: Any, changes: Mapping[Path, Any], path: Path = ()) -> Any:
    """A copy of a document with other values at these paths."""
    if isinstance(value, dict):
        return {name: with_values(item, changes, (*path, name)) for name, item in value.items()}
    if isinstance(value, list):
        return [with_values(item, changes, (*path, place)) for place, item in enumerate(value)]
    return changes.get(path, value)

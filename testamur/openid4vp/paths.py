"""Claims paths: where in a credential the claims stand that a path leads to (OpenID4VP §7)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from testamur.openid4vp.dcql import ClaimQuery, Step

Place = tuple[str | int, ...]
"""Where one value stands, with the number of every entry."""

_PLAIN = (str, int, bool)
_MAX_FOUND = 2000  # places of one claim: what somebody learns in a lifetime


def places(root: Any, path: Sequence[Step]) -> list[tuple[Place, Any]]:
    """Every value that a path leads to, with its place; none where it leads nowhere or into another kind of thing."""
    found: list[tuple[Place, Any]] = [((), root)]
    for step in path:
        if not all(isinstance(value, dict if isinstance(step, str) else list) for _, value in found):
            return []
        found = [next_one for spot, value in found for next_one in _steps(spot, value, step)]
        if not 0 < len(found) <= _MAX_FOUND:
            return []
    return found


def claim_places(root: Any, claim: ClaimQuery) -> list[Place]:
    """The places of a claim that is there with one of the values asked for; none otherwise."""
    found = places(root, claim.path)
    if not claim.values:
        return [spot for spot, _ in found]
    wanted = {(type(each), each) for each in claim.values}  # 1, true and "1" are three values
    return [spot for spot, value in found if type(value) in _PLAIN and (type(value), value) in wanted]


def _steps(spot: Place, value: Any, step: Step) -> list[tuple[Place, Any]]:
    if step is None:
        return [((*spot, place), inner) for place, inner in enumerate(value)]
    if isinstance(step, int):
        return [((*spot, step), value[step])] if step < len(value) else []
    return [((*spot, step), value[step])] if step in value else []

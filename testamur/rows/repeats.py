"""Keys that come twice, found with eight bytes for each row and exact all the same.

A first pass keeps eight bytes of each key's hash. Only where some of these are alike are the rows
read once more, and those rows compared by what they say.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from hashlib import sha256
from itertools import pairwise
from typing import NamedTuple

from testamur.rows.problems import RowProblem, Severity
from testamur.words import say

_AT_ONCE = 1_000_000


class Suspect(NamedTuple):
    """A row whose key may be that of another one."""

    line: int
    key: str
    digest: bytes


def mark(key: str) -> bytes:
    """Eight bytes that two different keys hardly ever share."""
    return sha256(key.encode("utf-8", "surrogatepass")).digest()[:8]


def alike(marks: array[int]) -> frozenset[bytes]:
    """The marks that come more than once; a part of them is sorted at a time."""
    found: set[int] = set()
    parts = 1 + len(marks) // _AT_ONCE
    for part in range(parts):
        ordered = sorted(marks if parts == 1 else [one for one in marks if one % parts == part])
        found.update(one for one, other in pairwise(ordered) if one == other)
    return frozenset(array("Q", [one]).tobytes() for one in found)


def repeats(suspects: Iterable[Suspect], key: str | None) -> tuple[list[RowProblem], dict[int, int]]:
    """What is to be said of keys that come twice, and which lines repeat which."""
    first: dict[str, Suspect] = {}
    problems: list[RowProblem] = []
    repeated: dict[int, int] = {}
    for one in suspects:
        before = first.setdefault(one.key, one)
        if before is one:
            continue
        problems.append(_problem(one, before, key))
        if problems[-1].severity is Severity.WARNING:
            repeated[one.line] = before.line
    return problems, repeated


def _problem(one: Suspect, before: Suspect, key: str | None) -> RowProblem:
    if one.digest != before.digest:
        reason = say(
            "its key {key} is also that of row {row}, which says something else",
            key=f"{one.key!r:.60}",
            row=before.line,
        )
        return RowProblem(one.line, "", reason)
    if key is None:
        return RowProblem(
            one.line,
            "",
            say("it is the same as row {row}, and no column tells the two apart", row=before.line),
        )
    return RowProblem(
        one.line,
        "",
        say("it is the same as row {row}; one record is issued", row=before.line),
        Severity.WARNING,
    )

"""Comparing what a web host serves with what was published."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from testamur.errors import EvidenceUnusable, OperatorError, TestamurError
from testamur.fetch import MAX_SITE, SITE, Fetching
from testamur.files import read_bounded
from testamur.jsontext import parse_object
from testamur.publishing.site import WARN_BEFORE
from testamur.times import parse_instant

_MAX_FILE = 64_000_000


@dataclass(frozen=True, slots=True)
class Difference:
    """One file that is not served as it should be, and why in a sentence."""

    path: str
    sentence: str


def check_served(folder: Path, url: str, fetch: Fetching, *, at: datetime) -> list[Difference]:
    """Every difference between the folder and what stands at ``url``, and every list that runs out soon."""
    try:
        site = parse_object(read_bounded(folder / SITE, MAX_SITE), max_bytes=MAX_SITE)
        paths = [*map(str, site["files"]), SITE]
    except (KeyError, TypeError, TestamurError) as error:
        raise OperatorError(
            f"{folder} is no published folder: {error}", hint="name the folder that `testamur publish` wrote"
        ) from None
    return [difference for path in paths for difference in _compare(folder, path, url.rstrip("/"), fetch, at)]


def _compare(folder: Path, path: str, url: str, fetch: Fetching, at: datetime) -> Iterator[Difference]:
    try:
        expected = (folder / path).read_bytes()
    except OSError as error:
        yield Difference(path, f"the folder's own file cannot be read: {error.strerror}")
        return
    address = f"{url}/{path.removesuffix('index.html')}"
    try:
        served = fetch.get(address, max_bytes=max(len(expected) + 1, _MAX_FILE)).body
    except EvidenceUnusable as error:
        yield Difference(path, f"it is not served: {error}")
        return
    if served != expected:
        yield Difference(path, "the host serves something else; copy the folder again, and clear its cache")
    until = _valid_until(path, expected)
    if until is not None and until - at < WARN_BEFORE:
        yield Difference(path, f"the list runs out on {until:%Y-%m-%d}; run `testamur publish`")


def _valid_until(path: str, data: bytes) -> datetime | None:
    if not path.startswith("status/") or not path.endswith(".json"):
        return None
    return parse_instant(parse_object(data).get("validUntil"))

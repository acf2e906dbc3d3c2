"""A published folder read in place of the web: a copy on a stick, a school's own disk, a town in a test."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from testamur.errors import EvidenceUnusable, OperatorError, TestamurError
from testamur.fetch.fetched import MAX_BYTES, Fetched, Fetching
from testamur.fetch.fetching import utc_now
from testamur.files import read_bounded
from testamur.jsontext import parse_object
from testamur.times import parse_instant

SITE = "site.json"
"""Beside what is published: the address the folder stands for, and when it was written."""

MAX_SITE = 16_000_000

_TYPES = {".json": "application/json", ".jwt": "application/jwt", ".html": "text/html"}


class Mirror:
    """Answers for the addresses of one site out of a folder, and asks ``behind`` for all others.

    What it serves is believed no more than what the web serves: lists and documents are signed, and
    the date of publication is the date they were fetched.
    """

    def __init__(
        self,
        folder: Path,
        behind: Fetching,
        *,
        max_age: timedelta = timedelta.max,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self._folder = folder
        self._behind = behind
        self._max_age = max_age
        self._clock = clock
        try:
            site = parse_object(read_bounded(folder / SITE, MAX_SITE), max_bytes=MAX_SITE)
            self.url = str(site["url"]).rstrip("/")
            self._at: datetime = parse_instant(site["published"])
        except (KeyError, TestamurError) as error:
            raise OperatorError(
                f"{folder} is no published folder: {error}",
                hint="name the folder that `testamur publish` wrote",
            ) from None

    def get(self, url: str, *, accept: str = "*/*", max_bytes: int = MAX_BYTES) -> Fetched:
        """The file for an address of the site; raises EvidenceUnusable where there is none."""
        path = self._path(url)
        if path is None:
            return self._behind.get(url, accept=accept, max_bytes=max_bytes)
        if self._clock() - self._at > self._max_age:
            raise EvidenceUnusable(
                f"the copy of {self.url} was published on {self._at:%Y-%m-%d}, too long ago"
            )
        try:
            with path.open("rb") as stream:
                body = stream.read(max_bytes + 1)
        except OSError:
            raise EvidenceUnusable(f"the copy of {self.url} holds no {path.name}") from None
        if len(body) > max_bytes:
            raise EvidenceUnusable(f"{path.name} is longer than {max_bytes} bytes")
        return Fetched(url, body, _TYPES.get(path.suffix, ""), self._at)

    def _path(self, url: str) -> Path | None:
        if not url.startswith(self.url + "/"):
            return None
        parts = PurePosixPath(unquote(urlsplit(url[len(self.url) + 1 :]).path)).parts
        if not parts or any(part in ("..", "/") or "\0" in part for part in parts):
            raise EvidenceUnusable("the address leaves the folder")
        path = self._folder.joinpath(*parts)
        if not path.resolve().is_relative_to(self._folder.resolve()):
            raise EvidenceUnusable("the address leaves the folder")
        if not path.is_file():
            raise EvidenceUnusable(f"the copy of {self.url} holds no {path.name}")
        return path

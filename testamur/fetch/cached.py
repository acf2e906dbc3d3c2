"""Responses kept on disk with the date they were fetched, so that one can work offline and say how old they are."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile

from testamur.errors import EvidenceUnusable, Malformed
from testamur.fetch.fetched import MAX_BYTES, Fetched, Fetching
from testamur.fetch.fetching import utc_now
from testamur.fetch.memory import Memory
from testamur.fetch.origins import Origin
from testamur.jsontext import parse_object, write_json
from testamur.times import parse_instant, write_instant

_MAX_HEAD = 8192
_SUFFIX = ".response"


class Cached:
    """Serves a kept response while it is ``fresh``; offline, one no older than ``max_age``, and never another.

    Online, an older response is fetched again and never served in place of one that cannot be fetched.
    """

    def __init__(
        self,
        fetch: Fetching,
        folder: Path | str,
        max_age: timedelta,
        *,
        fresh: timedelta = timedelta(minutes=10),
        offline: bool = False,
        max_total: int = 256_000_000,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self._fetch = fetch
        self._folder = Path(folder)
        self._limit = max_age if offline else min(fresh, max_age)
        self._offline = offline
        self._max_total = max_total
        self._clock = clock
        self._memory: Memory[Fetched] = Memory(64_000_000, 60.0, weigh=lambda kept: len(kept.body) + 1000)

    def get(self, url: str, *, accept: str = "*/*", max_bytes: int = MAX_BYTES) -> Fetched:
        """The response, new or kept; raises EvidenceUnusable. Many who ask at once cause one request."""
        fetched = self._memory.get((url, accept, max_bytes), lambda: self._get(url, accept, max_bytes))
        return fetched if self._is_young(fetched) else self._get(url, accept, max_bytes)

    def _get(self, url: str, accept: str, max_bytes: int) -> Fetched:
        path = self._path(url, accept)
        kept = _read(path, url, max_bytes)
        if kept is not None and self._is_young(kept):
            return kept
        if self._offline:
            raise EvidenceUnusable(self._why_not(Origin.of(url).host, kept))
        with _turn(path):
            kept = _read(path, url, max_bytes)
            if kept is not None and self._is_young(kept):
                return kept  # another process fetched it in the meantime
            return self._fetch_and_keep(path, url, accept, max_bytes)

    def _fetch_and_keep(self, path: Path, url: str, accept: str, max_bytes: int) -> Fetched:
        fetched = self._fetch.get(url, accept=accept, max_bytes=max_bytes)
        with contextlib.suppress(OSError):  # a cache that cannot be written is none, and no reason to stop
            _write(path, url, fetched)
            _trim(self._folder, self._max_total)
        return fetched

    def _is_young(self, kept: Fetched) -> bool:
        return timedelta(minutes=-5) <= self._clock() - kept.at <= self._limit

    def _why_not(self, host: str, kept: Fetched | None) -> str:
        if kept is None:
            return f"working offline, and nothing from {host} is kept here"
        return (
            f"working offline, and what is kept from {host} was fetched on {kept.at:%Y-%m-%d}, too long ago"
        )

    def _path(self, url: str, accept: str) -> Path:
        return self._folder / (sha256(f"{accept}\n{url}".encode()).hexdigest() + _SUFFIX)


@contextlib.contextmanager
def _turn(path: Path) -> Iterator[None]:
    """Wait while another process fetches the same; where files cannot be locked, nobody waits."""
    name = path.with_suffix(".turn")
    try:
        import fcntl

        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        turn = name.open("wb")
        fcntl.flock(turn, fcntl.LOCK_EX)
    except (ImportError, OSError):
        yield
        return
    try:
        yield
    finally:
        name.unlink(missing_ok=True)  # who waits still has it; who comes later finds what was kept
        turn.close()


def _read(path: Path, url: str, max_bytes: int) -> Fetched | None:
    """What is kept, or None where nothing whole is; a file is one line of JSON and then the body."""
    try:
        with path.open("rb") as file:
            head = parse_object(file.readline(_MAX_HEAD))
            body = file.read(max_bytes + 1)
        at = parse_instant(head.get("at"))
    except (OSError, Malformed):
        return None
    found, media_type = head.get("url"), head.get("media_type")
    if head.get("asked") != url or not isinstance(found, str) or not isinstance(media_type, str):
        return None
    if head.get("sha256") != sha256(body).hexdigest():
        return None
    return Fetched(found, body, media_type, at)


def _write(path: Path, url: str, fetched: Fetched) -> None:
    head = {
        "asked": url,
        "url": fetched.url,
        "media_type": fetched.media_type[:200],
        "at": write_instant(fetched.at),
        "sha256": sha256(fetched.body).hexdigest(),
    }
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, prefix=".", suffix=".part", delete=False) as file:
        try:
            file.write(write_json(head).encode() + b"\n" + fetched.body)
            file.close()
            os.replace(file.name, path)  # noqa: PTH105 - the name is a text here
        except OSError:
            Path(file.name).unlink(missing_ok=True)
            raise


def _trim(folder: Path, max_total: int) -> None:
    """Remove the oldest responses until the rest fits."""
    kept = sorted(
        (entry.stat().st_mtime, entry.stat().st_size, entry) for entry in folder.glob("*" + _SUFFIX)
    )
    total = sum(size for _, size, _ in kept)
    for _, size, entry in kept:
        if total <= max_total:
            return
        entry.unlink(missing_ok=True)
        total -= size

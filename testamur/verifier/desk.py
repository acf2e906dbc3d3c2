"""The desk of a verifying app: a file comes in, what is in it is looked at, nothing of it stays."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from testamur.checks import Report
from testamur.errors import Malformed, TestamurError
from testamur.fetch import Fetching, NoNetwork
from testamur.scanning import MAX_FILE, examine, files_in, is_credential_like, portrait_of
from testamur.verifying import Verifier

_ACCEPT = "application/vc, application/vc+jwt, application/json, application/pdf, image/*, */*"
_STEP = timedelta(seconds=10)
_NAME = 200
_MAX_TEXTS = 200
_MAX_OPENED = 64_000_000
TOO_LONG_AT_WORK = "it was not looked at, since the files before it took too long"
NOTHING_FOUND = "no credential was found in it"


def clock() -> datetime:
    """The time in steps of ten seconds, so that those who ask together share what was looked up."""
    now = datetime.now(UTC)
    return now - timedelta(seconds=now.second % _STEP.seconds, microseconds=now.microsecond)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came, and what it is called."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Looked:
    """What one file turned out to hold; ``error`` says why where there is no report."""

    name: str
    digest: str  # SHA-256 of the file, in hexadecimal digits
    reports: tuple[Report, ...] = ()
    notes: tuple[str, ...] = ()
    error: str = ""
    portraits: tuple[
        str, ...
    ] = ()  # of the holder of each record, a ``data:`` address; "" where there is none


@dataclass(frozen=True, slots=True)
class Desk:
    """What an app looks at files with."""

    verifier: Verifier
    network: Fetching = field(default_factory=NoNetwork)
    now: Callable[[], datetime] = clock
    seconds: float = 60.0  # for all the files of one request

    def look(self, uploads: Iterable[Upload]) -> Iterator[Looked]:
        """What each file holds, those of an archive one by one; what cannot be read stops no other."""
        at, deadline = self.now(), time.monotonic() + self.seconds
        for upload in uploads:
            upload = replace(upload, name=upload.name[:_NAME])
            try:
                for name, found in files_in(upload.data, upload.name):
                    yield self._member(name, found, at, deadline)
            except TestamurError as error:
                yield Looked(upload.name, "", error=str(error))

    def _member(self, name: str, found: bytes | TestamurError, at: datetime, deadline: float) -> Looked:
        if isinstance(found, TestamurError):
            return Looked(name, "", error=str(found))
        if time.monotonic() > deadline:
            return Looked(name, "", error=TOO_LONG_AT_WORK)
        return self._look(Upload(name, found), at)

    def _look(self, upload: Upload, at: datetime) -> Looked:
        digest = sha256(upload.data).hexdigest()
        try:
            examined = examine(upload.data, self.verifier, at=at, source=upload.name)
        except TestamurError as error:
            return Looked(upload.name, digest, error=str(error))
        nothing = "" if examined.reports else NOTHING_FOUND
        portraits = tuple(map(portrait_of, examined.reports))
        return Looked(upload.name, digest, examined.reports, examined.notes, nothing, portraits)

    def opened(self, texts: Sequence[str]) -> list[Upload]:
        """What pasted texts are: themselves, or what lies at the addresses that they are; raises TestamurError.

        Those of one request share one number, one size and one time.
        """
        if len(texts) > _MAX_TEXTS:
            raise Malformed("", f"{len(texts)} texts are too many at once; {_MAX_TEXTS} are the limit")
        uploads: list[Upload] = []
        room, deadline = _MAX_OPENED, time.monotonic() + self.seconds
        for text in texts:
            if time.monotonic() > deadline:
                raise Malformed("", "the addresses took too long to open; send fewer at once")
            uploads.append(self._opened(text.strip(), room))
            room = max(room - len(uploads[-1].data), 0)
        return uploads

    def _opened(self, text: str, room: int) -> Upload:
        if is_credential_like(text) or not text.lower().startswith(("https://", "http://")):
            return Upload("", text.encode("utf-8", "replace"))
        if len(text) > 2000 or any(letter.isspace() for letter in text):
            raise Malformed("", "this is no address that can be opened")
        return Upload(
            text[:_NAME], self.network.get(text, accept=_ACCEPT, max_bytes=min(MAX_FILE, room)).body
        )

"""Where the things to verify come from: files, folders, the standard input, addresses, pasted text."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from testamur.errors import OperatorError, TestamurError

if TYPE_CHECKING:
    from testamur.fetch import Fetching

MAX_FILES = 100_000
_ACCEPT = "application/vc, application/vc+jwt, application/json, application/pdf, image/*, */*"


@dataclass(frozen=True, slots=True)
class Source:
    """One thing to verify; reading it waits until it is its turn."""

    name: str
    kind: str  # "file", "stdin", "address" or "text"
    in_folder: bool = False

    def read(self, fetch: Fetching, max_bytes: int) -> bytes:
        """The bytes; raises OperatorError or EvidenceUnusable where they cannot be had."""
        if self.kind == "stdin":
            data = sys.stdin.buffer.read(max_bytes + 1)
            if len(data) > max_bytes:
                raise OperatorError(f"the standard input is longer than {max_bytes:,} bytes")
            return data
        if self.kind == "address":
            return fetch.get(self.name, accept=_ACCEPT, max_bytes=max_bytes).body
        if self.kind == "text":
            return self.name.encode("utf-8", "replace")
        from testamur.files import read_bounded

        return read_bounded(Path(self.name), max_bytes)


def sources(names: Sequence[str]) -> Iterator[Source | TestamurError]:
    """Each thing named, a folder as the files in it; an error for a name that is nothing."""
    for name in names:
        try:
            yield from _sources(name)
        except OperatorError as error:
            yield error


def _sources(name: str) -> Iterator[Source]:
    from testamur.scanning import is_credential_like

    if name == "-":
        yield Source("-", "stdin")
    elif is_credential_like(name):
        yield Source(name, "text")
    elif name.lower().startswith(("https://", "http://")):
        yield Source(name, "address")
    elif "\0" in name:
        raise OperatorError(f"{name!r:.100} is no name a file can have")
    elif Path(name).is_dir():
        yield from (Source(str(path), "file", in_folder=True) for path in _files(Path(name)))
    else:
        yield Source(name, "file")


def _files(folder: Path) -> list[Path]:
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and not _is_hidden(path, folder))
    if len(paths) > MAX_FILES:
        raise OperatorError(f"{folder} holds {len(paths):,} files; {MAX_FILES:,} at a time are the limit")
    return paths


def _is_hidden(path: Path, folder: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(folder).parts)

"""A folder of files for people, made from the ledger: what is missing is made, what is there is left."""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from unicodedata import category

from testamur.cohort.meter import Meter, Progress
from testamur.crashpoints import reached
from testamur.errors import OperatorError
from testamur.store import Record

Names = Callable[[Record], Sequence[str]]
"""The names of the files of a record; each has to hold something of the record's id (``file_stem``)."""

Make = Callable[[Record], Mapping[str, bytes]]
"""The files of a record under these names."""

_KEPT = "_.@+-"
_PART = ".part"
_STALE = 3600  # seconds after which an unfinished file belongs to no running process


@dataclass(frozen=True, slots=True)
class Written:
    """How many records had files made in a run, and how many had them already."""

    made: int
    present: int


def file_stem(record: Record) -> str:
    """A name for the files of a record: its number or holder for people, and its id, so that no two are alike.

    A corrected copy has the number of the one it replaces and must not be taken for it.
    """
    said = record.number or record.holder_latin or record.holder or record.row_key
    name = _plain_words(said).encode()[:120].decode(errors="ignore").strip(".-")
    identity = _plain_words(record.id.rpartition(":")[2])
    return f"{name}_{identity[:13]}" if name else identity


def _plain_words(text: str) -> str:
    """The letters, their marks and the digits of a text, in any script, with "-" for all between them."""
    kept = (c if c.isalnum() or c in _KEPT or category(c)[0] == "M" else " " for c in text)
    return "-".join("".join(kept).split())


def write_folder(
    records: Iterable[Record],
    folder: Path,
    *,
    names: Names,
    make: Make,
    total: int = 0,
    progress: Progress | None = None,
) -> Written:
    """Write the files of each record that are not there; each is whole under its name or not there at all."""
    made = present = 0
    meter = Meter(total, progress)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _sweep(folder)
        for record in records:
            missing = [name for name in names(record) if not (folder / _plain(name)).exists()]
            if missing:
                files = make(record)
                reached("rendered")
                for name in missing:
                    _write(folder, name, files[name])
            made, present = made + bool(missing), present + (not missing)
            meter.add(1)
        _sync(folder)
    except OSError as error:
        raise OperatorError(
            f"the files could not be written into {folder}: {error.strerror or error}",
            hint="nothing is lost; make room or choose another folder and run the same command again",
        ) from None
    return Written(made, present)


def _plain(name: str) -> str:
    if Path(name).name != name or name.startswith("."):
        raise OperatorError(f"{name!r:.80} cannot be the name of a file")
    return name


def _write(folder: Path, name: str, data: bytes) -> None:
    part = folder / f".{secrets.token_hex(8)}{_PART}"
    try:
        with part.open("xb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        reached("written_temp")
        part.replace(folder / name)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    reached("renamed")


def _sweep(folder: Path) -> None:
    """Remove what runs that were killed left unfinished; a younger file may be another run's work."""
    for part in folder.glob(f".*{_PART}"):
        if part.stat().st_mtime < time.time() - _STALE:
            part.unlink(missing_ok=True)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

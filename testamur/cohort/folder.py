"""A folder of files for people, made from the ledger: what is missing is made, what is there is left."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from unicodedata import category

from testamur.cohort.meter import Meter, Progress
from testamur.crashpoints import reached
from testamur.errors import OperatorError
from testamur.files import sweep
from testamur.store import Record

Names = Callable[[Record], Sequence[str]]
"""The names of the files of a record; each has to hold something of the record's id (``file_stem``)."""

Make = Callable[[Record], Mapping[str, bytes]]
"""The files of a record under these names."""

_KEPT = "_.@+-"
_PART = ".part"
MOST_FLAT = 10_000
"""Records whose files lie side by side; more are divided over 256 sub-folders, which any program still opens."""


@dataclass(frozen=True, slots=True)
class Written:
    """How many records had files made in a run, and how many had them already."""

    made: int
    present: int

    def __add__(self, other: Written) -> Written:
        return Written(self.made + other.made, self.present + other.present)


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
    """Write the files of each record that are not there; each is whole under its name or not there at all.

    With more than ten thousand records (``total``) they lie in sub-folders by the end of their ids.
    """
    target = Folder(folder, names, make, divided=total > MOST_FLAT)
    meter = Meter(total, progress)
    written = Written(0, 0)
    with target.opened():
        for record in records:
            written += target.add(record)
            meter.add(1)
    return written


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder that gets the files of records; several processes may fill it at once.

    A file that lies in the folder or in its sub-folder is there, however many there were in that run.
    """

    path: Path
    names: Names
    make: Make
    divided: bool = False

    @contextmanager
    def opened(self) -> Iterator[None]:
        """Make the folder and clear it of what killed runs left; in the end all names are on the disk."""
        with self._explained():
            self.path.mkdir(parents=True, exist_ok=True)
            sweep(self.path)
            yield
            _sync(self.path)

    def add(self, record: Record) -> Written:
        """Write the files of a record that are not there."""
        with self._explained():
            own = self.path / record.id[-2:]
            missing = [
                name
                for name in self.names(record)
                if not (self.path / _plain(name)).exists() and not (own / name).exists()
            ]
            if not missing:
                return Written(0, 1)
            files = self.make(record)
            reached("rendered")
            target = own if self.divided else self.path
            target.mkdir(exist_ok=True)
            for name in missing:
                _write(target, name, files[name])
            return Written(1, 0)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise OperatorError(
                f"the files could not be written into {self.path}: {error.strerror or error}",
                hint="nothing is lost; make room or choose another folder and run the same command again",
            ) from None


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


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

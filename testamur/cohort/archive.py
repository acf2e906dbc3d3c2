"""One file in place of a folder: a ZIP of files for people, or JSON Lines for machines.

Each is written under another name and renamed in the end, so it is whole or not there at all.
"""

from __future__ import annotations

import os
import secrets
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, NamedTuple

from testamur.errors import OperatorError
from testamur.jsontext import write_json
from testamur.store import Record

MAX_FILES = 200_000
"""Files in one ZIP: its table of contents is in memory, here and in every program that opens it."""

_PACKED_ALREADY = (".pdf", ".png")


class Packed(NamedTuple):
    """The files of one record, on the day it was issued."""

    issued: datetime
    files: Mapping[str, bytes]


def write_zip(records: Iterable[Packed], path: Path) -> int:
    """A ZIP with the files of these records; gives how many records there are."""
    records_written = files = 0
    with (
        _whole(path) as stream,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
    ):
        for record in records:
            records_written += 1
            files += len(record.files)
            if files > MAX_FILES:
                raise OperatorError(
                    f"one ZIP holds at most {MAX_FILES:,} files", hint="use --out FOLDER or --out FILE.jsonl"
                )
            for name, data in record.files.items():
                entry = zipfile.ZipInfo(name, record.issued.timetuple()[:6])
                entry.external_attr = 0o644 << 16
                entry.compress_type = (
                    zipfile.ZIP_STORED if name.endswith(_PACKED_ALREADY) else zipfile.ZIP_DEFLATED
                )
                archive.writestr(entry, data)
    return records_written


def write_lines(lines: Iterable[bytes], path: Path) -> int:
    """A file of these lines; gives how many there are."""
    written = 0
    with _whole(path) as stream:
        for line in lines:
            stream.write(line + b"\n")
            written += 1
    return written


def record_line(record: Record) -> bytes:
    """A record as a line of JSON: its id, key and number, and each form; JSON stands there as it was signed."""
    members = {"id": record.id, "key": record.row_key, "number": record.number}
    parts = [f"{write_json(name)}:{write_json(value)}" for name, value in members.items() if value]
    for form in record.forms:
        one_line = form.text.startswith("{") and "\n" not in form.text and "\r" not in form.text
        parts.append(f"{write_json(form.name)}:{form.text if one_line else write_json(form.text)}")
    return f"{{{','.join(parts)}}}".encode()


@contextmanager
def _whole(path: Path) -> Iterator[IO[bytes]]:
    """A stream whose bytes stand under this name once all of them are on the disk."""
    part = path.with_name(f".{secrets.token_hex(8)}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with part.open("xb", buffering=1 << 20) as stream:
                yield stream
                stream.flush()
                os.fsync(stream.fileno())
            part.replace(path)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise OperatorError(
            f"{path} could not be written: {error.strerror or error}",
            hint="nothing is lost; make room or choose another place and run the same command again",
        ) from None

"""Files that are there whole or not at all."""

from __future__ import annotations

import os
import secrets
import time
from pathlib import Path

from testamur.errors import OperatorError

_PART = ".part"
_STALE = 3600  # seconds after which an unfinished file belongs to no running process


def write_whole(path: Path, data: bytes, *, mode: int = 0o644) -> None:
    """The bytes under this name, or the file as it was: written beside it, synced, then renamed.

    Raises OperatorError when the disk is full or the folder cannot be written.
    """
    temporary = path.with_name(f".{secrets.token_hex(8)}{_PART}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        try:
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        _sync_folder(path.parent)
    except OSError as error:
        raise OperatorError(
            f"{path} could not be written: {error.strerror or error}",
            hint="nothing is lost; make room or choose another folder and run the same command again",
        ) from None


def is_part(path: Path) -> bool:
    """Whether a file is one that a writer has not finished, or never will."""
    return path.name.startswith(".") and path.name.endswith(_PART)


def sweep(folder: Path) -> None:
    """Remove what writers that were killed left unfinished; a younger file may be another's work."""
    for part in folder.glob(f".*{_PART}"):
        if part.stat().st_mtime < time.time() - _STALE:
            part.unlink(missing_ok=True)


def read_bounded(path: Path, max_bytes: int) -> bytes:
    """The bytes of a regular file no longer than this; raises OperatorError otherwise."""
    try:
        if path.exists() and not path.is_file():
            raise OperatorError(f"{path} is not a file")
        with path.open("rb") as stream:
            data = stream.read(max_bytes + 1)
    except OSError as error:
        raise OperatorError(f"{path} could not be read: {error.strerror or error}") from None
    if len(data) > max_bytes:
        raise OperatorError(f"{path} is longer than {max_bytes:,} bytes")
    return data


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

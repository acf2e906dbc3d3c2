"""A whole home in one sealed file, and a home out of it again."""

from __future__ import annotations

import os
import secrets
import shutil
import tarfile
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO, cast

from testamur.errors import Malformed, OperatorError, TestamurError
from testamur.home import LOG, SETTINGS, WITNESSES, Home
from testamur.keys.sealing import SealedReader, SealedWriter

LEDGER = "ledger.backup"
_KEPT = (
    SETTINGS,
    LOG,
    WITNESSES,
    "trusted.toml",
    "keys",
    "templates",
    "crests",
    "letters",
    "mail.toml",
    "erased",
)
_ASIDE = ".restore-"
_MAX_FILE = 64_000_000_000


def write_backup(home: Home, target: Path, passphrase: str) -> int:
    """Seal settings, keys, templates, trust and a snapshot of the ledger into ``target``; returns its bytes.

    The file is complete under its name or not there; raises OperatorError when it cannot be written.
    """
    temporary = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    try:
        with tempfile.TemporaryDirectory(dir=home.folder, prefix=".backup-") as aside:
            snapshot = Path(aside) / LEDGER
            with home.ledger() as ledger:
                ledger.backup(snapshot)
            with open(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
                _pack(home.folder, snapshot, stream, passphrase)
                stream.flush()
                os.fsync(stream.fileno())
        temporary.replace(target)
    except OSError as error:
        raise OperatorError(f"the backup could not be written: {error.strerror or error}") from None
    finally:
        temporary.unlink(missing_ok=True)
    return target.stat().st_size


def _pack(folder: Path, snapshot: Path, stream: BinaryIO, passphrase: str) -> None:
    sealed = SealedWriter(stream, passphrase)
    with tarfile.open(fileobj=cast("IO[bytes]", sealed), mode="w|gz", dereference=True) as archive:
        for name in _KEPT:
            if (folder / name).exists():
                archive.add(folder / name, arcname=name)
        archive.add(snapshot, arcname=LEDGER)
    sealed.close()


def restore_backup(source: Path, folder: Path, ask: Callable[[], str], *, store: str = "") -> Home:
    """The home that was sealed, in a folder that is new or empty; ``store`` puts the ledger elsewhere.

    Everything is unpacked aside and checked to the last byte first, and the settings, without which
    a folder is no home, come last; raises OperatorError or Malformed, and then no home is there.
    """
    try:
        made = not folder.exists()
        if not made and any(not path.name.startswith(_ASIDE) for path in folder.iterdir()):
            raise OperatorError(
                f"{folder} is not empty", hint="restore into a new folder; nothing is overwritten"
            )
        passphrase = ask()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            _restore(source, folder, passphrase, store)
        except BaseException:
            with suppress(OSError):
                folder.rmdir() if made else None
            raise
        return Home.load(folder)
    except OSError as error:
        raise OperatorError(f"the backup could not be restored: {error.strerror or error}") from None


def _restore(source: Path, folder: Path, passphrase: str, store: str) -> None:
    for left in folder.glob(f"{_ASIDE}*"):
        shutil.rmtree(left)  # of a run that was killed
    aside = Path(tempfile.mkdtemp(dir=folder, prefix=_ASIDE))
    try:
        with source.open("rb") as stream:
            _unpack(stream, aside, passphrase)
        _place_ledger(Home.load(aside), store)
        for path in sorted(aside.iterdir(), key=lambda path: path.name == SETTINGS):
            path.rename(folder / path.name)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _unpack(stream: BinaryIO, folder: Path, passphrase: str) -> None:
    sealed = SealedReader(stream, passphrase)
    try:
        with tarfile.open(fileobj=cast("IO[bytes]", sealed), mode="r|gz") as archive:
            for member in archive:
                _unpack_member(archive, member, folder)
        sealed.finish()
    except (tarfile.TarError, EOFError, ValueError) as error:
        if isinstance(error, TestamurError):
            raise
        raise Malformed("", f"the backup is damaged: {error}") from None


def _unpack_member(archive: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    path = PurePosixPath(member.name)
    if path.is_absolute() or ".." in path.parts or path.parts[0] not in (*_KEPT, LEDGER):
        raise Malformed(member.name, "this does not belong into a backup")
    target = folder.joinpath(*path.parts)
    if member.isdir():
        target.mkdir(mode=0o700, exist_ok=True)
        return
    content = archive.extractfile(member) if member.isreg() and member.size <= _MAX_FILE else None
    if content is None:
        raise Malformed(member.name, "only plain files belong into a backup")
    target.parent.mkdir(mode=0o700, exist_ok=True)
    with open(
        os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, member.mode & 0o700 | 0o600), "wb"
    ) as copy:
        shutil.copyfileobj(content, copy)


def _place_ledger(home: Home, store: str) -> None:
    from testamur.store import Ledger

    placed = replace(home, store=store or home.store)
    snapshot = home.folder / LEDGER
    Ledger.restore(snapshot, placed.store_url).close()
    snapshot.unlink()
    placed.save()

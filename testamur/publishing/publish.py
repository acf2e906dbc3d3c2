"""Writing the public folder: the keys first, then what they signed, each file whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath

from testamur.errors import Malformed, OperatorError
from testamur.fetch import MAX_SITE, SITE
from testamur.files import is_part, read_bounded, sweep, write_whole
from testamur.jsontext import parse_object, write_json
from testamur.keys import Signer
from testamur.publishing.formerly import former_files
from testamur.publishing.lists import signed_lists
from testamur.publishing.papers import identity_files, page_files
from testamur.publishing.site import Site
from testamur.publishing.verifier_page import verifier_files
from testamur.publishing.wallets import wallet_files
from testamur.store import Ledger
from testamur.times import write_instant
from testamur.trust import TrustedIssuer


@dataclass(frozen=True, slots=True)
class Published:
    """What a run of ``publish`` did, as paths within the folder."""

    written: tuple[str, ...]
    unchanged: tuple[str, ...]
    removed: tuple[str, ...]


def publish(
    site: Site,
    ledger: Ledger,
    signer: Signer,
    folder: Path,
    *,
    at: datetime,
    trust: Sequence[TrustedIssuer] = (),
) -> Published:
    """Bring the folder up to date; raises OperatorError when it belongs to another site or cannot be written.

    The verifier page vouches for the site's own issuer and those of ``trust``.
    Each file is replaced atomically and only files an earlier run wrote are ever removed.
    """
    before = _files_before(site, folder)
    if before is None:
        before = []
        _sum_up(site, folder, before, at=at)  # first of all, so that a run cut short knows its own folder
    _sweep(folder)
    written: list[str] = []
    unchanged: list[str] = []
    for path, data in public_files(site, ledger, signer, at=at, trust=trust):
        target = folder / path
        if _holds(target, data):
            unchanged.append(path)
        else:
            write_whole(target, data)
            written.append(path)
    now = sorted({*written, *unchanged})
    removed = [path for path in before if path not in set(now) and _remove(folder, path)]
    _sum_up(site, folder, now, at=at)
    return Published(tuple(written), tuple(unchanged), tuple(removed))


def public_files(
    site: Site, ledger: Ledger, signer: Signer, *, at: datetime, trust: Sequence[TrustedIssuer] = ()
) -> Iterator[tuple[str, bytes]]:
    """Every public file as path and bytes, in the order they have to appear: a list needs its key listed."""
    yield from identity_files(site, ledger, at=at)
    yield from signed_lists(site, ledger, signer, at=at)
    yield from former_files(site, ledger, signer, at=at)
    yield from wallet_files(site, ledger)
    yield from page_files(site)
    yield from verifier_files(site, ledger, trust, at=at)


def _sum_up(site: Site, folder: Path, paths: list[str], *, at: datetime) -> None:
    """Write whose folder it is, when it was published and which files are in it."""
    known = {"url": site.url, "did": site.did, "name": site.name, "published": write_instant(at)}
    write_whole(folder / SITE, write_json(known | {"files": paths}).encode("utf-8"))


def _sweep(folder: Path) -> None:
    for inner in (folder, *(path for path in folder.rglob("*") if path.is_dir() and not path.is_symlink())):
        sweep(inner)


def _files_before(site: Site, folder: Path) -> list[str] | None:
    """The files an earlier run wrote, None in a folder that is new."""
    path = folder / SITE
    if not path.exists():
        if folder.exists() and not all(map(is_part, folder.iterdir())):
            raise OperatorError(
                f"{folder} holds files that testamur did not publish",
                hint="choose an empty folder of its own",
            )
        return None
    try:
        known = parse_object(read_bounded(path, MAX_SITE), max_bytes=MAX_SITE)
    except Malformed as error:
        raise OperatorError(f"{path} cannot be read: {error}") from None
    if known.get("did") != site.did or known.get("url") != site.url:
        raise OperatorError(
            f"{folder} is the public folder of {known.get('url')}", hint="choose another folder"
        )
    files = known.get("files")
    return [name for name in files if isinstance(name, str)] if isinstance(files, list) else []


def _holds(path: Path, data: bytes) -> bool:
    try:
        return path.stat().st_size == len(data) and path.read_bytes() == data
    except OSError:
        return False


def _remove(folder: Path, path: str) -> bool:
    parts = PurePosixPath(path).parts
    if not parts or ".." in parts or PurePosixPath(path).is_absolute():
        return False
    target = folder.joinpath(*parts)
    try:
        target.unlink()
    except OSError:
        return False
    return True

"""Keeping a trust file: an issuer's keys are fetched once, looked at, and pinned."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from testamur.did import DidDocument, Resolver, did_web_from_url
from testamur.errors import Malformed, OperatorError, TestamurError
from testamur.fetch import Fetching
from testamur.files import read_bounded, write_whole
from testamur.trust import PinnedTrust, TrustedIssuer, add_issuer, entry_from_document, remove_issuer

_MAX_FILE = 4_000_000
_MEDIA = {".toml": "application/toml", ".json": "application/json"}


def add(path: Path, did: str, name: str, from_file: Path | None, fetch: Fetching) -> TrustedIssuer:
    """The entry that was added to the file, or brought up to date in it; raises OperatorError."""
    did = did_web_from_url(did) if did.startswith("https://") else did
    entry = entry_from_document(_document(did, from_file, fetch), name, datetime.now(UTC))
    if not entry.methods:
        raise OperatorError(f"{did:.80} has no key that could be used here")
    text = _text(path) if path.exists() else ""
    write_whole(path, add_issuer(text, entry, _media(path)).encode())
    return entry


def remove(path: Path, did: str) -> None:
    """Take an issuer out of the file; raises OperatorError where it is not in it."""
    try:
        write_whole(path, remove_issuer(_text(path), did, _media(path)).encode())
    except Malformed as error:
        raise OperatorError(f"{path}: {error}") from None


def listed(path: Path) -> tuple[TrustedIssuer, ...]:
    """The issuers in the file; raises OperatorError."""
    try:
        return tuple(PinnedTrust.load(_text(path), _media(path)).issuers.values())
    except Malformed as error:
        raise OperatorError(f"{path}: {error}") from None


def _document(did: str, from_file: Path | None, fetch: Fetching) -> DidDocument:
    try:
        if from_file is None:
            return Resolver(fetch).resolve(did).document
        document = DidDocument.parse(read_bounded(from_file, _MAX_FILE))
    except OperatorError:
        raise
    except TestamurError as error:
        raise OperatorError(
            str(error), hint="get the issuer's did.json in another way and give it with --from-file"
        ) from None
    if document.id != did:
        raise OperatorError(f"{from_file} is the document of {document.id:.80}, not of {did:.80}")
    return document


def _text(path: Path) -> str:
    try:
        return read_bounded(path, _MAX_FILE).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise OperatorError(f"{path} is not UTF-8 text") from None


def _media(path: Path) -> str:
    media = _MEDIA.get(path.suffix.lower())
    if media is None:
        raise OperatorError(f"{path} is no trust file: its name must end in .toml or .json")
    return media

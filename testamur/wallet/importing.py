"""Importing: our own bundle with its history, and what other wallets export."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from testamur.errors import Malformed, TestamurError
from testamur.jsontext import Json, parse_json, parse_object, write_json
from testamur.scanning import files_in, kind_of
from testamur.vault import Contents, Event, HeldRecord, Look, contents_of
from testamur.verifying import Verifier
from testamur.wallet.receiving import MAX_RECORDS, Receipt, receive
from testamur.wallet.records import met, noted, put

MANIFEST = "wallet.json"
FORMAT = "testamur wallet bundle 1"
_MAX_DEPTH = 12
_MAX_FOUND = 2000
_MAX_HISTORY = 20_000


def is_bundle(data: bytes) -> bool:
    """Whether a file is an exported bundle of this kind of wallet (docs/wallet-bundle.md)."""
    if kind_of(data) != "zip":
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return MANIFEST in archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return False


def read_bundle(contents: Contents, data: bytes, verifier: Verifier, *, at: datetime, source: str) -> Receipt:
    """The content with the records, earlier answers and history of a bundle; every record is verified anew.

    Raises Malformed where the bundle is broken; a file that it names and does not hold is told.
    """
    files = {name: content for name, content in files_in(data) if isinstance(content, bytes)}
    manifest = _object(files, MANIFEST)
    if manifest.get("format") != FORMAT:
        raise Malformed("format", f"only {FORMAT!r} is read")
    receipt = Receipt(contents)
    seen: set[str] = set()
    for entry in _entries(manifest, "records")[:MAX_RECORDS]:
        names = [name for name in _named(entry) if name not in seen]
        seen.update(names)  # a file that is named a thousand times is read once
        receipt = _one(receipt, entry, names, files, verifier, at, source)
    told = contents_of({"history": _list(files, "history.json"), "contacts": _list(files, "contacts.json")})
    contents = _with_history(receipt.contents, told.history)
    for contact in told.contacts[:_MAX_FOUND]:
        contents = met(contents, contact.id, contact.name, at=at)
    contents = noted(contents, "imported", receipt.taken, at=at, why=source)
    return replace(receipt, contents=contents)


def members_of(data: bytes, name: str) -> list[tuple[str, bytes]]:
    """The records in another wallet's JSON export, wherever they stand in it; none for any other file.

    Known by what they are: Universal Wallet 2020, the Learner Credential Wallet and the like are objects or
    lists with credentials, tokens or JSON texts of credentials inside. Raises Malformed for a locked one.
    """
    if kind_of(data) != "json":
        return []
    try:
        value = parse_json(data, max_bytes=len(data) or 1)
    except Malformed:
        return []
    if _is_record(value):
        return []
    if _is_locked(value):
        raise Malformed("", "this wallet's export is locked; unlock it there and export it again")
    found = dict.fromkeys(_found(value, 0))
    if len(found) > _MAX_FOUND:
        raise Malformed("", f"it holds more than {_MAX_FOUND} records")
    return [(f"{name}, record {number}", text.encode("utf-8")) for number, text in enumerate(found, 1)]


def _entries(members: Json, name: str) -> list[Json]:
    listed = members.get(name)
    return [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []


def _named(entry: Json) -> list[str]:
    """The files of an entry, each once."""
    listed = [each.get("file") for each in (*_entries(entry, "forms"), *_entries(entry, "files"))]
    return list(dict.fromkeys(name if isinstance(name, str) else "" for name in listed))


def _one(
    receipt: Receipt,
    entry: Json,
    names: list[str],
    files: dict[str, bytes],
    verifier: Verifier,
    at: datetime,
    source: str,
) -> Receipt:
    before = {record.id for record in receipt.contents.records}
    for name in names:
        if name not in files:
            receipt = replace(receipt, refused=(*receipt.refused, f"{name!r:.80} is not in the bundle"))
            continue
        try:
            found = receive(receipt.contents, files[name], name, verifier, at=at, source=source)
        except TestamurError as error:
            receipt = replace(receipt, refused=(*receipt.refused, f"{name:.80}: {error}"))
            continue
        receipt = Receipt(
            found.contents,
            (*receipt.taken, *found.taken),
            tuple(record for record in (*receipt.known, *found.known) if record.id in before),
            (*receipt.refused, *found.refused),
        )
    return _with_answers(receipt, before, entry, files)


def _with_answers(receipt: Receipt, before: set[str], entry: Json, files: dict[str, bytes]) -> Receipt:
    """The new records of an entry with what was known of them where they came from."""
    contents = receipt.contents
    for record in contents.records:
        if record.id not in before:
            contents = put(contents, _older(record, entry, files))
    taken = tuple(contents.record(record.id) or record for record in receipt.taken)
    return replace(receipt, contents=contents, taken=taken)


def _older(record: HeldRecord, entry: Json, files: dict[str, bytes]) -> HeldRecord:
    name = str(entry.get("answers", ""))
    looks: tuple[Look, ...] = ()
    if name in files:
        read = contents_of({"records": [{"looks": _list(files, name)}]})
        looks = read.records[0].looks[-11:]
    received = entry.get("received")
    display = entry.get("display")
    return replace(
        record,
        received=received if isinstance(received, str) and received else record.received,
        looks=(*looks, *record.looks),
        display=display if isinstance(display, dict) else record.display,
    )


def _with_history(contents: Contents, events: tuple[Event, ...]) -> Contents:
    known = {event.id for event in contents.history}
    fresh = tuple(event for event in events if event.id not in known)[:_MAX_HISTORY]
    ordered = sorted((*contents.history, *fresh), key=lambda event: event.at)
    return replace(contents, history=tuple(ordered))


def _object(files: dict[str, bytes], name: str) -> Json:
    if name not in files:
        raise Malformed(name, "it is not in the bundle")
    return parse_object(files[name], max_bytes=len(files[name]) or 1)


def _list(files: dict[str, bytes], name: str) -> list[Any]:
    if name not in files:
        return []
    value = parse_json(files[name], max_bytes=len(files[name]) or 1)
    return value if isinstance(value, list) else []


def _is_record(value: Any) -> bool:
    return isinstance(value, dict) and ("proof" in value or "payload" in value or _is_envelope(value))


def _is_envelope(value: Json) -> bool:
    return str(value.get("type", "")).startswith("Enveloped")


def _is_locked(value: Any) -> bool:
    texts = write_json(value)[:4000] if isinstance(value, dict | list) else ""
    return '"ciphertext"' in texts and '"recipients"' in texts


def _found(value: Any, depth: int) -> Iterator[str]:
    if depth > _MAX_DEPTH:
        return
    if isinstance(value, str):
        yield from _in_text(value, depth)
    elif isinstance(value, list):
        for inner in value:
            yield from _found(inner, depth + 1)
    elif isinstance(value, dict):
        if _is_credential(value):
            yield write_json(value)
        else:
            for inner in value.values():
                yield from _found(inner, depth + 1)


def _in_text(text: str, depth: int) -> Iterator[str]:
    """A token, or the JSON text of a credential, as some wallets keep them."""
    start = text.strip()
    if start.startswith("eyJ") and start.partition("~")[0].count(".") == 2:
        yield start
    elif start.startswith("{") and '"proof"' in start:
        try:
            value = parse_json(start)
        except Malformed:
            return
        if _is_credential(value):
            yield start
        else:
            yield from _found(value, depth + 1)


def _is_credential(value: Any) -> bool:
    types = value.get("type", []) if isinstance(value, dict) else []
    listed = types if isinstance(types, list) else [types]
    secured = isinstance(value, dict) and ("proof" in value or _is_envelope(value))
    return secured and ("VerifiableCredential" in listed or "EnvelopedVerifiableCredential" in listed)

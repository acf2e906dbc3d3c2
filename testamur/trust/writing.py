"""Changing a trust file and leaving everything else in it as it was, the comments too."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from testamur.errors import Malformed
from testamur.jsontext import Json, parse_object
from testamur.times import write_instant
from testamur.trust.entries import TrustedIssuer
from testamur.trust.reading import READERS

if TYPE_CHECKING:
    from tomlkit import TOMLDocument
    from tomlkit.items import AoT, Table

HEADING = """\
# The issuers this office trusts. An entry vouches for an issuer and pins its keys, so that its
# records can be checked without the network. The fields are explained in docs/trust-file.md.
"""


def add_issuer(text: str, entry: TrustedIssuer, media: str = "application/toml") -> str:
    """Return the trust file's text with the issuer added, or brought up to date where it is there already.

    Limits that a person wrote (``from``, ``until``, ``types``) stay unless the entry has its own.
    """
    known = {issuer.id for issuer in _read(text, media)}
    if media == "application/json":
        return _checked(_add_json(text, entry), media)
    import tomlkit

    document = tomlkit.parse(text or HEADING)
    if entry.id in known:
        _update(next(table for table in _issuers(document) if table["id"] == entry.id), entry)
    elif "issuer" in document:
        _issuers(document).append(_table(entry.members))
    else:
        tables = tomlkit.aot()
        tables.append(_table(entry.members))
        document.add(tomlkit.nl())
        document.append("issuer", tables)
    return _checked(tomlkit.dumps(document), media)


def remove_issuer(text: str, issuer: str, media: str = "application/toml") -> str:
    """Return the trust file's text without an issuer; raises Malformed where it is not in it."""
    if issuer not in {entry.id for entry in _read(text, media)}:
        raise Malformed("issuer", f"{issuer:.80} is not in this trust file")
    if media == "application/json":
        members = parse_object(text)
        members["issuer"] = [item for item in members["issuer"] if item["id"] != issuer]
        return _json(members)
    import tomlkit

    document = tomlkit.parse(text)
    tables = _issuers(document)
    place = next(place for place, table in enumerate(tables) if table["id"] == issuer)
    del tables[place]
    if not tables:
        document.remove("issuer")
    return _checked(tomlkit.dumps(document), media)


def _read(text: str, media: str) -> tuple[TrustedIssuer, ...]:
    return READERS[media](text).issuers if text.strip() else ()


def _checked(text: str, media: str) -> str:
    """What is written must be readable: a trust file is never left broken."""
    READERS[media](text)
    return text


def _issuers(document: TOMLDocument) -> AoT:
    from tomlkit.items import AoT

    tables = document["issuer"]
    if not isinstance(tables, AoT):
        raise Malformed("issuer", "write the issuers as [[issuer]] to have the file changed for you")
    return tables


def _table(members: Json) -> Table:
    import tomlkit

    table = tomlkit.table()
    for name, value in members.items():
        if name != "method":
            table.add(name, _value(value))
    if "method" in members:
        table.append("method", _methods(members["method"]))
    return table


def _methods(items: list[Json]) -> AoT:
    import tomlkit

    methods = tomlkit.aot()
    for item in items:
        methods.append(_table(item))
    return methods


def _update(table: Table, entry: TrustedIssuer) -> None:
    for name, value in entry.members.items():
        if name == "method":
            table.pop("method", None)
            table.append("method", _methods(value))
        else:
            table[name] = _value(value)


def _value(value: Any) -> Any:
    return value.astimezone(UTC).replace(microsecond=0) if isinstance(value, datetime) else value


def _add_json(text: str, entry: TrustedIssuer) -> str:
    members = parse_object(text) if text.strip() else {"issuer": []}
    items: list[Json] = members.setdefault("issuer", [])
    for item in items:
        if item["id"] == entry.id:
            item.update(entry.members)
            return _json(members)
    items.append(entry.members)
    return _json(members)


def _json(members: Json) -> str:
    return json.dumps(members, ensure_ascii=False, indent=2, default=write_instant) + "\n"

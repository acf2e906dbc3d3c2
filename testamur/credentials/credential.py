"""Credentials and presentations as values: the JSON text is the record, the rest are views of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from testamur.credentials.findings import each
from testamur.credentials.members import identifier, is_url, text, types
from testamur.credentials.status_entry import StatusEntry
from testamur.errors import Malformed
from testamur.jsontext import Json, parse_object, write_json
from testamur.times import parse_instant


@dataclass(frozen=True, slots=True)
class Credential:
    """What an issuer says about a subject, exactly as written; whether it is secured is not asked here."""

    text: str
    types: tuple[str, ...]
    issuer: str
    id: str = ""
    name: str = ""
    subjects: tuple[str, ...] = ()  # the ids of those subjects that have one
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    statuses: tuple[StatusEntry, ...] = ()

    @classmethod
    def parse(cls, source: str) -> Credential:
        """The credential of a JSON text; raises Malformed where a view of it cannot be had.

        Only what the views need is looked at; ``check_rules`` finds every broken clause.
        """
        document = parse_object(source)
        return cls(
            text=source,
            types=_types(document, "VerifiableCredential"),
            issuer=_required_id(document.get("issuer"), "issuer", "VCDM §4.7"),
            id=_optional_id(document.get("id"), "id"),
            name=text(document.get("name")),
            subjects=_subject_ids(document),
            valid_from=_instant(document, "validFrom", "issuanceDate"),
            valid_until=_instant(document, "validUntil", "expirationDate"),
            statuses=_statuses(document),
        )

    @classmethod
    def of(cls, document: Json) -> Credential:
        """The credential of members that were put together here, written compactly."""
        return cls.parse(write_json(document))

    @property
    def document(self) -> Json:
        """The members, a fresh copy at every call: change it freely."""
        return parse_object(self.text)

    def with_status(self, entry: StatusEntry) -> Credential:
        """The same credential with one more status entry; raises Malformed where a proof would be broken."""
        document = self.document
        if "proof" in document:
            raise Malformed("proof", "a signed credential cannot be given a status", clause="VC-DI §4.2")
        entries = [item for item, _ in each(document.get("credentialStatus"), "")] + [entry.document]
        document["credentialStatus"] = entries if len(entries) > 1 else entries[0]
        return Credential.of(document)


@dataclass(frozen=True, slots=True)
class Presentation:
    """Credentials as a holder shows them, exactly as written."""

    text: str
    types: tuple[str, ...]
    holder: str = ""
    id: str = ""

    @classmethod
    def parse(cls, source: str) -> Presentation:
        """The presentation of a JSON text; raises Malformed where a view of it cannot be had."""
        document = parse_object(source)
        holder = document.get("holder")
        return cls(
            text=source,
            types=_types(document, "VerifiablePresentation"),
            holder="" if holder is None else _required_id(holder, "holder", "VCDM §4.13"),
            id=_optional_id(document.get("id"), "id"),
        )

    @classmethod
    def of(cls, document: Json) -> Presentation:
        """The presentation of members that were put together here, written compactly."""
        return cls.parse(write_json(document))

    @property
    def document(self) -> Json:
        """The members, a fresh copy at every call: change it freely."""
        return parse_object(self.text)

    @property
    def credentials(self) -> tuple[Any, ...]:
        """What was put into it: objects, and in VCDM 1.1 also compact tokens."""
        return tuple(item for item, _ in each(self.document.get("verifiableCredential"), ""))


def _types(document: Json, base: str) -> tuple[str, ...]:
    found = types(document)
    if base not in found:
        raise Malformed("type", f"it must contain {base}", clause="VCDM §4.5")
    return found


def _required_id(value: Any, path: str, clause: str) -> str:
    name = identifier(value)
    if not is_url(name):
        raise Malformed(path, "it must be a URL, or an object whose id is one", clause=clause)
    return name


def _optional_id(value: Any, path: str) -> str:
    if value is not None and not is_url(value):
        raise Malformed(path, "it must be one URL", clause="VCDM §4.4")
    return value or ""


def _subject_ids(document: Json) -> tuple[str, ...]:
    subjects = [item for item, _ in each(document.get("credentialSubject"), "") if isinstance(item, dict)]
    return tuple(name for name in map(identifier, subjects) if name)


def _instant(document: Json, *names: str) -> datetime | None:
    for name in names:
        if document.get(name) is not None:
            return parse_instant(document[name], name)
    return None


def _statuses(document: Json) -> tuple[StatusEntry, ...]:
    entries = each(document.get("credentialStatus"), "credentialStatus")
    return tuple(StatusEntry.parse(item, path) for item, path in entries)

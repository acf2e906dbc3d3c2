"""What a vault holds: records as they were received, the holder's keys, what happened, and whom she knows."""

from __future__ import annotations

from dataclasses import dataclass, field

from testamur.jsontext import Json


@dataclass(frozen=True, slots=True)
class HeldForm:
    """One form of a record, its text exactly as received."""

    text: str
    format: str  # "ldp_vc", "vc+jwt", "dc+sd-jwt", …
    media_type: str
    key: str = ""  # the id of the holder's key that it is bound to


@dataclass(frozen=True, slots=True)
class Look:
    """What a verification said, and when."""

    at: str
    headline: str
    report: Json = field(repr=False)
    status: str = ""  # the sentence of the status check


@dataclass(frozen=True, slots=True)
class Enclosure:
    """The file in which a record came, where it is worth keeping: a printed page, a badge."""

    name: str
    media_type: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class HeldRecord:
    """A record with its forms, the last answers about it, and where it came from."""

    id: str
    forms: tuple[HeldForm, ...]
    received: str
    source: str  # "file diploma.pdf", "offer of https://…"
    looks: tuple[Look, ...] = ()  # the first and the newest ones
    enclosures: tuple[Enclosure, ...] = ()
    replaces: str = ""  # the id of the record that this corrected copy took the place of
    replaced_by: str = ""
    display: Json = field(default_factory=dict)  # how its issuer's offer says it is to be shown

    @property
    def look(self) -> Look | None:
        """The newest answer."""
        return self.looks[-1] if self.looks else None


@dataclass(frozen=True, slots=True)
class HolderKey:
    """A key of the holder's, made for one relation, so that two of them cannot tell it is one person."""

    id: str
    algorithm: str
    secret: bytes = field(repr=False)
    name: str  # "did:key:…", "did:jwk:…", or "" where the key goes by itself
    relation: str  # "https://school.example"
    made: str


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened: who got or gave what, when, why, and under which terms."""

    id: str
    at: str
    act: str  # one of ACTS
    records: tuple[str, ...] = ()
    who: str = ""
    why: str = ""
    terms: str = ""
    shown: tuple[str, ...] = ()  # what of it, by name
    more: Json = field(default_factory=dict)


ACTS = (
    "made",
    "received",
    "replaced",
    "checked",
    "shared",
    "presented",
    "refused",
    "withdrawn",
    "erasure asked",
    "exported",
    "imported",
    "backed up",
    "restored",
    "removed",
    "opened to",
)
"""What can have happened; an application may write others."""


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody who gave or got something."""

    id: str  # a client id, an issuer's DID, a site
    name: str
    since: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Contents:
    """Everything in a vault."""

    records: tuple[HeldRecord, ...] = ()
    keys: tuple[HolderKey, ...] = ()
    history: tuple[Event, ...] = ()
    contacts: tuple[Contact, ...] = ()
    settings: Json = field(default_factory=dict)  # of the application that keeps the vault

    def record(self, record_id: str) -> HeldRecord | None:
        """The record of this id."""
        return next((each for each in self.records if each.id == record_id), None)

    def key(self, key_id: str) -> HolderKey | None:
        """The key of this id."""
        return next((each for each in self.keys if each.id == key_id), None)

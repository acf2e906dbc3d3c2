"""A record in the wallet: its forms as documents, what it is called, and the acts that change what is held."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import uuid4

from testamur.errors import OperatorError
from testamur.jsontext import Json
from testamur.proofs import SecuredDocument, decode
from testamur.times import write_instant
from testamur.vault import Contact, Contents, Event, HeldForm, HeldRecord

COPIES = ("ldp_vc", "dc+sd-jwt", "vc+sd-jwt")
_MAX_CONTACTS = 2000


@dataclass(frozen=True, slots=True)
class Told:
    """What a list shows of a record, as its issuer signed it."""

    award: str
    holder: str
    result: str
    awarded: str
    number: str
    issuer: str
    valid_until: str
    headline: str


def told(record: HeldRecord) -> Told:
    """What is known of a record from the newest answer about it; nothing is verified anew."""
    look = record.look
    facts = look.report.get("facts", {}) if look else {}
    said: Json = facts if isinstance(facts, dict) else {}
    listed = look.report.get("listed_as", "") if look else ""
    return Told(
        _text(said, "award") or _text(said, "kind") or "a record",
        _text(said, "holder") or _text(said, "holder_latin"),
        _text(said, "result"),
        _text(said, "awarded"),
        _text(said, "number"),
        (listed if isinstance(listed, str) else "") or _text(said, "issuer_name") or _text(said, "issuer"),
        _text(said, "valid_until"),
        look.headline if look else "",
    )


def documents(record: HeldRecord) -> list[SecuredDocument]:
    """Its forms, the fullest first."""
    return [decode(form.text, media_type=form.media_type) for form in record.forms]


def form_of(record: HeldRecord, *formats: str) -> HeldForm | None:
    """Its first form of one of these formats."""
    return next((form for wanted in formats for form in record.forms if form.format == wanted), None)


def find_record(contents: Contents, name: str) -> HeldRecord:
    """The record of a number in the list, an id, or words that only it has; raises OperatorError."""
    if name.isascii() and name.isdigit() and 0 < int(name) <= len(contents.records):
        return contents.records[int(name) - 1]
    words = name.casefold()
    by_id = [record for record in contents.records if name and record.id == name]
    found = by_id or [record for record in contents.records if words and words in _words(record)]
    if len(found) == 1:
        return found[0]
    what = f"{len(found)} records are called" if found else "no record is called"
    raise OperatorError(f"{what} {name!r:.60}", hint="testamur wallet list shows them with their numbers")


def put(contents: Contents, record: HeldRecord) -> Contents:
    """The content with this record in the place of the one with its id, or at the end."""
    if contents.record(record.id) is None:
        return replace(contents, records=(*contents.records, record))
    records = tuple(record if each.id == record.id else each for each in contents.records)
    return replace(contents, records=records)


def removed(contents: Contents, record_id: str, *, at: datetime) -> Contents:
    """The content without a record; the history keeps that it was there."""
    gone = contents.record(record_id)
    if gone is None:
        raise OperatorError("this record is not in the wallet")
    records = tuple(each for each in contents.records if each.id != record_id)
    return noted(replace(contents, records=records), "removed", [gone], at=at)


def noted(
    contents: Contents,
    act: str,
    records: Sequence[HeldRecord] = (),
    *,
    at: datetime,
    who: str = "",
    why: str = "",
    terms: str = "",
    shown: Sequence[str] = (),
    more: Json | None = None,
) -> Contents:
    """The content with one more event in its history, and whoever takes part among the contacts."""
    event = Event(
        f"urn:uuid:{uuid4()}",
        write_instant(at),
        act,
        tuple(record.id for record in records),
        who,
        why,
        terms,
        tuple(shown),
        {"names": [told(record).award for record in records]} | (more or {}),
    )
    return replace(contents, history=(*contents.history, event))


def met(contents: Contents, who: str, name: str, *, at: datetime) -> Contents:
    """The content with somebody among its contacts."""
    known = any(contact.id == who for contact in contents.contacts)
    if not who or known or len(contents.contacts) >= _MAX_CONTACTS:
        return contents
    contact = Contact(who[:500], name[:200], write_instant(at))
    return replace(contents, contacts=(*contents.contacts, contact))


def _words(record: HeldRecord) -> str:
    said = told(record)
    return " ".join((said.award, said.number, said.issuer, said.result)).casefold()


def _text(members: Json, name: str) -> str:
    value = members.get(name, "")
    return value if isinstance(value, str) else ""

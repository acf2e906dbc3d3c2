"""Correcting a record: a new copy in place of the old one, which is revoked as replaced in the same transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from testamur.credentials import Template, Value, values_of
from testamur.encoding import encode_base64url
from testamur.errors import Malformed, OperatorError, Refused, RowMismatch
from testamur.home import Home
from testamur.issuer.mailing.queueing import contact_of, tell_corrected
from testamur.issuer.outputs import Outputs
from testamur.issuer.signing import IssuerOpener
from testamur.issuing import Draft
from testamur.jsontext import parse_object
from testamur.keys.box import Box
from testamur.spreadsheets import row_digest
from testamur.store import REPLACED, REVOKED, Ledger, Record


def template_of(home: Home, record: Record) -> Template:
    """The template that a record was made from, as it is now; raises OperatorError where it is gone or older than the record."""
    path = home.templates_folder / f"{record.template}.toml"
    if not record.template or Path(record.template).name != record.template or not path.is_file():
        raise OperatorError(
            f"the template {record.template!r:.60} of {record.id} is gone",
            hint="put it back into templates/, or issue the corrected row with --changed",
        )
    return Template.load(path)


def values_in(template: Template, record: Record) -> dict[str, Value]:
    """What a record says, by the places of its template's columns; what goes into no record is not among it."""
    form = record.form("full")
    if form is None or not form.text:
        raise OperatorError(f"{record.id} has no full form, or was erased")
    return values_of(template, parse_object(form.text))


def changed_values(template: Template, record: Record, changes: Mapping[str, str]) -> dict[str, Value]:
    """What a record says with some cells written anew, by column; "" empties a cell. Raises RowMismatch, OperatorError."""
    values = values_in(template, record)
    for name, cell in changes.items():
        column = template.column(name)
        if column is None:
            raise OperatorError(
                f"the template has no column {name!r:.60}",
                hint=f"it has {', '.join(column.name for column in template.columns)}",
            )
        values.pop(column.place, None)
        try:
            if cell.strip():
                values[column.place] = column.read(cell)
            elif column.required and column.goes_to != "nothing":
                raise Malformed("", "this must not be empty")
        except Malformed as error:
            raise RowMismatch(1, name, error.message) from None
    return values


def correct(
    home: Home,
    ledger: Ledger,
    record_id: str,
    values: Mapping[str, Value],
    ask: Callable[[str], str],
    *,
    reason: str,
    at: datetime,
    draft: int = 0,
    box: Box | None = None,
    language: str = "en",
) -> Record:
    """The corrected copy, which says these values; from then on the old one is answered as replaced by it.

    With the ``box`` of the installation, a learner whose address is kept is told: the letter is queued
    in the same transaction. Raises Refused where the old one was revoked or replaced already.
    """
    old = correctable(home, ledger, record_id)
    template = template_of(home, old)
    opener = IssuerOpener.of(home, ledger, template).asking(ask)
    issuer = opener.open(ledger.by(ledger.who, why=reason))
    outputs = Outputs(home, ledger)
    outputs.keep_crest(template.look, template.crest)
    ledger.keep_look(home.did, template.look.digest, template.look.text)
    document = template.document(
        values,
        issuer_id=home.did,
        issuer_name=home.name,
        issuer_url=home.url,
        record_id=f"urn:uuid:{uuid4()}",
        at=at,
    )
    made = Draft(
        document=document,
        at=at,
        paper=template.paper_document,
        template=old.template,
        template_version=str(template.version),
        row_key=old.row_key,
        row_digest=encode_base64url(_digest(template, old, values)),
        batch=old.batch,
        look=template.look.digest,
        suspendable=template.suspendable,
        replaces=old.id,
    )
    address = contact_of(ledger, box, old.id) if box else ""

    def tell(connection: Any) -> None:
        if box and address:
            new_id = document["id"]
            tell_corrected(ledger, box, connection, new_id, address, language=language, at=at)

    return issuer.issue_batch([made], draft=draft, also=tell)[0]


def correctable(home: Home, ledger: Ledger, record_id: str) -> Record:
    """The record, where a corrected copy can take its place; raises OperatorError or Refused."""
    old = ledger.get(record_id)
    if old is None or old.organisation != home.did:
        raise OperatorError(f"there is no record {record_id:.80} in the ledger")
    if old.state in (REVOKED, REPLACED):
        raise Refused(f"{old.id} is {old.state}; a corrected copy cannot take its place")
    return old


def _digest(template: Template, old: Record, values: Mapping[str, Value]) -> bytes:
    """The digest of the sheet's row that would say the same, so that it counts as issued.

    Columns that go into no record are not known any more, but for the one that names the row.
    """
    said = {place: str(value) for place, value in values.items()}
    aside = [column for column in template.columns if column.goes_to == "nothing"]
    if len(aside) == 1 and old.row_key:
        said.setdefault(aside[0].place, old.row_key)
    return row_digest(said)

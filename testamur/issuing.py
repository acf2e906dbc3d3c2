"""Issuing: a document becomes a record. Checked, given its place in a status list, signed, kept.

The order is what makes it safe. An index is taken for good before anything is signed, so a crash
wastes one and never issues one twice; records are kept all at once, so there is none by half.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import uuid4

from testamur.crashpoints import reached
from testamur.credentials import StatusEntry, check_rules, check_schema, facts
from testamur.errors import KeyNotAuthorized, Malformed, OperatorError
from testamur.jsontext import Json, write_json
from testamur.keys import Signer, VerificationMethod
from testamur.proofs import DataIntegrity, Format, SecuredDocument, VcJwt, suite_for
from testamur.store import REVOCATION, SUSPENSION, Form, Ledger, NewRecord, Record, StatusSlot
from testamur.times import parse_instant
from testamur.ways import Way

BATCH = 500
"""Records that are reserved and kept together: one sync of the disk for each, a few megabytes of memory."""

Extract = Callable[[Json], Json]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A document to be issued; ``paper`` is its extract for paper or the function that makes it."""

    document: Json
    at: datetime
    paper: Json | Extract | None = None
    template: str = ""
    template_version: str = ""
    row_key: str = ""
    row_digest: str = ""
    batch: str = ""
    look: str = ""
    suspendable: bool = False
    replaces: str = ""


class Issuer:
    """Issues for one organisation; ``status_url`` is the folder of its status lists.

    One key signs all records, and others the further proofs and forms of them.
    """

    def __init__(
        self,
        signer: Signer,
        ledger: Ledger,
        organisation: str,
        status_url: str,
        *,
        full_format: Format | None = None,
        paper_format: Format | None = None,
        second_proofs: Sequence[Way] = (),
        forms: Sequence[Way] = (),
    ) -> None:
        self._signer = signer
        self._ledger = ledger
        self._organisation = organisation
        self._status_url = status_url.rstrip("/")
        self._full_format = full_format or DataIntegrity(suite_for(signer.public_key))
        self._paper_format = paper_format or VcJwt(extract=True)
        self._second_proofs, self._forms = tuple(second_proofs), tuple(forms)
        signers = (signer, *(way.signer for way in (*self._second_proofs, *self._forms)))
        self._keys = {each.verification_method: each.public_key for each in signers}

    @property
    def ledger(self) -> Ledger:
        """Where the records are kept."""
        return self._ledger

    @property
    def organisation(self) -> str:
        """For whom is issued."""
        return self._organisation

    @property
    def signer(self) -> Signer:
        """Who signs."""
        return self._signer

    @property
    def formats(self) -> tuple[Format, Format]:
        """How the full form and the one for paper are secured."""
        return self._full_format, self._paper_format

    @property
    def second_proofs(self) -> tuple[Way, ...]:
        """The proofs that stand beside the first one on the full form."""
        return self._second_proofs

    def issue(
        self,
        document: Json,
        *,
        at: datetime,
        paper: Json | Extract | None = None,
        template: str = "",
        row_key: str = "",
        row_digest: str = "",
        batch: str = "",
        suspendable: bool = False,
    ) -> Record:
        """The record of one document; raises Malformed on a document that breaks a rule."""
        draft = Draft(
            document=document, at=at, paper=paper, template=template, row_key=row_key,
            row_digest=row_digest, batch=batch, suspendable=suspendable,
        )  # fmt: skip
        return self.issue_batch([draft])[0]

    def issue_many(self, drafts: Iterable[Draft]) -> Iterator[Record]:
        """The records of many documents, kept in batches; what was yielded is in the ledger."""
        waiting = iter(drafts)
        while batch := list(islice(waiting, BATCH)):
            yield from self.issue_batch(batch)

    def issue_batch(
        self, drafts: Sequence[Draft], *, draft: int = 0, also: Callable[[Any], None] | None = None
    ) -> list[Record]:
        """The records of these documents, kept in one transaction: all or none.

        A ``draft`` of the ledger that asked for them is at its end with it; ``also`` as in ``Ledger.record``.
        """
        drafts = [_with_id(one) for one in drafts]
        for one in drafts:
            _raise_all(self.problems(one.document))
        reached("checked")
        slots = self._reserve(drafts)
        reached("reserved")
        new = [
            self.signed(one, own, check=number == 0)
            for number, (one, own) in enumerate(zip(drafts, slots, strict=True))
        ]
        kept = self._ledger.record(new, draft=draft, also=also)
        reached("recorded")
        return kept

    def problems(self, document: Json) -> list[Malformed]:
        """Every reason why a document cannot be issued here."""
        found = check_rules(document) or check_schema(document)
        if "proof" in document:
            found.append(Malformed("proof", "a document to be issued carries no proof yet"))
        if "credentialStatus" in document:
            found.append(Malformed("credentialStatus", "the issuer adds this itself"))
        controller = self._signer.verification_method.partition("#")[0]
        if facts(document).issuer != controller:
            found.append(Malformed("issuer", f"it is not {controller}, whose key signs"))
        return found

    def _reserve(self, drafts: Sequence[Draft]) -> list[tuple[StatusSlot, ...]]:
        """For each draft its slots: one to revoke it, a second one to suspend it where it can be."""
        suspendable = sum(draft.suspendable for draft in drafts)
        first = self._ledger.reserve(self._organisation, REVOCATION, len(drafts))
        second = iter(
            self._ledger.reserve(self._organisation, SUSPENSION, suspendable) if suspendable else ()
        )
        return [
            (slot, next(second)) if draft.suspendable else (slot,)
            for draft, slot in zip(drafts, first, strict=True)
        ]

    def signed(self, draft: Draft, slots: tuple[StatusSlot, ...], *, check: bool = False) -> NewRecord:
        """The record of a draft without problems, under its status slots, not kept yet.

        With ``check`` its signatures are verified with the signer's own public key.
        """
        status = self.status_of(slots)
        document = draft.document | status
        paper = _extract(draft.paper, document, status)
        reached("status_added")
        forms = [self._full_form(document, draft.at, check=check)]
        reached("signed")
        if paper is not None:
            forms.append(self._form("paper", self._paper_format, paper, draft.at, check=check))
            reached("paper_signed")
        forms += self.further_forms(write_json(document), draft.at, check=check)
        return _new_record(draft, self._organisation, document, tuple(forms), slots)

    def further_forms(self, text: str, at: datetime, *, check: bool = False) -> list[Form]:
        """The forms beside full and paper of an unsecured document with its status."""
        made = []
        for way in self._forms:
            secured = way.format.secure(text, way.signer, at=at)
            if check:
                self._check_own(way.format, secured)
            made.append(Form(way.name, secured.format, secured.text))
        return made

    def status_of(self, slots: tuple[StatusSlot, ...]) -> Json:
        """The member ``credentialStatus`` of a record with these slots."""
        entries = [self._entry(slot) for slot in slots]
        return {"credentialStatus": entries[0] if len(entries) == 1 else entries}

    def _entry(self, slot: StatusSlot) -> Json:
        url = f"{self._status_url}/{slot.list_number}.json"
        return StatusEntry("BitstringStatusListEntry", slot.purpose, slot.index, url).document

    def _full_form(self, document: Json, at: datetime, *, check: bool) -> Form:
        secured = self._full_format.secure(write_json(document), self._signer, at=at)
        for way in self._second_proofs:
            secured = way.format.secure(secured.text, way.signer, at=at)
        if check:
            self._check_own(self._full_format, secured)
        return Form("full", secured.format, secured.text)

    def _form(self, name: str, how: Format, document: Json, at: datetime, *, check: bool) -> Form:
        secured = how.secure(write_json(document), self._signer, at=at)
        if check:
            self._check_own(how, secured)
        return Form(name, secured.format, secured.text)

    def _check_own(self, how: Format, secured: SecuredDocument) -> None:
        """Refuse to go on with a signer whose signatures its own public key does not verify."""
        opened = how.open(secured, self._own_method)
        broken = [signature for signature in opened.signatures if not signature.holds]
        if broken or not opened.signatures:
            name = broken[0].verification_method if broken else self._signer.verification_method
            raise OperatorError(
                f"what {name} signs does not verify; nothing was issued",
                hint="the key file and the key in the ledger do not belong together",
            )

    def _own_method(self, url: str, purpose: str, at: datetime | None) -> VerificationMethod:
        if url not in self._keys or purpose != "assertionMethod":
            raise KeyNotAuthorized(f"{url} is not a key that signs here")
        return VerificationMethod(url, url.partition("#")[0], self._keys[url])


def _with_id(draft: Draft) -> Draft:
    if "id" in draft.document:
        return draft
    return replace(draft, document={"id": f"urn:uuid:{uuid4()}"} | draft.document)


def _raise_all(problems: Sequence[Malformed]) -> None:
    """Raise the only problem, or all of them in one sentence."""
    if len(problems) == 1:
        raise problems[0]
    if problems:
        raise Malformed("", "; ".join(problem.message for problem in problems))


def _extract(paper: Json | Extract | None, document: Json, status: Json) -> Json | None:
    """What goes on paper, checked; it says nothing that the full document does not say as well."""
    if paper is None:
        return None
    made = paper(document) if callable(paper) else paper | {"id": document["id"]} | status
    if different := _difference(made, document, ""):
        raise Malformed(different, "the extract for paper differs from the full document")
    if made.get("credentialStatus") != document["credentialStatus"]:
        raise Malformed("credentialStatus", "the extract for paper lacks the status entry")
    _raise_all(check_rules(made) or check_schema(made))
    return made


def _difference(part: object, whole: object, path: str) -> str:
    """Where ``part`` says something that ``whole`` does not, "" where it is contained in it."""
    if isinstance(part, dict) and isinstance(whole, dict):
        for name, value in part.items():
            inner = f"{path}.{name}" if path else name
            if name not in whole:
                return inner
            if different := _difference(value, whole[name], inner):
                return different
        return ""
    if isinstance(part, list) and isinstance(whole, list):
        rest = iter(whole)
        contained = all(any(not _difference(item, other, path) for other in rest) for item in part)
        return "" if contained else path
    return "" if type(part) is type(whole) and part == whole else path or "document"


def _new_record(
    draft: Draft, organisation: str, document: Json, forms: tuple[Form, ...], slots: tuple[StatusSlot, ...]
) -> NewRecord:
    said = facts(document)
    valid_from = document.get("validFrom") or document.get("issuanceDate")
    return NewRecord(
        id=document["id"],
        organisation=organisation,
        forms=forms,
        slots=slots,
        issued_at=draft.at,
        valid_from=parse_instant(valid_from, "validFrom") if valid_from else draft.at,
        template=draft.template,
        template_version=draft.template_version,
        row_key=draft.row_key,
        row_digest=draft.row_digest,
        batch=draft.batch,
        look=draft.look,
        holder=said.holder,
        holder_latin=said.holder_latin,
        award=said.award,
        number=said.number,
        replaces=draft.replaces,
    )

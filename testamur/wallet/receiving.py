"""Receiving: whatever holds records is read, each is verified on the way in, and kept with the answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import uuid4

from testamur.checks import Headline, Report
from testamur.encoding import signed_text
from testamur.errors import Malformed, TestamurError
from testamur.jsontext import Json
from testamur.proofs import SecuredDocument
from testamur.scanning import MAX_FILE, examine, files_in, kind_of
from testamur.times import write_instant
from testamur.vault import Contents, Enclosure, HeldForm, HeldRecord, Look
from testamur.verifying import Verifier
from testamur.wallet.holder_keys import key_of
from testamur.wallet.records import met, noted, put, told

MAX_RECORDS = 5000
_MAX_ENCLOSURE = 4_000_000
_MAX_LOOKS = 12
_MEDIA_TYPES = {"pdf": "application/pdf", "png": "image/png", "svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of something that was received."""

    contents: Contents
    taken: tuple[HeldRecord, ...] = ()  # new here
    known: tuple[HeldRecord, ...] = ()  # here already, perhaps with a form more now
    refused: tuple[str, ...] = ()  # why something in it was not kept


def receive(
    contents: Contents,
    data: bytes,
    name: str,
    verifier: Verifier,
    *,
    at: datetime,
    source: str = "",
    keep_forged: bool = False,
) -> Receipt:
    """The content with every record of a file, picture, PDF, code, archive or exported bundle.

    A record whose answer is "cannot tell" is kept, marked so; one that is not genuine only if it is asked for.
    Raises Malformed where the file cannot be read at all, or holds no record.
    """
    from testamur.wallet.importing import is_bundle, members_of, read_bundle

    if len(data) > MAX_FILE:
        raise Malformed("", f"the file is longer than {MAX_FILE:,} bytes")
    if is_bundle(data):
        return read_bundle(contents, data, verifier, at=at, source=source or name)
    work = _Receiving(Receipt(contents), verifier, at, source or f"file {name}", keep_forged)
    for member, content in members_of(data, name) or files_in(data, name):
        work.file(content, member)
    return work.finished(name)


def receive_documents(
    contents: Contents,
    forms: Sequence[SecuredDocument],
    verifier: Verifier,
    *,
    at: datetime,
    source: str,
    display: Json | None = None,
    keep_forged: bool = False,
) -> Receipt:
    """The content with one record in these forms, as an issuer's offer brings it (OpenID4VCI)."""
    reports = [verifier.verify(form, at=at) for form in forms]
    worst = max(reports, key=lambda report: list(Headline).index(report.headline))
    work = _Receiving(Receipt(contents), verifier, at, source, keep_forged)
    work.record(worst, forms, (), display or {})
    return work.finished(source)


@dataclass(slots=True)
class _Receiving:
    so_far: Receipt
    verifier: Verifier
    at: datetime
    source: str
    keep_forged: bool

    def file(self, content: bytes | TestamurError, name: str) -> None:
        """Take what one file holds; why it holds nothing is noted, and stops no other."""
        if isinstance(content, TestamurError):
            self.refuse(f"{name}: {content}")
            return
        try:
            examined = examine(content, self.verifier, at=self.at, source=name)
        except TestamurError as error:
            self.refuse(f"{name}: {error}" if name else str(error))
            return
        kept = _enclosures(content, name) if len(examined.reports) == 1 else ()
        for report, forms in zip(examined.reports, examined.forms, strict=True):
            self.record(report, forms, kept, {})

    def record(
        self, report: Report, forms: Sequence[SecuredDocument], kept: tuple[Enclosure, ...], display: Json
    ) -> None:
        """Take one record in its forms."""
        if report.is_presentation:
            self.refuse("a presentation was made for somebody else; ask for the record itself")
        elif report.headline is Headline.NOT_GENUINE and not self.keep_forged:
            self.refuse(f"{_called(report)} is not genuine: {_why(report)}")
        elif len(self.so_far.contents.records) >= MAX_RECORDS:
            self.refuse(f"a wallet holds no more than {MAX_RECORDS} records")
        else:
            self._take(report, forms, kept, display)

    def refuse(self, reason: str) -> None:
        """Note why something was not kept."""
        self.so_far = replace(self.so_far, refused=(*self.so_far.refused, reason))

    def finished(self, name: str) -> Receipt:
        """The receipt; raises Malformed where nothing at all was in it."""
        done = self.so_far
        if not (done.taken or done.known or done.refused):
            raise Malformed("", f"no record was found in {name:.80}" if name else "no record was found in it")
        return done

    def _take(
        self, report: Report, forms: Sequence[SecuredDocument], kept: tuple[Enclosure, ...], display: Json
    ) -> None:
        contents, look = self.so_far.contents, look_of(report, self.at)
        held = tuple(_held_form(contents, form) for form in forms)
        existing = _same(contents, held, report)
        if existing is not None:
            merged = with_look(_merged(existing, held, kept), look)
            self.so_far = replace(
                self.so_far, contents=put(contents, merged), known=(*self.so_far.known, merged)
            )
            return
        made = HeldRecord(
            f"urn:uuid:{uuid4()}",
            held,
            write_instant(self.at),
            self.source[:500],
            (look,),
            kept,
            display=display,
        )
        contents, made = take_up(put(contents, made), made, at=self.at)
        contents = noted(contents, "received", [made], at=self.at, who=report.facts.issuer, why=self.source)
        contents = met(contents, report.facts.issuer, told(made).issuer, at=self.at)
        self.so_far = replace(self.so_far, contents=contents, taken=(*self.so_far.taken, made))


def look_of(report: Report, at: datetime) -> Look:
    """The answer as it is kept: every check and fact, without the record itself, which is kept beside it."""
    status = report.check("status")
    return Look(
        write_instant(at),
        report.headline.value,
        _bare(report.to_json()),
        str(status.sentence) if status else "",
    )


def with_look(record: HeldRecord, look: Look) -> HeldRecord:
    """The record with a newer answer; the first one stays, and the newest of the others."""
    looks = (*record.looks, look)
    if len(looks) > _MAX_LOOKS:
        looks = (looks[0], *looks[-_MAX_LOOKS + 1 :])
    return replace(record, looks=looks)


def take_up(contents: Contents, made: HeldRecord, *, at: datetime) -> tuple[Contents, HeldRecord]:
    """Connect a corrected copy with the record it took the place of, once that one was withdrawn as replaced."""
    for old in contents.records:
        if old.id != made.id and not old.replaced_by and _corrects(made, old):
            made = replace(made, replaces=old.id)
            contents = put(put(contents, replace(old, replaced_by=made.id)), made)
            return noted(contents, "replaced", [old, made], at=at, who=told(made).issuer), made
    return contents, made


def _corrects(made: HeldRecord, old: HeldRecord) -> bool:
    new, before = told(made), told(old)
    if before.headline not in ("replaced", "revoked") or new.headline in ("replaced", "revoked"):
        return False
    one, other = _facts(made), _facts(old)
    if not one.get("issuer") or one.get("issuer") != other.get("issuer"):
        return False
    if new.number and before.number:
        return new.number == before.number
    return new.award == before.award and new.holder == before.holder


def _facts(record: HeldRecord) -> Json:
    facts = record.look.report.get("facts") if record.look else None
    return facts if isinstance(facts, dict) else {}


def _same(contents: Contents, forms: Sequence[HeldForm], report: Report) -> HeldRecord | None:
    """The record that is here already: one of its texts, or its issuer and id."""
    texts = {signed_text(form.text) for form in forms}
    facts = report.facts
    for record in contents.records:
        if texts & {signed_text(form.text) for form in record.forms}:
            return record
        known = _facts(record)
        if (
            report.is_proved
            and facts.id
            and (known.get("id"), known.get("issuer")) == (facts.id, facts.issuer)
        ):
            return record
    return None


def _merged(record: HeldRecord, forms: Sequence[HeldForm], kept: tuple[Enclosure, ...]) -> HeldRecord:
    """The record with the forms and files it did not have; of an SD-JWT, the copy that shows most."""
    merged = list(record.forms)
    for form in forms:
        same = [n for n, each in enumerate(merged) if signed_text(each.text) == signed_text(form.text)]
        if not same:
            merged.append(form)
        elif len(form.text) > len(merged[same[0]].text):
            merged[same[0]] = form
    known = {each.data for each in record.enclosures}
    files = (*record.enclosures, *(each for each in kept if each.data not in known))
    return replace(record, forms=tuple(merged), enclosures=files[:4])


def _held_form(contents: Contents, form: SecuredDocument) -> HeldForm:
    key = key_of(contents, form)
    return HeldForm(form.text, form.format, form.media_type, key.id if key else "")


def _enclosures(content: bytes, name: str) -> tuple[Enclosure, ...]:
    media_type = _MEDIA_TYPES.get(kind_of(content))
    if media_type is None or len(content) > _MAX_ENCLOSURE:
        return ()
    return (Enclosure(name.rpartition("/")[2][:120], media_type, content),)


def _bare(members: Json) -> Json:
    """A report without the claims it is about."""
    kept = {name: value for name, value in members.items() if name not in ("credential", "source")}
    for name in ("credentials", "endorsements"):
        if isinstance(kept.get(name), list):
            kept[name] = [_bare(each) for each in kept[name]]
    return kept


def _called(report: Report) -> str:
    return report.facts.award[:120] or "what it holds"


def _why(report: Report) -> str:
    failed = [str(check.sentence) for check in report.checks if check.outcome.value == "failed"]
    return (failed or list(report.doubts) or ["it could not be believed"])[0][:300]

"""Sharing: a record, or a part of it, as a file, a code on the screen, a film of codes or a page; noted in the history."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from testamur.errors import Malformed, OperatorError
from testamur.papercode import encode, film_frames, is_frame
from testamur.proofs import SecuredDocument
from testamur.vault import Contents, HeldRecord
from testamur.wallet.choosing import Preview, choosable, preview
from testamur.wallet.records import documents, noted, told

WAYS = ("file", "qr", "film", "pdf")
SUFFIXES = {"ldp_vc": "json", "vc+jwt": "jwt", "ob_jwt": "jwt", "jwt_vc_json": "jwt", "vc+cose": "cose.txt"}
_HOST = re.compile(r"(?:did:web:|https://)([A-Za-z0-9.-]+(?::\d+|%3A\d+)?)", re.ASCII)
_NO_SITE = "unknown.invalid"
_ODD = re.compile(r"[^\w.-]+")


@dataclass(frozen=True, slots=True)
class SharedFile:
    """A file to hand out."""

    name: str
    media_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Shared:
    """What is handed out, what it shows, and the content whose history says so."""

    contents: Contents
    preview: Preview
    files: tuple[SharedFile, ...] = ()
    codes: tuple[str, ...] = ()  # the texts of QR codes; several are a film


def chosen(record: HeldRecord, names: Sequence[str] | None) -> Preview:
    """What would be shown of a record: all of its fullest form, or these parts of a form that allows it."""
    if names is None:
        return preview(documents(record)[0])
    document = choosable(record)
    return preview(document or documents(record)[0], names)


def share(
    contents: Contents,
    record: HeldRecord,
    way: str,
    *,
    names: Sequence[str] | None = None,
    to: str = "",
    why: str = "",
    terms: str = "",
    at: datetime,
) -> Shared:
    """The record ready to be handed out; raises OperatorError, Malformed where it cannot be shared so."""
    files: tuple[SharedFile, ...] = ()
    codes: tuple[str, ...] = ()
    if way == "pdf" and names is None:
        seen, files = _page(record)
    elif way == "qr":
        seen, codes = _code(record, names)
    elif way in ("file", "film"):
        seen = chosen(record, names)
        codes = tuple(film_frames(seen.document.text)) if way == "film" else ()
        files = () if codes else (as_file(seen.document, record),)
    else:
        raise OperatorError(
            f"a record is not shared as {way!r:.40} in part or at all", hint="choose file, qr or film"
        )
    more = {"way": way, "kept_back": list(seen.kept_back)}
    contents = noted(
        contents, "shared", [record], at=at, who=to, why=why, terms=terms, shown=seen.shown, more=more
    )
    return Shared(contents, seen, files, codes)


def as_file(document: SecuredDocument, record: HeldRecord) -> SharedFile:
    """A form as a file of its own."""
    suffix = SUFFIXES.get(document.format, document.format.partition("+")[2] or "txt")
    return SharedFile(f"{stem(record)}.{suffix}", document.media_type, document.text.encode("utf-8") + b"\n")


def stem(record: HeldRecord) -> str:
    """What a file of the record is called, in any script."""
    said = told(record)
    text = unicodedata.normalize("NFC", f"{said.award} {said.number}".strip())
    return _ODD.sub("-", text).strip("-.")[:60] or "record"


def paper_code(record: HeldRecord) -> str:
    """The text of the code that stands on the paper, "" for a record without a paper form."""
    for document in documents(record):
        if document.format != "vc+jwt":
            continue
        issuer = document.claims.get("issuer")
        name = issuer.get("id", "") if isinstance(issuer, dict) else issuer
        site = _HOST.match(name) if isinstance(name, str) else None
        try:
            return encode(document.text, site[1].replace("%3A", ":") if site else _NO_SITE)
        except Malformed:
            continue
    return ""


def _code(record: HeldRecord, names: Sequence[str] | None) -> tuple[Preview, tuple[str, ...]]:
    """One code where the record has one, else a film."""
    code = paper_code(record) if names is None else ""
    if code:
        form = next(each for each in documents(record) if each.format == "vc+jwt")
        return preview(form), (code,)
    seen = chosen(record, names)
    return seen, tuple(film_frames(seen.document.text))


def _page(record: HeldRecord) -> tuple[Preview, tuple[SharedFile, ...]]:
    """The page the school printed, or one that says the same and carries the signed code."""
    for each in record.enclosures:
        if each.media_type == "application/pdf":
            kept = SharedFile(f"{stem(record)}.pdf", each.media_type, each.data)  # never a stranger's name
            return preview(documents(record)[0]), (kept,)
    seen, codes = _code(record, None)
    code = codes[0]
    if len(codes) > 1 or is_frame(code):
        raise OperatorError(
            "this record has no printed page and no code that fits on paper",
            hint="share it as a file or as a film of codes",
        )
    from testamur.render import PlainSheet, sheet_pdf

    said = told(record)
    rows = [("Name", said.holder), ("Award", said.award), ("Result", said.result), ("Date", said.awarded)]
    rows += [("Number", said.number), ("Issuer", said.issuer)]
    sheet = PlainSheet(
        said.award,
        sentences=(
            "A copy made by its holder. Only the code is signed: check it, and compare what it says.",
        ),
        rows=tuple(row for row in rows if row[1]),
        code=code,
        caption="Scan this code to check the record with its issuer.",
    )
    return seen, (SharedFile(f"{stem(record)}.pdf", "application/pdf", sheet_pdf(sheet)),)

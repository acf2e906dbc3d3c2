"""Whether a PDF shows what was signed, and nothing else.

A PDF can say one thing to a program and show another: its fonts, its order of drawing and its layers are
whatever the last hand made them. So the page is drawn again from the signed claims and the two are held
against each other: byte for byte first, which settles it; else in structure, in words and as pictures.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from testamur.credentials import Look
from testamur.errors import Malformed, TestamurError
from testamur.jsontext import Json
from testamur.papercode import decode
from testamur.render.asides import asides
from testamur.render.page import PageData, page_fields
from testamur.render.picturing import MAX_PAGES, Sheet
from testamur.render.printing import CODE, CREDENTIAL, CREST, LOOK, PAPER, Enclosed, pdf

MAX_PDF = 20_000_000
_MAX_ATTACHED = 4_000_000
_MAX_TOLD = 12
_MAX_ASIDES = 3
_JOINERS = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")

_CALLED = {
    "issuer": "the school's name",
    "holder": "the holder's name",
    "holder_latin": "the holder's name in Latin letters",
    "award": "the award",
    "description": "the description",
    "issuer_id": "the school's identifier",
}


def check_page(pdf_file: bytes, claims: Json, look_text: str) -> list[str]:
    """How the pages differ from what the proved claims and the look give, a sentence each; empty if in nothing.

    What cannot be compared is a difference too: only an empty list says that the page is the signed one.
    """
    if len(pdf_file) > MAX_PDF:
        return [f"the file is larger than {MAX_PDF} bytes and was not compared"]
    try:
        look = Look.parse(look_text)
        found = _vouched(look, claims)
        page = page_fields(claims, look)
        enclosed = _enclosed(pdf_file)
        if decode(enclosed.code) != enclosed.paper:
            found.append("the code on the page holds another token than the one attached")
        drawn = pdf(page, look, enclosed)
    except TestamurError as error:
        return [f"the page could not be drawn again to compare it ({error}); compare it by eye"]
    return found if drawn == pdf_file else [*found, *_differences(page, drawn, pdf_file)][:_MAX_TOLD]


def _vouched(look: Look, claims: Json) -> list[str]:
    """Nothing if the record names the look by its digest (VCDM §5.3); else its words are anybody's."""
    related = claims.get("relatedResource")
    for item in related if isinstance(related, list) else [related]:
        if isinstance(item, dict) and item.get("digestMultibase") == look.digest:
            return []
    return ["the constant words of the page are not covered by the signature"]


def _enclosed(pdf_file: bytes) -> Enclosed:
    attached = _attachments(pdf_file)
    missing = [name for name in (CREDENTIAL, PAPER, CODE, LOOK) if name not in attached]
    if missing:
        raise Malformed("", f"{missing[0]} is not attached")
    crests = [data for name, data in attached.items() if name.rpartition(".")[0] == CREST]
    try:
        credential, paper, code = (attached[name].decode("utf-8") for name in (CREDENTIAL, PAPER, CODE))
    except UnicodeDecodeError:
        raise Malformed("", "an attachment is not text") from None
    return Enclosed(credential, paper, code, crests[0] if crests else b"")


def _attachments(pdf_file: bytes) -> dict[str, bytes]:
    """The files in a PDF by name; two of one name are refused."""
    from pypdf import PdfReader

    found: dict[str, bytes] = {}
    try:
        for entry in PdfReader(BytesIO(pdf_file)).attachment_list:
            if entry.name in found or len(found) > 16 or len(entry.content) > _MAX_ATTACHED:
                raise Malformed(
                    "", f"the attachment {entry.name!r:.60} is there twice, too large or one of too many"
                )
            found[entry.name] = bytes(entry.content)
    except Malformed:
        raise
    except Exception as error:  # whatever pypdf makes of hostile bytes
        raise Malformed("", f"the attachments cannot be read: {type(error).__name__}") from None
    return found


def _differences(page: PageData, drawn: bytes, shown: bytes) -> list[str]:
    """What can be told about two files that are not the same: structure, then words, then pictures."""
    try:
        found = [*_structure(drawn, shown)]
        with Sheet(drawn) as ours, Sheet(shown) as theirs:
            if len(theirs) != len(ours):
                found.append(f"it has {len(theirs)} pages instead of {len(ours)}")
            if len(ours) > MAX_PAGES:
                found.append(f"no more than {MAX_PAGES} of its {len(ours)} pages were compared")
            if any(theirs.size(page) != ours.size(page) for page in range(min(len(ours), len(theirs)))):
                return [*found, "the page has another size"]
            found += _words(page, ours.text(), theirs.text())
            where = ours.place_of_difference(theirs)
    except TestamurError as error:
        return [str(error)]
    if where:
        found.append(f"the page does not look as the signed record is drawn here: {where}")
    return found


def _structure(drawn: bytes, shown: bytes) -> Iterator[str]:
    if shown.count(b"startxref") != drawn.count(b"startxref") or not shown.rstrip().endswith(b"%%EOF"):
        yield "the file was changed after it was made"
    ours, theirs = _members(drawn), _members(shown)
    for name in sorted(theirs - ours):
        yield f"the file has {name}, which ours never have"
    for (name, text), _ in (asides(shown) - asides(drawn)).most_common(_MAX_ASIDES):
        yield f"beside the page the file says {text!r:.120} ({name}), which ours does not"


def _members(file: bytes) -> set[str]:
    """What the catalogue and the pages of a file have: annotations, forms, layers and scripts show here."""
    from pypdf import PdfReader

    try:
        reader = PdfReader(BytesIO(file))
        root: Any = reader.trailer["/Root"]
        names: Any = root.get("/Names", {})
        pages = {
            f"{key} on a page"
            for number, page in enumerate(reader.pages)
            if number < MAX_PAGES
            for key in page
        }
        return {str(key) for key in root} | {f"{key} names" for key in names} | pages
    except Exception as error:  # whatever pypdf makes of hostile bytes
        raise Malformed("", f"the file cannot be read: {type(error).__name__}") from None


def _words(page: PageData, ours: str, theirs: str) -> Iterator[str]:
    """Both texts are read by one reader, so that its habits with a script cancel out."""
    expected, actual = Counter(_split(ours)), Counter(_split(theirs))
    missing, extra = expected - actual, actual - expected
    fields = list(_fields(page))
    lost = [field for field in fields if any(word in missing for word in _split(field[1]))]
    lost = lost or [field for field in fields if any(word in _whole(field[1]) for word in missing)]
    for name, text in lost:
        yield f"{name} should read {text!r:.120}"
    named = "".join(_whole(text) for _, text in lost)
    if rest := [word for word in missing if word not in named]:
        yield f"these words are missing: {' '.join(rest)!r:.200}"
    if extra:
        yield f"these words were not signed: {' '.join(extra)!r:.200}"


def _fields(page: PageData) -> Iterator[tuple[str, str]]:
    for member, name in _CALLED.items():
        yield name, getattr(page, member)
    for label, value in page.rows:
        yield f"{label!r:.60}", value
    for course in page.courses.lines if page.courses else ():
        yield "a course", course
    for name, office in page.signatories:
        yield "a signatory", f"{name} {office}"


def _split(text: str) -> list[str]:
    """The words of a text in one normal form, without marks that have no shape."""
    return _JOINERS.sub("", unicodedata.normalize("NFKC", text)).split()


def _whole(text: str) -> str:
    """The words of a text without the spaces, which readers put where a script has none."""
    return "".join(_split(text))

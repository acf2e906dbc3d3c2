"""The printed page: PDF/A-3a and PDF/UA-1, with the signed forms and the look attached."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date

from testamur.credentials import TRANSCRIPT, Look
from testamur.encoding import digest_matches
from testamur.errors import Malformed
from testamur.jsontext import Json
from testamur.render.badge import badge_picture
from testamur.render.fonts import families
from testamur.render.page import PageData
from testamur.render.qr import make_qr
from testamur.render.typesetting import typeset

CREDENTIAL, PAPER, CODE, LOOK, CREST = "credential.json", "paper.jwt", "code.txt", "look.json", "crest"
"""The names of the attachments; a crest has the ending of its kind of picture."""

MAX_CREST = 1_000_000
_PICTURES = {b"\x89PNG\r\n\x1a\n": ("png", "image/png"), b"\xff\xd8\xff": ("jpg", "image/jpeg")}


@dataclass(frozen=True, slots=True)
class Enclosed:
    """What goes with the words of a page; equal enclosures make equal files."""

    credential: str  # the full form
    paper: str  # the paper form
    code: str  # the text of the QR code, from ``papercode.encode``
    crest: bytes = b""


def pdf(page: PageData, look: Look, enclosed: Enclosed) -> bytes:
    """The file, the same bytes for the same input on the same installation.

    Raises Malformed for a character that no installed font covers (it is named), for more text than fits
    on one page and for a crest that is not the one of the look.
    """
    return typeset(_source(look), _data(page, look, enclosed))


def specimen(page: PageData, look: Look, *, code: str, crest: bytes = b"") -> bytes:
    """The page as it would look, marked as a specimen across it and with nothing signed attached.

    ``code`` is what its QR code says, for size and place alone. Raises Malformed as ``pdf`` does.
    """
    data = _data(page, look, Enclosed("", "", code, crest))
    return typeset(_source(look), data | {"specimen": look.labels["specimen"], "files": []})


def _source(look: Look) -> str:
    return "transcript.typ" if look.style == TRANSCRIPT else "page.typ"


def _data(page: PageData, look: Look, enclosed: Enclosed) -> Json:
    if (look.crest or enclosed.crest) and not (look.crest and digest_matches(look.crest, enclosed.crest)):
        raise Malformed("crest", "this is not the crest that the look names by its digest")
    code = make_qr(enclosed.code)
    texts = (*page.strings, page.code_alt)
    language, _, region = page.language.partition("-")
    crest = _picture(enclosed.crest)
    return {
        "lang": language,
        "region": region if len(region) == 2 else "",
        "fonts": families(texts, page.language),
        "style": look.style,
        "paper": look.paper,
        "orientation": look.orientation,
        "ink": look.ink,
        "accent": look.accent,
        "document_title": " – ".join(part for part in (page.title, page.award, page.holder) if part),
        "date": _date(page.awarded),
        "crest": crest,
        "crest_alt": page.issuer,
        "badge": badge_picture(look, "") if look.style == "badge" else "",
        "qr": code.svg(),
        "qr_mm": code.size_mm,
        "files": _files(look, enclosed, crest),
        **({"courses": asdict(page.courses)} if page.courses else {}),
    } | {name: getattr(page, name) for name in _PRINTED}


def _date(day: str) -> list[int]:
    """The date of the file: PDF/A wants one, and the clock's would make each file another."""
    try:
        found = date.fromisoformat(day)
    except ValueError:
        raise Malformed("awardedDate", f"{day!r:.20} is no day to date the page by") from None
    return [found.year, found.month, found.day]


_PRINTED = (
    "title", "issuer", "confers", "holder", "holder_latin", "degree", "award", "description", "rows",
    "signatories", "motto", "scan", "compare", "extract", "issuer_id", "code_alt",
)  # fmt: skip


def _files(look: Look, enclosed: Enclosed, crest: str | list[int] | None) -> list[Json]:
    files = [
        _file(CREDENTIAL, enclosed.credential, "application/vc", "source", "The signed record"),
        _file(PAPER, enclosed.paper, "application/vc+jwt", "alternative", "The signed extract in the code"),
        _file(CODE, enclosed.code, "text/plain", "alternative", "The text of the code"),
        _file(LOOK, look.text, "application/json", "supplement", "The constant words and shape of the page"),
    ]
    if crest is not None:
        ending, kind = _kind(enclosed.crest)
        files.append(_file(f"{CREST}.{ending}", crest, kind, "supplement", "The crest"))
    return files


def _file(name: str, data: str | list[int], kind: str, relationship: str, about: str) -> Json:
    return {"name": name, "data": data, "type": kind, "relationship": relationship, "about": about}


def _picture(crest: bytes) -> str | list[int] | None:
    """A crest as typst is given it: SVG as text, any other picture as a list of bytes."""
    if not crest:
        return None
    if len(crest) > MAX_CREST:
        raise Malformed("crest", f"it is larger than {MAX_CREST} bytes")
    if _kind(crest)[0] != "svg":
        return list(crest)
    try:
        return crest.decode("utf-8")
    except UnicodeDecodeError:
        raise Malformed("crest", "this is no PNG, JPEG or SVG picture") from None


def _kind(crest: bytes) -> tuple[str, str]:
    return next(
        (kind for magic, kind in _PICTURES.items() if crest.startswith(magic)), ("svg", "image/svg+xml")
    )

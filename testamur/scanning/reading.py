"""What a file, a pasted text or a picture turns out to be, and the secured documents in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from testamur.errors import Malformed, TestamurError
from testamur.scanning.found import Found, Sheet
from testamur.scanning.parts import COSE, MAX_FILE, MAX_TEXT, Part, as_text, cose_text

LOOK = "look.json"

_CODE = re.compile(r"(https?://[^/\s]{1,255}/q#)?\d{20,8000}", re.ASCII | re.IGNORECASE)
_TOKEN = re.compile(r"eyJ[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*", re.ASCII)
_SNIFFED = 1024
_KINDS = {"png": "a picture", "picture": "a picture", "zip": "an archive"}


def read_scan(data: bytes, name: str = "") -> list[Found]:
    """Everything found in a file: JSON, token, paper code, PDF, PNG, JPEG, WebP, SVG, or a ZIP of those.

    Raises Malformed where the file as a whole is broken, too large or of no kind that is read; an empty
    list means that it was read and holds nothing.
    """
    if len(data) > MAX_FILE:
        raise Malformed("", f"the file is longer than {MAX_FILE:,} bytes")
    _check_one_kind(data, name)
    if kind_of(data) == "zip":
        return list(_archived(data, name))
    return [replace(found, file=name) for found in _found(data)]


def kind_of(data: bytes) -> str:
    """The kind of file these bytes are: "pdf", "png", "picture", "zip", "cose", "svg", "json", "html" or "text"."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if data.startswith(b"\xff\xd8\xff") or (data[:4] == b"RIFF" and data[8:12] == b"WEBP"):
        return "picture"
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "zip"
    head = data[:_SNIFFED]
    if b"%PDF-" in head:
        return "pdf"
    if head.startswith(COSE):
        return "cose"
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith((b"{", b"[")):
        return "json"
    if start[:5].lower() == b"<html" or start[:14].lower() == b"<!doctype html":
        return "html"
    return "svg" if start.startswith(b"<") else "text"


def _check_one_kind(data: bytes, name: str) -> None:
    """Refuse a file that a viewer shows as a PDF and that is a picture or an archive to us: its page is never read."""
    kind = kind_of(data)
    is_hidden = b"%PDF-" in data[:_SNIFFED] and (kind != "zip" or not name.lower().endswith(".zip"))
    if kind in ("png", "picture", "zip") and is_hidden:
        raise Malformed("", f"it is a PDF and {_KINDS[kind]} at the same time")


def _found(data: bytes) -> Iterator[Found]:
    kind = kind_of(data)
    if kind == "pdf":
        yield from _in_pdf(data)
    elif kind in ("png", "picture"):
        yield from _in_picture(data, kind)
    elif kind == "svg":
        yield from _in_svg(data)
    elif kind == "html":
        raise Malformed("", "this is a web page, not a credential")
    else:
        yield from _in_text(data, kind)


def _in_text(data: bytes, kind: str) -> Iterator[Found]:
    text = cose_text(data) if kind == "cose" else as_text(data)
    if text is None:
        reason = (
            f"longer than {MAX_TEXT:,} bytes" if len(data) > MAX_TEXT else "no kind of file that is read here"
        )
        raise Malformed("", f"this is {reason}")
    if not text.strip():
        raise Malformed("", "the file is empty")
    if kind == "text" and not is_credential_like(text):
        raise Malformed("", "this is neither a credential nor a file that can hold one")
    yield understand(Part("file", "", text))


def _in_pdf(data: bytes) -> Iterator[Found]:
    from testamur.scanning.cage import CAGE
    from testamur.scanning.caged import PDF

    parts = CAGE.parts(PDF, data)
    look = next((part.text for part in parts if part.origin == "attachment" and part.name == LOOK), "")
    sheet = Sheet(data, look)
    for part in parts:
        if part.origin != "attachment" or part.problem:
            yield understand(part)
        elif part.name != LOOK and is_credential_like(part.text):
            yield replace(understand(part), sheet=sheet)


def _in_picture(data: bytes, kind: str) -> Iterator[Found]:
    from testamur.scanning.cage import CAGE
    from testamur.scanning.caged import PICTURE

    if kind == "png":
        from testamur.render import unbake_png

        baked = unbake_png(data)
        if baked:
            yield understand(Part("baked", "the picture", baked))
    yield from map(understand, CAGE.parts(PICTURE, data))


def read_codes_in(data: bytes) -> list[str]:
    """The texts of the codes in a PNG, JPEG or WebP file; raises Malformed where it is none or cannot be read."""
    from testamur.scanning.cage import CAGE
    from testamur.scanning.caged import PICTURE

    if kind_of(data) not in ("png", "picture"):
        raise Malformed("", "this is no picture")
    parts = CAGE.parts(PICTURE, data)
    if parts and parts[0].problem:
        raise Malformed("", parts[0].problem)
    return [part.text for part in parts]


def _in_svg(data: bytes) -> Iterator[Found]:
    from testamur.render import unbake_svg

    if len(data) > MAX_TEXT:
        raise Malformed("", f"the picture is longer than {MAX_TEXT:,} bytes")
    baked = unbake_svg(data)
    if baked:
        yield understand(Part("baked", "the picture", baked))


def _archived(data: bytes, name: str) -> Iterator[Found]:
    for file, content in files_in(data, name):
        try:
            if isinstance(content, TestamurError):
                raise content
            _check_one_kind(content, file)
            for found in _found(content):
                yield replace(found, file=file)
        except TestamurError as error:
            yield Found("", error=error, file=file)


def files_in(data: bytes, name: str = "") -> Iterator[tuple[str, bytes | TestamurError]]:
    """The file itself, or each file of an archive with the path in it, or why that one is not opened.

    Raises Malformed where the archive turns out to be broken, locked or bursting.
    """
    if kind_of(data) != "zip":
        yield name, data
        return
    from testamur.scanning.archive import members

    _check_one_kind(data, name)
    for member, content in members(data):
        file = f"{name}/{member}" if name else member
        if kind_of(content) == "zip":
            yield file, Malformed("", "an archive within an archive is not opened")
        else:
            yield file, content


def is_credential_like(text: str) -> bool:
    """Whether a text is worth an attempt: a token, a paper code, or JSON that names a context."""
    start = text.strip()
    if start.startswith(("{", "[")):
        return '"@context"' in text or '"payload"' in text
    return start.startswith(("eyJ", "0o")) or _CODE.fullmatch(start) is not None


def understand(part: Part) -> Found:
    """The part as a secured document, as a text of another kind, or with the reason why it is neither."""
    found = Found(part.place, origin=part.origin, page=part.page)
    if part.problem:
        return replace(found, error=Malformed("", part.problem))
    text = part.text.strip()
    if part.origin == "code" and not is_credential_like(text):
        return replace(found, text=text)
    try:
        return replace(found, document=_decoded(text))
    except TestamurError as error:
        return replace(found, error=error)


def _decoded(text: str):  # type: ignore[no-untyped-def]
    from testamur.papercode import decode as decode_paper
    from testamur.proofs import decode

    return decode(decode_paper(text) if _CODE.fullmatch(text) else text)

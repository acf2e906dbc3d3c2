"""Hostile uploads without end: files of every kind, changed at random, through every door of the app."""

from __future__ import annotations

import random
from functools import cache

from testamur import papercode
from tests.scanning import papers
from tests.served import Answer, Served
from tests.town import Town

DOORS = ("/verify", "/", "/look", "/frame", "/spreadsheet", "/receipt", "raw", "form", "text")
_HEADS = (
    b"", b"%PDF-1.7\n", b"PK\x03\x04", b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"RIFF....WEBP", b"<svg ", b"{",
    b"eyJhbGciOiJub25lIn0.", b"<html", b"\xef\xbb\xbf", b"[" * 3000, b"1" * 9000,
)  # fmt: skip


@cache
def samples() -> tuple[bytes, ...]:
    """Whole files of every kind that is read."""
    school = Town().school
    full, paper = school.issue().text.encode(), school.issue_paper().text
    code = papercode.encode(paper, papers.HOST)
    picture = papers.code(code, box=3)
    return (
        full,
        paper.encode(),
        code.encode(),
        papers.saved(picture),
        papers.saved(picture, "JPEG", quality=60),
        papers.saved(picture, "WEBP"),
        papers.pdf(attachments={"diploma.json": full}),
        papers.archive(a__json=full, b__jwt=paper.encode()),
        b'<svg xmlns="http://www.w3.org/2000/svg"><metadata>' + full + b"</metadata></svg>",
        papers.png_bomb(20_000),
        papers.pdf_bomb(10_000_000),
        papers.archive(bomb__txt=b"\0" * 3_000_000, inner__zip=papers.archive(a__json=full)),
    )


def hostile(dice: random.Random) -> bytes:
    """A file that somebody wishes us ill with."""
    data = bytearray(dice.choice(samples()))
    for _ in range(dice.choice((0, 1, 1, 2, 5))):
        _change(data, dice)
    if dice.random() < 0.15:
        return dice.choice(_HEADS) + dice.randbytes(dice.choice((0, 1, 40, 3000)))
    return bytes(data)


def _change(data: bytearray, dice: random.Random) -> None:
    place = dice.randrange(len(data) + 1)
    match dice.randrange(6):
        case 0:
            del data[place:]
        case 1:
            data[place : place + dice.randrange(1, 9)] = dice.randbytes(dice.randrange(1, 9))
        case 2:
            data[place:place] = dice.choice(samples())[:4000]
        case 3:
            data[place : place + 1] = dice.choice((b'"', b"\0", b"\\u0000", b"{", b"\xff", b"9" * 400))
        case 4:
            del data[place : place + dice.randrange(1, 60)]
        case _:
            piece = data[place : place + 200]
            data[place:place] = piece * 3


def send(app: Served, dice: random.Random) -> tuple[str, Answer]:
    """One upload through one door."""
    door, data = dice.choice(DOORS), hostile(dice)
    name = dice.choice(("a.json", "a.zip", "a.pdf", "../../etc/passwd", "a\x01b", "=cmd", "x" * 300))
    match door:
        case "/frame" | "raw":
            kind = dice.choice(("application/json", "image/jpeg", "application/vc", "text/html", ";;;"))
            return door, app.post("/frame" if door == "/frame" else "/verify", data, kind)
        case "/spreadsheet" | "/receipt":
            return door, app.send(door, [("slips", "", data)])
        case "form":
            kind = dice.choice(("multipart/form-data; boundary=x", "application/x-www-form-urlencoded"))
            return door, app.post(dice.choice(("/", "/verify")), b"--x\r\n" + data, kind)
        case "text":
            return door, app.send(dice.choice(("/", "/verify")), [("text", "", data)], accept="text/html")
        case _:
            files = [("file", name, data)] * dice.choice((1, 1, 1, 2))
            return door, app.send(door, files, accept=dice.choice(("text/html", "*/*", "application/jsonl")))

"""Brings the catalogues in testamur/words/po up to date with what the code and the pages say.

``python tools/words.py`` adds the messages that are new, with an empty translation, and takes those out
that nobody says any more; ``python tools/words.py fr`` begins a catalogue for another language.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
PO = ROOT / "testamur" / "words" / "po"
KEYWORDS = {"say": None, "phrase": None, "sentence": None}
PLACES = (
    ("testamur/*.py", "python"),
    ("testamur/*/*.py", "python"),
    ("testamur/issuer/claiming/*.py", "python"),
    ("testamur/issuer/desk/*.py", "python"),
    ("testamur/issuer/desk/pages/*.html", "jinja2"),
    ("testamur/web/page/**/*.js", "javascript"),
    ("testamur/*/pages/**/*.js", "javascript"),
    ("testamur/*/pages/**/*.html", "jinja2"),
    ("testamur/wallet/app/*.py", "python"),
    ("testamur/wallet/app/pages/*.html", "jinja2"),
)
"""Where messages are said, and in which language. Other HTML says nothing that this reads."""


def said() -> dict[str, list[tuple[str, int]]]:
    """Every message with the places where it is said."""
    found: dict[str, list[tuple[str, int]]] = {}
    for path, method in _files():
        with path.open("rb") as file:
            for line, message, _, _ in extract(method, file, KEYWORDS):
                if isinstance(message, str):
                    found.setdefault(message, []).append((path.relative_to(ROOT).as_posix(), line))
    return found


def _files() -> Iterator[tuple[Path, str]]:
    for pattern, method in PLACES:
        for path in sorted(ROOT.glob(pattern)):
            if "jsonld" not in path.parts:  # its ``say`` is another
                yield path, method


def current(language: str) -> Catalog:
    """The catalogue as it stands, empty where there is none."""
    path = PO / f"{language}.po"
    if path.exists():
        return read_po(io.BytesIO(path.read_bytes()), locale=language)
    return Catalog(locale=language)


def renewed(language: str) -> bytes:
    """The catalogue with what is said now."""
    old = current(language)
    new = Catalog(locale=language, project="testamur", version="", copyright_holder="", fuzzy=False)
    new.header_comment = (
        f"# What testamur says, in {new.locale.english_name}. Translations may be added by anyone."
    )
    for message, places in sorted(said().items()):
        known = old.get(message)
        files = sorted({(name, None) for name, _ in places})
        new.add(message, known.string if known else "", locations=files)
    stream = io.BytesIO()
    write_po(stream, new, width=110, omit_header=False, include_lineno=False)
    return b"\n".join(line for line in stream.getvalue().split(b"\n") if not _changes_daily(line))


def _changes_daily(line: bytes) -> bool:
    names = (b"POT-Creation-Date", b"PO-Revision-Date", b"Last-Translator", b"Generated-By", b"Report-Msgid")
    return line.startswith(tuple(b'"' + name for name in names))


def main(arguments: list[str]) -> None:
    """Write the catalogues."""
    languages = arguments or [path.stem for path in sorted(PO.glob("*.po"))]
    for language in languages:
        (PO / f"{language}.po").write_bytes(renewed(language))


if __name__ == "__main__":
    main(sys.argv[1:])

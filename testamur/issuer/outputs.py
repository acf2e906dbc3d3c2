"""The files that go out of a record: PDF, signed forms, badges and the code, always made from the ledger."""

from __future__ import annotations

from collections.abc import Sequence

from testamur.cohort import file_stem
from testamur.credentials import Look
from testamur.errors import OperatorError
from testamur.files import read_bounded, write_whole
from testamur.forming import file_of, further_form
from testamur.home import Home
from testamur.jsontext import parse_object
from testamur.store import Ledger, Record

KINDS = ("pdf", "json", "jwt", "png", "svg", "qr")
_SUFFIXES = {"qr": "qr.svg"}
_MAX_CREST = 1_000_000


class Outputs:
    """Makes the files of records; the same record gives the same files."""

    def __init__(self, home: Home, ledger: Ledger) -> None:
        self._home = home
        self._ledger = ledger
        self._looks: dict[str, tuple[Look, bytes]] = {}

    def make(self, record: Record, kind: str) -> bytes:
        """One file of a record; raises Malformed where the page or the code cannot be made."""
        match kind:
            case "json":
                return (_text(record, "full") + "\n").encode("utf-8")
            case "jwt":
                return (_text(record, "paper") + "\n").encode("ascii")
            case "qr":
                from testamur.render import make_qr

                return make_qr(self.code(record)).svg().encode("utf-8")
            case "pdf":
                return self._pdf(record)
            case "png" | "svg":
                return self._badge(record, kind)
            case _:
                return file_of(kind, _text(record, kind))

    def names(self, record: Record, kinds: Sequence[str]) -> list[str]:
        """The names of these files of a record."""
        stem = file_stem(record)
        return [f"{stem}.{_suffix(kind)}" for kind in _had(record, kinds)]

    def files(self, record: Record, kinds: Sequence[str]) -> dict[str, bytes]:
        """These files of a record, by name."""
        made = _had(record, kinds)
        return {
            name: self.make(record, kind) for name, kind in zip(self.names(record, made), made, strict=True)
        }

    def code(self, record: Record) -> str:
        """The text of the code on paper."""
        from testamur.papercode import encode

        return encode(_text(record, "paper"), self._home.paper_host)

    def keep_crest(self, look: Look, crest: bytes) -> None:
        """Keep the crest of a look in the home, so that pages can be made again when the template has changed."""
        if look.crest:
            path = self._home.crests_folder / look.crest
            if not path.exists():
                write_whole(path, crest)

    def _pdf(self, record: Record) -> bytes:
        from testamur.render import Enclosed, page_fields, pdf

        look, crest = self._look(record)
        full = _text(record, "full")
        page = page_fields(parse_object(full), look)
        return pdf(page, look, Enclosed(full, _text(record, "paper"), self.code(record), crest))

    def _badge(self, record: Record, kind: str) -> bytes:
        from testamur.render import badge_picture, badge_png, bake_png, bake_svg

        look, _ = self._look(record)
        full = _text(record, "full")
        if kind == "png":
            return bake_png(badge_png(look, record.award), full)
        return bake_svg(badge_picture(look, record.award), full).encode("utf-8")

    def _look(self, record: Record) -> tuple[Look, bytes]:
        if record.look not in self._looks:
            text = self._ledger.look(self._home.did, record.look)
            if text is None:
                raise OperatorError(
                    f"the look of {record.id} is not in the ledger", hint="make the PDF from its template"
                )
            look = Look.parse(text)
            crest = read_bounded(self._home.crests_folder / look.crest, _MAX_CREST) if look.crest else b""
            self._looks[record.look] = look, crest
        return self._looks[record.look]


def _had(record: Record, kinds: Sequence[str]) -> list[str]:
    """These kinds without the further forms that a record was not issued in."""
    return [kind for kind in kinds if kind in KINDS or record.form(kind) is not None]


def _suffix(kind: str) -> str:
    if kind in KINDS:
        return _SUFFIXES.get(kind, kind)
    return further_form(kind).suffix


def _text(record: Record, name: str) -> str:
    form = record.form(name)
    if form is None:
        raise OperatorError(f"{record.id} has no {name} form")
    if not form.text:
        raise OperatorError(f"what {record.id} says was erased; its status and digests are kept")
    return form.text

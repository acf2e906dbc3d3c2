"""A template: how the rows of a sheet become records, written by a registrar as TOML.

``Template.load`` finds every mistake at once; ``fill`` gives an unsecured Open Badges 3.0
credential, ``paper_document`` the extract of it that goes into the printed code.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from itertools import pairwise
from pathlib import Path

from testamur.credentials.award import Award, Result
from testamur.credentials.cells import TYPES, Column, Value
from testamur.credentials.courses import COURSES, Courses, read_courses
from testamur.credentials.look import Look
from testamur.credentials.template_fill import Filling
from testamur.credentials.template_paper import extract
from testamur.credentials.transcript import Transcript
from testamur.errors import Malformed, OperatorError, RowMismatch
from testamur.jsontext import Json
from testamur.words import say

MAX_CREST_BYTES = 1_000_000
SHIPPED = ("diploma", "course", "badge", "licence", "enrolment", "transcript")


@dataclass(frozen=True, slots=True)
class Template:
    """Columns in, credentials out; what it is called, what it awards and how it looks on paper."""

    title: str
    kind: str
    language: str
    version: int
    suspendable: bool
    award: Award
    results: tuple[Result, ...]
    columns: tuple[Column, ...]
    paper: tuple[str, ...]
    look: Look
    valid_years: int = 0
    valid_until: str = ""
    second_proof: str = ""
    forms: tuple[str, ...] = ()
    always_shown: tuple[str, ...] | None = None
    vct: str = ""  # what its SD-JWT VCs are, where that is no type of the school's own
    crest: bytes = b""
    courses: Courses | None = None  # of a transcript

    @classmethod
    def load(cls, source: str | Path) -> Template:
        """The template of a file (Path) or of TOML text (str); raises TemplateMistakes with every mistake.

        A crest is a file beside the template; a text has no folder, so it can name none.
        """
        from testamur.credentials.template_load import build

        if isinstance(source, str):
            return build(source, crest_of=_no_folder)
        return build(_read_template(source), crest_of=lambda name: _read_crest(source.parent, name))

    @classmethod
    def again(cls, text: str, crest: bytes) -> Template:
        """The template of a TOML text and of the crest that lay beside its file, on another host."""
        from testamur.credentials.template_load import build

        return build(text, crest_of=lambda name: crest)

    def check(self, row: Mapping[str, str], line: int) -> list[RowMismatch]:
        """Every reason why a row cannot become a record."""
        return self.read(row, line)[1]

    def read(self, row: Mapping[str, str], line: int) -> tuple[dict[str, Value], list[RowMismatch]]:
        """The values of a row by place, and every reason why it does not fit.

        What goes to "nothing" is told apart by its column: it is in no record, but in what the row says.
        """
        values: dict[str, Value] = {}
        wrong: list[RowMismatch] = []
        for column in self.columns:
            cell = row.get(column.name) or ""
            if cell.strip():
                try:
                    values[column.place] = column.read(cell)
                except Malformed as error:
                    wrong.append(RowMismatch(line, column.name, error.reason))
            elif column.required:
                wrong.append(RowMismatch(line, column.name, say("this must not be empty")))
        if self.courses is not None:
            wrong += self._read_courses(row, line, values)
        if not wrong and (reason := _out_of_order(values)):
            wrong.append(RowMismatch(line, "", reason))
        return values, wrong

    def _read_courses(self, row: Mapping[str, str], line: int, values: dict[str, Value]) -> list[RowMismatch]:
        """Take in the courses that came with a row; why they cannot be used, where they cannot."""
        cell = row.get(COURSES) or ""
        try:
            if not cell:
                raise Malformed("", say("the sheet of courses has no row for this key"))
            read_courses(cell)
        except Malformed as error:
            return [RowMismatch(line, "", error.reason)]
        values[COURSES] = cell
        return []

    def fill_or_errors(
        self, row: Mapping[str, str], *, line: int, issuer_id: str, issuer_name: str, issuer_url: str,
        record_id: str, at: datetime,
    ) -> Json | list[RowMismatch]:  # fmt: skip
        """The unsecured credential of a row (Open Badges 3.0 §B.1), or every reason why there is none."""
        values, wrong = self.read(row, line)
        return wrong or self.document(
            values, issuer_id=issuer_id, issuer_name=issuer_name, issuer_url=issuer_url,
            record_id=record_id, at=at,
        )  # fmt: skip

    def document(
        self, values: Mapping[str, Value], *, issuer_id: str, issuer_name: str, issuer_url: str,
        record_id: str, at: datetime,
    ) -> Json:  # fmt: skip
        """The unsecured credential that says these values, which ``read`` found to be in order."""
        filling = Filling(self, values, issuer_id, issuer_name, issuer_url, record_id, at)
        return filling.document() if self.courses is None else Transcript(filling, self.courses).document()

    def fill(
        self, row: Mapping[str, str], *, line: int, issuer_id: str, issuer_name: str, issuer_url: str,
        record_id: str, at: datetime,
    ) -> Json:  # fmt: skip
        """The unsecured credential of a row; raises the first RowMismatch there is."""
        filled = self.fill_or_errors(
            row, line=line, issuer_id=issuer_id, issuer_name=issuer_name, issuer_url=issuer_url,
            record_id=record_id, at=at,
        )  # fmt: skip
        if isinstance(filled, list):
            raise filled[0]
        return filled

    def paper_document(self, document: Json) -> Json:
        """The extract for paper: the members listed under ``paper`` and those no credential can do without.

        Every member it has is the same in the full document; the look is left out, it is in the full form.
        """
        return extract(self, document)

    @property
    def shown_places(self) -> tuple[str, ...] | None:
        """What every copy made by a holder shows, results by the name they are described by; None: as its kind requires."""
        names = {f"result.{result.key}": f"result.{result.name}" for result in self.results}
        return self.always_shown and tuple(names.get(place, place) for place in self.always_shown)

    @property
    def places(self) -> tuple[str, ...]:
        """Where what a row says goes in the record."""
        shown = tuple(column.place for column in self.columns if column.goes_to != "nothing")
        return shown if self.courses is None else (*shown, COURSES)

    def column(self, name: str) -> Column | None:
        """The column of a name, or None."""
        return next((column for column in self.columns if column.name == name), None)

    def empty_csv(self) -> str:
        """A sheet with the columns' names and nothing else, as spreadsheet programs like it (BOM, CRLF)."""
        return _empty_csv(self.columns)

    def empty_course_csv(self) -> str:
        """The same for the sheet of courses; "" where there are none."""
        return _empty_csv(self.courses.columns) if self.courses else ""


def _empty_csv(columns: Iterable[Column]) -> str:
    sheet = io.StringIO()
    csv.writer(sheet, lineterminator="\r\n").writerow([column.name for column in columns])
    return "\ufeff" + sheet.getvalue()


def column_types() -> dict[str, str]:
    """The types a column may have, with what each is for people."""
    return {name: kind.meaning for name, kind in TYPES.items()}


def shipped_template(name: str) -> str:
    """The commented text of a shipped template; raises OperatorError for a name that there is not."""
    if name not in SHIPPED:
        raise OperatorError(
            f"there is no shipped template {name!r:.40}", hint=f"there are {', '.join(SHIPPED)}"
        )
    return (files("testamur.credentials") / "shipped" / f"{name}.toml").read_text("utf-8")


def _out_of_order(values: Mapping[str, Value]) -> str:
    """Why a row's dates cannot all be right, or nothing; ISO dates compare as text."""
    order = [
        (place, str(values[place]))
        for place in ("holder.birth_date", "started", "ended", "valid_until")
        if place in values
    ]
    for (first, earlier), (second, later) in pairwise(order):
        if earlier > later:
            return say(
                "the date for {first} ({earlier}) is later than the one for {second} ({later})",
                first=first,
                earlier=earlier,
                second=second,
                later=later,
            )
    awarded, until = str(values.get("awarded", "")), str(values.get("valid_until", ""))
    return (
        say("it is valid until {until} and awarded only on {awarded}", until=until, awarded=awarded)
        if awarded and until and until < awarded
        else ""
    )


def _read_template(path: Path) -> str:
    try:
        return path.read_bytes()[:1_000_000].decode("utf-8")
    except OSError as error:
        raise OperatorError(f"cannot read the template {path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise OperatorError(f"the template {path} is not UTF-8 text", hint="save it as UTF-8") from None


def _read_crest(folder: Path, name: str) -> bytes:
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise Malformed("", "the crest must lie in the folder of the template")
    try:
        with path.open("rb") as file:
            data = file.read(MAX_CREST_BYTES + 1)
    except OSError as error:
        raise Malformed("", f"cannot read {name!r:.80}: {error.strerror}") from None
    if len(data) > MAX_CREST_BYTES:
        raise Malformed("", f"{name!r:.80} is larger than {MAX_CREST_BYTES} bytes")
    if not data.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")) and b"<svg" not in data[:2000]:
        raise Malformed("", f"{name!r:.80} is no PNG, JPEG or SVG picture")
    return data


def _no_folder(name: str) -> bytes:
    raise Malformed("", f"{name!r:.80} cannot be looked up: this template is no file in a folder")

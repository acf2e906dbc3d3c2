"""Templates made and changed at the desk: checked, seen with an example, kept with their versions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from testamur.credentials import COURSES, SHIPPED, Template, TemplateMistakes, shipped_template, write_courses
from testamur.credentials.courses import COURSE_PLACES
from testamur.credentials.places import PLACES, RESULT
from testamur.errors import Malformed, OperatorError, TestamurError
from testamur.files import read_bounded, write_whole
from testamur.issuer.desk.acting import Refusal
from testamur.issuer.desk.looking import first_page
from testamur.issuer.desk.school import School
from testamur.issuer.desk.visits import Visit
from testamur.issuer.specimen import specimen_pdf
from testamur.leaves import Form
from testamur.render.crests import redrawn
from testamur.rows import CheckedRow
from testamur.store.desk import designs
from testamur.words import say

NAME = re.compile(r"[a-z0-9](?:[a-z0-9_-]{0,61}[a-z0-9])?")
_MAX_CREST = 1_000_000
_LOOKS = ("ink", "accent", "style", "paper", "orientation", "motto")
SIGNATORIES = 3


@dataclass(frozen=True, slots=True)
class Drawn:
    """A template's text seen: the page of an example as PNG, or what is wrong with it."""

    template: Template | None
    picture: bytes = b""
    mistakes: tuple[str, ...] = ()


def draw(school: School, text: str, at: datetime) -> Drawn:
    """How a template of this text would look."""
    try:
        template = Template.again(text, _crest(school, text))
    except TemplateMistakes as error:
        return Drawn(None, mistakes=tuple(str(mistake) for mistake in error.mistakes))
    except (Malformed, OperatorError) as error:
        return Drawn(None, mistakes=(str(error),))
    try:
        page = specimen_pdf(school.home, template, example_row(template), at=at)
        return Drawn(template, first_page(page))
    except TestamurError as error:
        return Drawn(template, mistakes=(str(error),))


def example_row(template: Template) -> CheckedRow:
    """A row with something in each column, as the template and its places give examples."""
    allowed = {f"result.{result.key}": result.allowed for result in template.results}
    cells = {column.name: _example(column, allowed.get(column.goes_to, ())) for column in template.columns}
    if template.courses is not None:
        values = {
            column.goes_to: column.read(_example(column, ()))
            for column in template.courses.columns
            if column.goes_to != "nothing"
        }
        cells[COURSES] = write_courses([values])
    return CheckedRow(2, "example", b"", cells)


def new_template(visit: Visit, kind: str, name: str) -> None:
    """A template of a shipped kind under a name of its own; raises Refusal."""
    if kind not in SHIPPED or not NAME.fullmatch(name):
        raise Refusal(say("Its name has small letters, digits, hyphens and underscores only."))
    if name in visit.here.templates():
        raise Refusal(say("There is a template of this name already."))
    _write(visit, name, shipped_template(kind))


def keep_template(visit: Visit, name: str, text: str, base: str) -> None:
    """Keep a changed template; raises Refusal where it has mistakes or somebody else was faster."""
    before = visit.here.template_text(name)
    if digest_of(before) != base:
        raise Refusal(say("Somebody else has changed this template in the meantime. Open it again."))
    if draw(visit.here, text, visit.at).mistakes:
        raise Refusal(say("This template has mistakes; it was not kept."))
    with visit.office.people.writing() as connection:
        if not designs.listed(connection, visit.here.did, name, 1):
            designs.keep(connection, visit.here.did, name, before, visit.person.id, visit.at)
    _write(visit, name, text)


def edited(text: str, form: Form, crest: str) -> str:
    """The text with what the simple form says written into it; its notes and everything else stay."""
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        document: Any = tomlkit.parse(text)
    except TOMLKitError:
        return text  # the check says where it is broken
    for name in ("title", "language"):
        if form.text(name):
            document[name] = form.text(name)[:200]
    look: Any = document.setdefault("look", tomlkit.table())
    for name in _LOOKS:
        value = form.text(name)[:400]
        if value and look.get(name) != value:
            look[name] = value
        elif not value and name == "motto":
            look.pop(name, None)
    if crest:
        look["crest"] = crest
    elif form.text("without_crest") == "yes":
        look.pop("crest", None)
    _sign(look, form)
    return tomlkit.dumps(document)


def keep_crest(school: School, data: bytes) -> str:
    """The name under which an uploaded picture lies beside the templates; raises Malformed where it is none."""
    picture = redrawn(data)
    name = f"crest-{sha256(picture).hexdigest()[:16]}.png"
    path = school.home.templates_folder / name
    if not path.exists():
        write_whole(path, picture)
    return name


def digest_of(text: str) -> str:
    """By what it is noticed that a template was changed."""
    return sha256(text.encode()).hexdigest()[:32]


def _sign(look: Any, form: Form) -> None:
    """Who signs by hand, as the form has it."""
    import tomlkit

    people = [
        (form.text(f"who-{number}")[:200], form.text(f"office-{number}")[:200])
        for number in range(1, SIGNATORIES + 1)
    ]
    if not form.texts("who-1"):
        return
    now = [(str(who.get("name", "")), str(who.get("title", ""))) for who in look.get("signatories", [])]
    wanted = [pair for pair in people if any(pair)]
    if now[:SIGNATORIES] == wanted:
        return
    tables = tomlkit.aot()
    for name, title in [*wanted, *now[SIGNATORIES:]]:
        table = tomlkit.table()
        table["name"], table["title"] = name, title
        tables.append(table)
    look.pop("signatories", None)
    if wanted:
        look["signatories"] = tables


def _write(visit: Visit, name: str, text: str) -> None:
    with visit.office.people.writing() as connection:
        number = designs.keep(connection, visit.here.did, name, text, visit.person.id, visit.at)
    write_whole(visit.here.home.templates_folder / f"{name}.toml", text.encode("utf-8"))
    visit.ledger.audit.note(
        visit.here.did, "template_kept", at=visit.at, subject=name, detail={"version": number}
    )


def _crest(school: School, text: str) -> bytes:
    """The crest that a text names, b"" where it names none or none that lies beside the templates."""
    import tomllib

    try:
        name = tomllib.loads(text).get("look", {}).get("crest", "")
    except (tomllib.TOMLDecodeError, AttributeError):
        return b""
    if not isinstance(name, str) or not name or Path(name).name != name:
        return b""
    path = school.home.templates_folder / name
    return read_bounded(path, _MAX_CREST) if path.is_file() else b""


def _example(column: Any, allowed: tuple[str, ...]) -> str:
    place = (PLACES | COURSE_PLACES).get(column.goes_to, RESULT)
    tries = (
        column.example,
        *column.choices,
        *reversed(allowed),
        place.example,
        "2026-07-01",
        "1",
        "80",
        "3.5",
    )
    for text in filter(None, tries):
        try:
            column.read(text)
        except Malformed:
            continue
        if not allowed or text in allowed:
            return str(text)
    return ""

"""A sheet's way to a draft: given, put right, handed over to whoever may approve it."""

from __future__ import annotations

import re
from pathlib import Path

from testamur.issuer.desk.acting import Refusal
from testamur.issuer.desk.looking import Looking, guess_key, survey_of
from testamur.issuer.desk.visits import Visit
from testamur.issuer.drafts import prepare_issue
from testamur.leaves import Upload
from testamur.store.desk import GivenSheet, sheets
from testamur.words import say

MAX_SHEET = 50_000_000
_ENDS = (".csv", ".tsv", ".txt", ".xlsx", ".zip", ".toml")

NOT_FIT = say("This sheet cannot be issued as it is.")
NOTHING = say("There is nothing to issue: every row was issued before.")


def give(
    visit: Visit, looking: Looking, template: str, file: Upload, courses: Upload | None, batch: str
) -> str:
    """Keep a file as a sheet that its clerk works at; gives its id. Raises Refusal where it is no such file."""
    at, school = visit.at, visit.here
    if template not in school.templates():
        raise Refusal(say("Choose a template."))
    sheet = GivenSheet(
        "", school.did, visit.person.id, template, "", batch[:100] or _stem(file.name), _name(file.name),
        file.data, at, at,
    )  # fmt: skip
    if courses is not None:
        sheet = sheet.with_changes(courses_name=_name(courses.name), courses=courses.data)
    _check_file(sheet)
    seen = looking.look(school, sheet)
    if seen.template is not None:
        sheet = sheet.with_changes(key=guess_key(seen.template, seen.columns))
    with visit.office.people.writing() as connection:
        return sheets.add(connection, sheet)


def put_right(visit: Visit, sheet: GivenSheet, file: Upload | None, courses: Upload | None) -> None:
    """Take other files in the place of those that were given."""
    if file is not None:
        sheet = sheet.with_changes(name=_name(file.name), data=file.data)
    if courses is not None:
        sheet = sheet.with_changes(courses_name=_name(courses.name), courses=courses.data)
    _check_file(sheet)
    _keep(visit, sheet)


def settle(visit: Visit, sheet: GivenSheet, *, key: str, batch: str, changed: bool) -> None:
    """Say which column names rows, what the batch is called, and whether changed rows are issued anew."""
    _keep(visit, sheet.with_changes(key=key[:200], batch=batch[:100] or sheet.batch, changed=changed))


def map_otherwise(visit: Visit, sheet: GivenSheet, mapping: str) -> None:
    """Say from where in a OneRoster ZIP each column comes; "" goes back to what is usual."""
    text = mapping.replace("\r\n", "\n").strip()
    _keep(visit, sheet.with_changes(courses_name="mapping.toml" if text else "", courses=text.encode()))


def hand_over(visit: Visit, looking: Looking, sheet: GivenSheet) -> int:
    """A draft of it, which somebody who may has to approve; gives its number. Raises Refusal where it is not fit."""
    school = visit.here
    seen = looking.look(school, sheet)
    if not seen.is_fit or seen.checked is None:
        raise Refusal(NOT_FIT)
    found = survey_of(school, sheet, seen, visit.at)
    if found.problems or (found.changed and not sheet.changed):
        raise Refusal(NOT_FIT)
    if not found.new and not found.changed:
        raise Refusal(NOTHING)
    number = prepare_issue(
        school.home,
        visit.ledger,
        visit.office.box,
        seen.checked,
        template_name=sheet.template,
        template_text=school.template_text(sheet.template),
        batch=sheet.batch,
        at=visit.at,
        changed=sheet.changed,
    )
    with (
        visit.office.people.writing() as connection
    ):  # a crash before this leaves both; no row is issued twice
        sheets.drop(connection, school.did, sheet.id)
    return number


def _keep(visit: Visit, sheet: GivenSheet) -> None:
    with visit.office.people.writing() as connection:
        sheets.keep(connection, sheet.with_changes(moved=visit.at))


def _check_file(sheet: GivenSheet) -> None:
    if len(sheet.data) + len(sheet.courses) > MAX_SHEET:
        raise Refusal(say("This file is too large for the desk. Divide it, or issue it at the terminal."))
    for name in filter(None, (sheet.name, sheet.courses_name)):
        if Path(name).suffix.lower() not in _ENDS:
            raise Refusal(say("Give a spreadsheet, a CSV or XLSX file, or a OneRoster ZIP."))


def _name(name: str) -> str:
    plain = re.sub(r"[\x00-\x1f/\\]", "", Path(name.replace("\\", "/")).name)[:150]
    return plain if not plain.startswith(".") else f"sheet{plain}"


def _stem(name: str) -> str:
    return Path(_name(name)).stem[:100] or "sheet"

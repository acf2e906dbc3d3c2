"""``testamur roster``: a OneRoster 1.2 ZIP is checked, mapped and looked at before anything is issued from it."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING

import click

from testamur.console import counted, home_option, talk
from testamur.errors import OperatorError
from testamur.issuer.given_back import name_each

if TYPE_CHECKING:
    from testamur.rosters import Roster
    from testamur.spreadsheets import Sheet

_ZIP = click.argument("roster", type=click.Path(exists=True, dir_okay=False, path_type=Path))
_TEMPLATE = click.option("--template", required=True, help="The template's name.")
_MAPPING = click.option(
    "--mapping", "mapping_file", type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="What `roster mapping` wrote, put right [the usual one].",
)  # fmt: skip


@click.group()
def roster() -> None:
    """Check a OneRoster 1.2 ZIP and see what it would become; `testamur issue ROSTER.zip` issues from it."""


@roster.command()
@_ZIP
def check(roster: Path) -> int:
    """Name everything that is wrong with a OneRoster ZIP, by file, row and column."""
    from testamur.issuer.rostering import sound_roster

    found, wrong = sound_roster(roster)
    if wrong:
        return _tell_wrong(wrong)
    for name, records in found.files.items():
        click.echo(f"{name:<18} {len(records):,}")
    talk(f"this is OneRoster 1.2{f', written by {found.system}' if found.system else ''}, and all of it fits")
    return 0


@roster.command()
@_ZIP
@_TEMPLATE
@home_option
def mapping(roster: Path, template: str, home: str | None) -> int:
    """Write, to stdout, from where in the roster each column of a template comes: to be read and put right."""
    from testamur.home import Home
    from testamur.issuer.rostering import sound_roster, usual_mapping
    from testamur.issuer.template_commands import load_template

    found, wrong = sound_roster(roster)
    if wrong:
        return _tell_wrong(wrong)
    made = usual_mapping(load_template(Home.find(home), template), found)
    click.echo(made.text, nl=False)
    empty = [name for name, text in (made.columns | made.courses).items() if not text]
    if empty:
        talk(f"please look: no roster has {', '.join(empty)}; write there what all learners have in common")
    for name, session in _sessions(found):
        talk(f"session {name}: {session}")
    return 0


@roster.command()
@_ZIP
@_TEMPLATE
@_MAPPING
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="A folder.")
@home_option
def sheets(roster: Path, template: str, mapping_file: Path | None, out: Path, home: str | None) -> int:
    """Write the sheets that a roster becomes: to be looked at, corrected, and issued like any other."""
    from testamur.files import write_whole
    from testamur.home import Home
    from testamur.issuer.rostering import mapping_of, sound_roster
    from testamur.issuer.template_commands import load_template
    from testamur.rosters import learner_sheets

    found, wrong = sound_roster(roster)
    if wrong:
        return _tell_wrong(wrong)
    school_template = load_template(Home.find(home), template)
    made = learner_sheets(found, mapping_of(school_template, found, mapping_file))
    name_each([str(problem) for problem in made.problems], "error")
    for name, sheet in (("learners", made.learners), ("courses", made.courses)):
        if sheet is not None:
            target = out / f"{roster.stem}-{name}.csv"
            if target.exists():
                raise OperatorError(f"{target} is there already", hint="choose another folder")
            write_whole(target, _csv(sheet), mode=0o600)
            click.echo(str(target))
            talk(counted(sum(1 for _ in sheet.lines()), "row"))
    return 1 if made.problems else 0


def _csv(sheet: Sheet) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(sheet.file.rows())
    return b"\xef\xbb\xbf" + text.getvalue().encode("utf-8")


def _sessions(found: Roster) -> list[tuple[str, str]]:
    rows = found.rows("academicSessions").items()
    return [
        (name, f"{one['title']}, {one['type']}, {one['startDate']} to {one['endDate']}") for name, one in rows
    ]


def _tell_wrong(wrong: list[str]) -> int:
    name_each(wrong, "error")
    talk(f"the roster is not used: {counted(len(wrong), 'error')}")
    return 1


COMMANDS: dict[str, click.Command] = {"roster": roster}

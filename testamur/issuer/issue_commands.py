"""``testamur issue``: a spreadsheet becomes signed records, and files to hand out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from testamur.console import counted, home_option, passphrase_option, talk
from testamur.errors import OperatorError
from testamur.issuer.given_back import give_back, name_each, own_stem

if TYPE_CHECKING:
    from testamur.credentials import Courses, Template
    from testamur.home import Home
    from testamur.issuer.issue_run import Order
    from testamur.rows import Checked
    from testamur.spreadsheets import Sheet

_SINGLE = (".zip", ".jsonl")
_LARGE = 500_000  # bytes of a sheet from which several processes are faster than one


@click.command()
@click.argument("sheet", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--template", required=True, help="The template's name, or a path to its TOML file.")
@click.option(
    "--key", metavar="COLUMN", help="The column that names each row: issuing again issues nothing twice."
)
@click.option(
    "--courses",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="For transcripts: a sheet with a row for each course of each learner, who is named by the --key column.",
)
@click.option(
    "--mapping",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="For a OneRoster ZIP: what `testamur roster mapping` wrote, put right.",
)
@click.option("--key-row", is_flag=True, help="No column names the rows; each whole row names itself.")
@click.option("--batch", help="What to call this batch [the sheet's name].")
@click.option("--dry-run", is_flag=True, help="Check every row and say what would happen; sign nothing.")
@click.option(
    "--changed", is_flag=True, help="Rows that changed since get a new record; the old one is replaced."
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    callback=lambda context, parameter, value: _place(value),
    help="Where the files go: a folder, FILE.zip, or FILE.jsonl (both signed forms of a record on a line).",
)
@click.option("--no-files", is_flag=True, help="Make no files; the records are kept in the ledger.")
@click.option("--no-pdf", is_flag=True, help="Write the signed forms (JSON and JWT) in place of PDFs.")
@click.option(
    "--specimen", is_flag=True, help="Only show how a page would look: a PDF marked SPECIMEN, unsigned."
)
@click.option(
    "--write",
    "kinds",
    multiple=True,
    type=click.Choice(["pdf", "json", "jwt", "png", "svg", "qr"]),
    help="Which files to write; may be given again [pdf].",
)
@click.option(
    "--form",
    "forms",
    multiple=True,
    metavar="NAME",
    help="One more signed form of each record. Its holder can show a part of dc+sd-jwt (for wallets), vc+sd-jwt, "
    "ecdsa-sd-2023 and bbs-2023 (an experiment); vc+jwt, vc+cose and jwt_vc_json are shown whole. "
    "May be given again; those the template names are made in any case.",
)
@click.option(
    "--jobs", type=click.IntRange(1, 256), help="How many processes work at it [as many as there are cores]."
)
@click.option(
    "--queue", is_flag=True, help="Hand the rows to `testamur worker` on any number of hosts (PostgreSQL)."
)
@home_option
@passphrase_option
def issue(
    sheet: Path,
    template: str,
    key: str | None,
    courses: Path | None,
    mapping: Path | None,
    key_row: bool,
    batch: str | None,
    dry_run: bool,
    changed: bool,
    out: Path | None,
    no_files: bool,
    no_pdf: bool,
    specimen: bool,
    kinds: tuple[str, ...],
    forms: tuple[str, ...],
    jobs: int | None,
    queue: bool,
    home: str | None,
    passphrase_file: Path | None,
) -> int:
    """Issue a record for each row of SHEET (CSV or XLSX), or for each learner of a OneRoster 1.2 ZIP.

    All rows are checked before any is signed. Errors are named by row and column, and the sheet is
    given back with a column “error”. Running the same command again issues nothing twice.
    """
    from testamur.home import Home
    from testamur.issuer.issue_run import Order
    from testamur.issuer.rostering import is_roster
    from testamur.issuer.template_commands import load_template
    from testamur.pool import cores

    from_roster = is_roster(sheet)
    if mapping and not from_roster:
        raise click.UsageError("--mapping is for a OneRoster ZIP")
    if from_roster and (key_row or courses):
        raise click.UsageError(
            "a OneRoster ZIP names its learners and has its courses: leave out --key-row and --courses"
        )
    if not from_roster and (key is None) == (not key_row):
        raise click.UsageError("say what names a row: --key COLUMN, or --key-row")
    if not (dry_run or specimen or out or no_files):
        raise click.UsageError("say where the files go: --out FOLDER (or try --dry-run first)")
    if no_files and (out or kinds):
        raise click.UsageError("--no-files makes no files: leave out --out and --write")
    _check_forms(forms)
    school = Home.find(home)
    found = load_template(school, template)
    wanted = kinds or (("json", "jwt") if no_pdf else ("pdf",))
    order = Order(
        sheet,
        template,
        key,
        batch or own_stem(sheet),
        changed,
        out,
        wanted,
        jobs or cores(),
        queue,
        dry_run,
        forms,
    )
    if from_roster:
        prepared = roster_sheet(sheet, found, mapping)
        if prepared is None:
            return 1
        roster, own_key = prepared
        checked = checked_sheet(replace(order, key=own_key), found, None, read=roster)
        return _go_on(school, found, checked, replace(order, key=own_key), specimen, passphrase_file)
    if (courses is None) != (found.courses is None):
        raise click.UsageError(
            "this template has no courses: leave out --courses"
            if courses
            else "a transcript needs its courses: give their sheet with --courses FILE"
        )
    checked = checked_sheet(order, found, courses)
    return _go_on(school, found, checked, order, specimen, passphrase_file)


def _go_on(
    school: Home,
    template: Template,
    checked: Checked | None,
    order: Order,
    specimen: bool,
    passphrase_file: Path | None,
) -> int:
    from testamur.issuer.issue_run import run_order

    if checked is None:
        return 1
    if specimen:
        return _specimen(school, template, checked, order)
    return run_order(school, template, checked, order, passphrase_file)


def roster_sheet(path: Path, template: Template, mapping: Path | None) -> tuple[Sheet, str] | None:
    """The sheet that a OneRoster becomes and the column that names its rows; None where it has errors, which are named."""
    from testamur.issuer.rostering import mapping_of, sheet_of, sound_roster
    from testamur.rosters import learner_sheets

    roster, wrong = sound_roster(path)
    if not wrong:
        chosen = mapping_of(template, roster, mapping)
        sheet, wrong = sheet_of(template, learner_sheets(roster, chosen), chosen.key)
        if not wrong:
            return sheet, chosen.key
    name_each(wrong, "error")
    talk(f"nothing was issued: {counted(len(wrong), 'error')}")
    return None


def _place(out: Path | None) -> Path | None:
    """Where the files may go: a file that is there already is replaced only by one of its own kind."""
    single = out is not None and out.suffix.lower() in _SINGLE
    if out is not None and out.is_file() and not single:
        raise click.BadParameter(f"Directory '{out}' is a file.", param_hint="'--out'")
    if out is not None and out.is_dir() and single:
        raise click.BadParameter(f"File '{out}' is a directory.", param_hint="'--out'")
    return out


def _check_forms(names: tuple[str, ...]) -> None:
    if not names:
        return
    from testamur.forming import FURTHER_FORMS

    for name in names:
        if name not in FURTHER_FORMS:
            raise click.BadParameter(
                f"{name!r:.40} is no form; there is {', '.join(FURTHER_FORMS)}.", param_hint="'--form'"
            )


def checked_sheet(
    order: Order, template: Template, courses: Path | None, *, read: Sheet | None = None
) -> Checked | None:
    """The sheet with every row checked; None where it has errors, which are then named and given back."""
    from testamur.rows import check_rows
    from testamur.spreadsheets import read_rows

    sheet = read or read_rows(order.sheet)
    if template.courses is not None and courses is not None:
        joined = _joined(sheet, template.courses, courses, order.key)
        if joined is None:
            return None
        sheet = joined
    jobs = order.jobs if order.sheet.stat().st_size > _LARGE and read is None else 1
    checked = check_rows(sheet, template, key=order.key, jobs=jobs)
    name_each([str(problem) for problem in checked.warnings], "please look")
    if checked.unnamed:
        talk(f"please look: … and {checked.unnamed:,} more, too many to keep")
    if not checked.errors:
        return checked
    name_each([str(problem) for problem in checked.errors], "error")
    give_back(checked, order.sheet, order.name)
    talk(f"nothing was issued: {counted(len(checked.errors), 'error')}")
    return None


def _joined(sheet: Sheet, courses: Courses, path: Path, key: str | None) -> Sheet | None:
    """The sheet of learners with their courses; None where the sheet of courses has errors, which are then named."""
    from testamur.rows import join_courses, read_course_rows
    from testamur.spreadsheets import read_rows

    if key is None:
        raise click.UsageError(
            "a transcript needs --key COLUMN, the column that both sheets name learners by"
        )
    found = read_course_rows(read_rows(path), courses, key)
    joined, strangers = (sheet, []) if found.errors else join_courses(sheet, found, key)
    problems = [f"{path.name}: {problem}" for problem in (*found.errors, *strangers)]
    name_each(problems, "error")
    if problems:
        talk(f"nothing was issued: {counted(len(problems), 'error')}")
    return None if problems else joined


def _specimen(school: Home, template: Template, checked: Checked, order: Order) -> int:
    from testamur.files import write_whole
    from testamur.issuer.specimen import specimen_pdf

    row = next(checked.rows(), None)
    if row is None:
        raise OperatorError(f"{order.sheet} has no rows")
    target = (order.out or Path()) / f"specimen-{order.name}.pdf"
    write_whole(target, specimen_pdf(school, template, row, at=datetime.now(UTC)))
    click.echo(str(target))
    talk("a specimen: unsigned, not in the ledger, and marked as such")
    return 0


COMMANDS = {"issue": issue}

"""What is wrong with a sheet, told to the registrar and written beside the rows."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from testamur.console import talk

if TYPE_CHECKING:
    from testamur.rows import Checked

_SHOWN = 20


def name_each(sentences: list[str], label: str) -> None:
    """The first twenty, and how many more there are."""
    for sentence in sentences[:_SHOWN]:
        talk(f"{label}: {sentence}")
    if len(sentences) > _SHOWN:
        talk(f"{label}: … and {len(sentences) - _SHOWN:,} more")


def give_back(checked: Checked, sheet: Path, template: str) -> None:
    """Write the sheet with a column “error” beside it; where only its heading is wrong, say what it should be."""
    from testamur.rows import JoinedFile
    from testamur.spreadsheets import write_with_errors

    if all(problem.line == checked.sheet.header_line for problem in checked.errors):
        talk(f"hint: `testamur template columns {template} --csv` shows the first row it should have")
        return
    if sheet.suffix.lower() == ".zip":
        talk("hint: put the roster or the mapping right; `testamur roster sheets` shows the rows")
        return
    target = _free_name(sheet)
    file = checked.sheet.file
    given = file.learners if isinstance(file, JoinedFile) else checked.sheet
    write_with_errors(given, target, checked.error_column)
    click.echo(str(target))
    talk(f"hint: {target} is your sheet with a column “error”; put it right there and issue that file")


def _free_name(sheet: Path) -> Path:
    """A name beside the sheet that no file has: somebody may be putting an earlier one right."""
    names = (f"{own_stem(sheet)}-errors{number}{sheet.suffix}" for number in ("", *range(2, 10_000)))
    return next(path for path in map(sheet.with_name, names) if not path.exists())


def own_stem(sheet: Path) -> str:
    """The name of the sheet, also where it is the copy that was given back with errors."""
    return re.sub(r"-errors\d*$", "", sheet.stem) or sheet.stem

"""``testamur audit``: who did what, when and why."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from testamur.console import counted, home_option, talk
from testamur.display import shown
from testamur.errors import OperatorError

if TYPE_CHECKING:
    from testamur.home import Home
    from testamur.store.audit import Entry, Findings

_PAGE = 200
_SAID = 10
_FOR_PROGRAMS = ("digest", "serials")


@click.group()
def audit() -> None:
    """Read, export and check the log of everything that was done."""


@audit.command()
@click.argument("record", metavar="[ID]", default="")
@click.option("--after", type=click.IntRange(0), default=0, help="Only entries after this number.")
@click.option("--limit", type=click.IntRange(1), help="At most so many entries [all].")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@home_option
def show(record: str, after: int, limit: int | None, as_json: bool, home: str | None) -> None:
    """Show the log, or all that it tells of one record."""
    from testamur.home import Home
    from testamur.issuer.record_commands import find_record
    from testamur.jsontext import write_json

    school = Home.find(home)
    write: Callable[[Entry], str] = (lambda entry: write_json(entry.to_json())) if as_json else _line
    with school.ledger() as ledger:
        if record:
            for entry in ledger.audit.of_record(find_record(school, ledger, record).id):
                click.echo(write(entry))
            return
        left = limit if limit is not None else 10**12
        while left > 0 and (page := ledger.audit.page(school.did, after=after, limit=min(_PAGE, left))):
            for entry in page:
                click.echo(write(entry))
            after, left = page[-1].number, left - len(page)
        talk(f"the head of the log is {ledger.audit.head(school.did).text}")


@audit.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), required=False)
@home_option
def export(file: Path | None, home: str | None) -> None:
    """Write the log as lines of JSON into FILE, or to stdout; `testamur audit verify FILE` checks it anywhere."""
    from testamur.home import Home

    school = Home.find(home)
    if file is not None and file.exists():
        raise OperatorError(f"{file} is there already", hint="choose another name; logs are not overwritten")
    with school.ledger() as ledger:
        if file is None:
            for line in ledger.audit.export(school.did):
                click.echo(line)
            return
        from testamur.files import write_whole

        lines = list(ledger.audit.export(school.did))
    write_whole(file, "".join(f"{line}\n" for line in lines).encode("utf-8"), mode=0o600)
    click.echo(str(file))
    talk(f"{counted(len(lines) - 2, 'entry').replace('entrys', 'entries')} written")


@audit.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=False)
@click.option(
    "--head",
    default="",
    metavar="NUMBER:DIGEST",
    help="A head that was written down before; a log that was cut or written anew lacks it.",
)
@home_option
def verify(file: Path | None, head: str, home: str | None) -> int:
    """Check that no entry was changed, left out or cut off, and that the ledger is as the log tells.

    With FILE, an exported log is checked, without a home. Without --head, the head that the home noted
    at the last publish, backup or check is asked for.
    """
    if file is not None:
        from testamur.store.audit.exported import verify_export

        return _tell(verify_export(file, noted=head))
    from testamur.home import Home

    school = Home.find(home)
    with school.ledger() as ledger:
        found = ledger.audit.verify(school.did, noted=head or school.noted_head)
    code = _tell(found)
    if not code:
        school.note_head(found.head.text)
    return code


def _tell(found: Findings) -> int:
    for problem in found.problems[:_SAID]:
        talk(f"error: {problem}")
    if len(found.problems) > _SAID:
        talk(f"error: … and {len(found.problems) - _SAID} more")
    if found.problems:
        return 1
    click.echo(found.head.text)
    erased = f"; the words of {found.erased:,} reasons were erased" if found.erased else ""
    talk(f"the log of {shown(found.organisation)} is whole: {found.head.number:,} entries{erased}")
    talk("keep the head apart from the ledger: with --head it finds a log that was cut or written anew")
    return 0


def _line(entry: Entry) -> str:
    said = " ".join(part for part in (entry.act, entry.subject) if part)
    detail = ", ".join(
        f"{name} {_short(value)}"
        for name, value in entry.detail.items()
        if value != "" and name not in _FOR_PROGRAMS
    )
    why = f": {entry.why}" if entry.why else ": (erased)" if entry.is_erased else ""
    more = f" ({detail})" if detail else ""
    return shown(f"{entry.number:>6}  {entry.at:%Y-%m-%d %H:%M:%S}  {entry.who}  {said}{more}{why}")


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= 60 else f"{text[:57]}…"


def remember_head(school: Home) -> str:
    """Note the head of the log in the home, outside the ledger; gives it."""
    with school.ledger() as ledger:
        head = ledger.audit.head(school.did).text
    school.note_head(head)
    return head


COMMANDS: dict[str, click.Command] = {"audit": audit}

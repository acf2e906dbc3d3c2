"""``testamur draft``: one person prepares, another approves, then it is signed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from testamur.console import Progress, ask_passphrase, counted, home_option, passphrase_option, talk
from testamur.display import shown
from testamur.errors import OperatorError

if TYPE_CHECKING:
    from testamur.home import Home
    from testamur.keys.box import Box
    from testamur.store.drafts import Draft

_REASON = click.option("--reason", required=True, help="Why; kept in the audit log.")
_NUMBER = click.argument("number", type=click.IntRange(1))


@click.group()
def draft() -> None:
    """Prepare what another person approves: issuing, correcting, revoking, undoing."""


@draft.command()
@click.argument("sheet", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--template", required=True, help="The template's name.")
@click.option("--key", metavar="COLUMN", help="The column that names each row [each whole row names itself].")
@click.option("--courses", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="For transcripts: the sheet of courses.")  # fmt: skip
@click.option("--mapping", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="For a OneRoster ZIP: what `testamur roster mapping` wrote, put right.")  # fmt: skip
@click.option("--batch", help="What to call this batch [the sheet's name].")
@click.option(
    "--changed", is_flag=True, help="Rows that changed since get a new record; the old one is replaced."
)
@home_option
@passphrase_option
def issue(
    sheet: Path,
    template: str,
    key: str | None,
    courses: Path | None,
    mapping: Path | None,
    batch: str | None,
    changed: bool,
    home: str | None,
    passphrase_file: Path | None,
) -> int:
    """Check SHEET and keep it, sealed, until somebody approves it."""
    from testamur.home import Home
    from testamur.issuer.drafts import prepare_issue
    from testamur.issuer.given_back import own_stem
    from testamur.issuer.issue_commands import checked_sheet, roster_sheet
    from testamur.issuer.issue_run import Order
    from testamur.issuer.rostering import is_roster
    from testamur.issuer.template_commands import load_template, template_path

    school = Home.find(home)
    found = load_template(school, template)
    name, prepared = batch or own_stem(sheet), None
    order = Order(sheet, template, key, name, changed, None, (), 1, False, True)
    if is_roster(sheet):
        prepared = roster_sheet(sheet, found, mapping)
        if prepared is None:
            return 1
        order = replace(order, key=prepared[1])
    checked = checked_sheet(order, found, courses, read=prepared[0] if prepared else None)
    if checked is None:
        return 1
    text = template_path(school, template).read_text("utf-8")
    with school.ledger() as ledger:
        number = prepare_issue(
            school, ledger, _box(school, passphrase_file), checked, template_name=order.name,
            template_text=text, batch=name, at=datetime.now(UTC), changed=changed,
        )  # fmt: skip
    _tell_prepared(number, counted(checked.count, "row"))
    return 0


@draft.command()
@click.argument("name", metavar="ID")
@click.option("--set", "cells", multiple=True, metavar="COLUMN=VALUE", required=True,
              help="What is to stand there; may be given again.")  # fmt: skip
@_REASON
@home_option
@passphrase_option
def correct(
    name: str, cells: tuple[str, ...], reason: str, home: str | None, passphrase_file: Path | None
) -> None:
    """Prepare a corrected copy of a record."""
    from testamur.home import Home
    from testamur.issuer.correcting import changed_values, correctable, template_of
    from testamur.issuer.drafts import prepare_correction
    from testamur.issuer.record_commands import find_record

    school = Home.find(home)
    with school.ledger() as ledger:
        record = correctable(school, ledger, find_record(school, ledger, name).id)
        values = changed_values(template_of(school, record), record, read_cells(cells))
        box = _box(school, passphrase_file)
        number = prepare_correction(
            school, ledger, box, record.id, values, reason=reason, at=datetime.now(UTC)
        )
    _tell_prepared(number, f"a corrected copy of {record.id}")


@draft.command()
@click.argument("ids", metavar="ID...", nargs=-1, required=True)
@_REASON
@home_option
@passphrase_option
def revoke(ids: tuple[str, ...], reason: str, home: str | None, passphrase_file: Path | None) -> None:
    """Prepare the revocation of records."""
    from testamur.home import Home
    from testamur.issuer.drafts import prepare_revocation
    from testamur.issuer.record_commands import find_record

    school = Home.find(home)
    with school.ledger() as ledger:
        found = [find_record(school, ledger, name).id for name in ids]
        box = _box(school, passphrase_file)
        number = prepare_revocation(school, ledger, box, found, reason=reason, at=datetime.now(UTC))
    _tell_prepared(number, f"the revocation of {counted(len(found), 'record')}")


@draft.command()
@click.argument("batch")
@_REASON
@home_option
@passphrase_option
def undo(batch: str, reason: str, home: str | None, passphrase_file: Path | None) -> None:
    """Prepare the undoing of a whole batch."""
    from testamur.home import Home
    from testamur.issuer.drafts import prepare_undoing

    school = Home.find(home)
    with school.ledger() as ledger:
        box = _box(school, passphrase_file)
        number = prepare_undoing(school, ledger, box, batch, reason=reason, at=datetime.now(UTC))
    _tell_prepared(number, f"the undoing of {batch}")


@draft.command("list")
@click.option("--all", "every", is_flag=True, help="Those that are signed, returned or withdrawn too.")
@home_option
def list_drafts(every: bool, home: str | None) -> None:
    """List the drafts, the newest first."""
    from testamur.home import Home
    from testamur.store.drafts import APPROVED, PREPARED

    school = Home.find(home)
    with school.ledger() as ledger:
        found = ledger.drafts.listed(school.did, states=() if every else (PREPARED, APPROVED))
    for one in found:
        click.echo(_line(one))
    talk(counted(len(found), "draft"))


@draft.command()
@_NUMBER
@click.option("--sign", "at_once", is_flag=True, help="Carry it out at once.")
@home_option
@passphrase_option
def approve(number: int, at_once: bool, home: str | None, passphrase_file: Path | None) -> None:
    """Approve a draft. Where the settings ask for two persons, nobody approves what they prepared."""
    from testamur.home import Home

    school = Home.find(home)
    with school.ledger() as ledger:
        done = ledger.drafts.approve(school.did, number, at=datetime.now(UTC))
        talk(f"the draft {number} is approved by {done.approved_by}; {done.prepared_by} prepared it")
    if at_once:
        _sign(school, number, passphrase_file)
    else:
        talk(f"next: testamur draft sign {number}")


@draft.command()
@_NUMBER
@home_option
@passphrase_option
def sign(number: int, home: str | None, passphrase_file: Path | None) -> None:
    """Carry out an approved draft; one that was cut short is finished by the same command."""
    from testamur.home import Home

    _sign(Home.find(home), number, passphrase_file)


@draft.command("return")
@_NUMBER
@_REASON
@home_option
def send_back(number: int, reason: str, home: str | None) -> None:
    """Return a draft to whoever prepared it."""
    from testamur.home import Home

    school = Home.find(home)
    with school.ledger() as ledger:
        ledger.drafts.send_back(school.did, number, reason, at=datetime.now(UTC))
    talk(f"the draft {number} is returned; what it held is gone")


@draft.command()
@_NUMBER
@home_option
def withdraw(number: int, home: str | None) -> None:
    """Give up a draft before it is approved."""
    from testamur.home import Home

    school = Home.find(home)
    with school.ledger() as ledger:
        ledger.drafts.withdraw(school.did, number, at=datetime.now(UTC))
    talk(f"the draft {number} is withdrawn; what it held is gone")


def _sign(school: Home, number: int, passphrase_file: Path | None) -> None:
    from testamur.issuer.drafts import box_of, carry_out

    ask = ask_passphrase(passphrase_file)
    bar = Progress("signing")
    with school.ledger() as ledger:
        box = box_of(school, ask("Passphrase"))
        done = carry_out(school, ledger, box, number, ask, at=datetime.now(UTC), progress=bar)
    bar.finish()
    click.echo(str(done.id))
    talk(f"the draft {number} is carried out: {done.kind}, {counted(done.rows, 'record')}")
    talk("next: testamur publish FOLDER, so that everyone can check it")


def _box(school: Home, passphrase_file: Path | None) -> Box:
    from testamur.issuer.drafts import box_of

    return box_of(school, ask_passphrase(passphrase_file)("Passphrase"))


def read_cells(cells: tuple[str, ...]) -> dict[str, str]:
    """``COLUMN=VALUE`` as a row; raises OperatorError where there is no =."""
    pairs = [cell.partition("=") for cell in cells]
    for name, sign_, _ in pairs:
        if not sign_ or not name.strip():
            raise OperatorError(
                f"{name!r:.60} is no COLUMN=VALUE", hint='write it as --set "grade=Distinction"'
            )
    return {name.strip(): value for name, _, value in pairs}


def _tell_prepared(number: int, what: str) -> None:
    click.echo(str(number))
    talk(f"prepared: {what}; nothing is signed yet")
    talk(f"next, by whoever approves: testamur draft approve {number}")


def _line(one: Draft) -> str:
    by = f"{one.prepared_by} {one.prepared_at:%Y-%m-%d}"
    if one.approved_by:
        by += f", {one.approved_by}"
    done = f", {one.done:,} done" if one.state == "approved" else ""
    note = f": {one.note}" if one.note else ""
    what = " ".join(part for part in (one.kind, one.batch) if part)
    return shown(f"{one.id:>5}  {one.state:<9}  {what}  {counted(one.rows, 'row')}{done}  {by}{note}")


COMMANDS: dict[str, click.Command] = {"draft": draft}

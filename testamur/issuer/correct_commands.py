"""``testamur correct``, ``undo`` and ``settings``."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from testamur.console import ask_passphrase, counted, home_option, passphrase_option, talk
from testamur.display import shown


@click.command()
@click.argument("name", metavar="ID")
@click.option(
    "--set",
    "cells",
    multiple=True,
    metavar="COLUMN=VALUE",
    required=True,
    help="What is to stand there, by the template's column; may be given again.",
)
@click.option("--reason", required=True, help="Why; kept in the audit log.")
@home_option
@passphrase_option
def correct(
    name: str, cells: tuple[str, ...], reason: str, home: str | None, passphrase_file: Path | None
) -> None:
    """Issue a corrected copy of a record; the old one is revoked as replaced, in the same moment.

    ID may be its number. What is not set stays as it was.
    """
    from testamur.home import Home
    from testamur.issuer.correcting import changed_values, correctable, template_of
    from testamur.issuer.correcting import correct as make
    from testamur.issuer.draft_commands import read_cells
    from testamur.issuer.drafts.preparing import box_of, refuse_alone
    from testamur.issuer.record_commands import find_record

    school = Home.find(home)
    with school.ledger() as ledger:
        refuse_alone(ledger, school.did, "correct")
        old = correctable(school, ledger, find_record(school, ledger, name).id)
        values = changed_values(template_of(school, old), old, read_cells(cells))
        ask = ask_passphrase(passphrase_file)
        box, at = box_of(school, ask("Passphrase")), datetime.now(UTC)
        new = make(school, ledger, old.id, values, ask, reason=reason, at=at, box=box)
        told = bool(ledger.outbox.listed(school.did, record_id=new.id))
    click.echo(new.id)
    talk(f"it takes the place of {old.id}, which is revoked as replaced by a corrected copy")
    if told:
        talk("a letter to the learner is queued; next: testamur mail send")
    talk("next: testamur publish FOLDER, so that others see it; testamur render makes the new PDF")


@click.command()
@click.argument("batch")
@click.option("--reason", required=True, help="Why; kept in the ledger, published where it is a known word.")
@home_option
def undo(batch: str, reason: str, home: str | None) -> None:
    """Revoke every record of a batch; its rows can be issued again as if for the first time."""
    from testamur.home import Home
    from testamur.issuer.drafts.preparing import refuse_alone

    school = Home.find(home)
    with school.ledger() as ledger:
        refuse_alone(ledger, school.did, "undo")
        done = ledger.registry.undo_batch(school.did, batch, reason=reason.strip(), at=datetime.now(UTC))
    talk(f"{counted(len(done), 'record')} of {batch} revoked")
    if done:
        talk("next: testamur publish FOLDER, so that others see it")


@click.command()
@click.argument("name", default="")
@click.argument("value", default=None, required=False)
@home_option
def settings(name: str, value: str | None, home: str | None) -> None:
    """Show what the school has decided for itself, or decide it: `testamur settings two_persons issue,revoke`.

    An empty VALUE goes back to what is usual.
    """
    from testamur.home import Home
    from testamur.issuer.deciding import SETTINGS, checked_setting

    school = Home.find(home)
    with school.ledger() as ledger:
        if value is not None:
            text = checked_setting(name, value)
            ledger.registry.set_setting(school.did, name, text, at=datetime.now(UTC))
        elif name and name not in SETTINGS:
            checked_setting(name, "")
        decided = ledger.registry.settings(school.did)
    for known, meaning in SETTINGS.items():
        if name in ("", known):
            click.echo(shown(f"{known} = {decided.get(known, '')}"))
            talk(f"  {meaning}")


COMMANDS: dict[str, click.Command] = {"correct": correct, "undo": undo, "settings": settings}

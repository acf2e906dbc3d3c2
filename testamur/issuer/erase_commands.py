"""``testamur erase`` and ``tidy``: personal data goes, what keeps verification honest stays."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from testamur.console import counted, home_option, talk
from testamur.errors import OperatorError


@click.command()
@click.argument("ids", metavar="ID...", nargs=-1, required=True)
@click.option("--reason", required=True, help="Why; kept in the audit log. Name nobody in it.")
@click.option("--yes", is_flag=True, help="Do not ask: it cannot be undone.")
@home_option
def erase(ids: tuple[str, ...], reason: str, yes: bool, home: str | None) -> None:
    """Erase the personal data of records, for good.

    Names, numbers, the signed texts and addresses go; the status entry and the digests stay, so that a
    copy the learner holds is still answered as what it is. ID may be a record's number.
    """
    from testamur.home import Home
    from testamur.issuer.record_commands import find_record
    from testamur.issuer.retaining import ERASED
    from testamur.issuer.retaining import erase as make

    school = Home.find(home)
    with school.ledger() as ledger:
        found = list(dict.fromkeys(find_record(school, ledger, name).id for name in ids))
        question = f"Erase {counted(len(found), 'record')}? It cannot be undone"
        if not yes and not click.confirm(question, err=True):
            raise OperatorError("nothing was erased", hint="--yes erases without asking")
        done = make(school, ledger, found, why=reason, at=datetime.now(UTC))
    for one in done:
        click.echo(one)
    talk(f"{counted(len(done), 'record')} erased; status and digests stay, and copies are answered as before")
    talk(
        f"please look: files that were made of them, and older backups, still have it; keep {school.folder / ERASED}"
    )
    talk("hint: testamur restore BACKUP --erased FILE erases again what an older backup brings back")


@click.command()
@home_option
def tidy(home: str | None) -> None:
    """Let go of what is past its time: `testamur settings` says how long the school keeps what."""
    from testamur.home import Home
    from testamur.issuer.retaining import tidy as make

    school = Home.find(home)
    with school.ledger() as ledger:
        done = make(school, ledger, at=datetime.now(UTC))
    talk(
        f"{counted(done.drafts, 'draft')}, {counted(done.letters, 'letter')}, {done.contacts:,} addresses let go;"
        f" {counted(done.records, 'record')} erased"
    )


COMMANDS: dict[str, click.Command] = {"erase": erase, "tidy": tidy}

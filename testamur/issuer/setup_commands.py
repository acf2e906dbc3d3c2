"""``testamur init``, ``backup`` and ``restore``."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from testamur.console import counted, home_option, passphrase_option, read_passphrase, talk
from testamur.errors import OperatorError


@click.command()
@click.option("--name", required=True, help="The school's name, as it signs: “Universidad de Valdoria”.")
@click.option("--url", required=True, help="The https address where the public folder will be served.")
@click.option(
    "--did",
    "method",
    type=click.Choice(["web", "webvh", "key"]),
    default="web",
    help="How the school is named: by its web address (keys can be changed later), by its web address with the"
    " history of its keys for anyone to check, or by one key for ever.",
)
@click.option(
    "--store", default="sqlite:///ledger.sqlite", show_default=True, help="Where the ledger is kept."
)
@click.option("--paper-host", help="The host that the code on paper opens [the host of --url].")
@home_option
@passphrase_option
def init(
    name: str,
    url: str,
    method: str,
    store: str,
    paper_host: str | None,
    home: str | None,
    passphrase_file: Path | None,
) -> None:
    """Make the home of a school: its keys, its ledger, its settings."""
    from testamur.issuer.founding import check_founding, found

    folder = Path(home or ".").expanduser()
    check_founding(folder, name, url)
    again = any(folder.glob("keys/*.key"))
    passphrase = read_passphrase(passphrase_file, confirm=True)
    made = found(
        folder,
        name=name,
        url=url,
        method=method,
        store=store,
        paper_host=paper_host,
        passphrase=passphrase,
        at=datetime.now(UTC),
    )
    click.echo(made.did)
    talk(f"the home of {made.name} is in {made.folder.resolve()}")
    if again:
        talk("please look: keys that were there already are used; a home that has issued is restored instead")
        talk("hint: testamur restore BACKUP brings back its ledger, which says what was issued")
    talk("keep the passphrase safe: nobody can open the keys without it")
    if method == "webvh":
        talk(
            "keep keys/update-2.key apart, on a stick in a safe: it signs the next change of keys and nothing else"
        )
    talk("next: testamur template new diploma")


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@home_option
@passphrase_option
def backup(file: Path, home: str | None, passphrase_file: Path | None) -> None:
    """Write keys, templates, settings and the whole ledger into FILE, sealed with the passphrase."""
    from testamur.backup import write_backup
    from testamur.home import Home
    from testamur.issuer.audit_commands import remember_head

    if file.exists():
        raise OperatorError(
            f"{file} is there already", hint="choose another name; backups are not overwritten"
        )
    school = Home.find(home)
    size = write_backup(school, file, read_passphrase(passphrase_file, confirm=True))
    head = remember_head(school)
    click.echo(str(file))
    talk(f"a backup of {size:,} bytes; keep it and the passphrase in two places")
    talk(f"the head of the audit log is {head}")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--store", default="", help="Put the ledger there instead of where it was.")
@click.option(
    "--erased",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The file `erased` of the home that is gone: what an older backup brings back is erased again.",
)
@home_option
@passphrase_option
def restore(
    file: Path, store: str, erased: Path | None, home: str | None, passphrase_file: Path | None
) -> None:
    """Make a home out of a backup, in a new or empty folder."""
    from testamur.backup import restore_backup
    from testamur.issuer.retaining import erase_again, erased_in

    folder = Path(home or ".").expanduser()
    made = restore_backup(file, folder, lambda: read_passphrase(passphrase_file), store=store)
    with made.ledger() as ledger:
        at = datetime.now(UTC)
        ledger.audit.note(made.did, "restored", at=at)
        again = erase_again(made, ledger, erased_in(erased), at=at) if erased else 0
        made.note_head(ledger.audit.head(made.did).text)
    click.echo(str(folder))
    talk(f"the home of {made.name} is restored")
    if again:
        talk(f"{counted(again, 'record')} erased again")
    talk("next: testamur list, then testamur publish, so that lists and ledger agree again")


COMMANDS = {"init": init, "backup": backup, "restore": restore}

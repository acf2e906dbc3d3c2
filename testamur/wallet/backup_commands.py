"""``testamur wallet export|import|backup|restore``: nothing is lost, and nothing is locked in."""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from testamur.console import counted, read_passphrase, talk
from testamur.errors import OperatorError
from testamur.wallet.keeping_commands import receive
from testamur.wallet.options import FILE, wallet_at, wallet_option

if TYPE_CHECKING:
    from testamur.vault import Vault
    from testamur.words import Tongue

_K_OF_N = re.compile(r"(\d{1,2})\s*(?:of|/)\s*(\d{1,2})", re.ASCII)
_MAX_SHEET = 40_000_000


@click.command()
@click.argument("target", metavar="FILE", type=FILE)
@click.option(
    "--record", "names", multiple=True, metavar="RECORD", help="Only this record; may be given again."
)
@wallet_option
def export(target: Path, names: tuple[str, ...], place: Path | None, passphrase_file: Path | None) -> None:
    """Write everything but the keys into an open bundle (ZIP) that other programs can read.

    The bundle is not encrypted: keep it as you keep the records on paper.
    """
    from testamur.files import write_whole
    from testamur.wallet.exporting import export_bundle
    from testamur.wallet.records import find_record, noted

    wallet, at = wallet_at(place, passphrase_file).open(), datetime.now(UTC)
    only = [find_record(wallet.contents, name) for name in names] or None
    records = wallet.contents.records if only is None else only
    wallet.keep(noted(wallet.contents, "exported", list(records), at=at))
    write_whole(target, export_bundle(wallet.contents, at=at, only=only), mode=0o600)
    click.echo(str(target))
    talk(f"{counted(len(records), 'record')} written, readable by anybody who has the file")


@click.command()
@click.argument("target", metavar="FILE", type=FILE)
@click.option("--sheet", type=FILE, metavar="FILE", help="Also write a new recovery sheet to print (PDF).")
@click.option(
    "--guardians", metavar="KofN", help="Also write a sheet for each of N guardians; K of them open it."
)
@click.option(
    "--into",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    help="The folder of the guardians' sheets.",
)
@wallet_option
def backup(
    target: Path,
    sheet: Path | None,
    guardians: str | None,
    folder: Path,
    place: Path | None,
    passphrase_file: Path | None,
) -> None:
    """Write an encrypted backup, which the passphrase, a recovery sheet or guardians open.

    A new sheet takes the place of the one before, in this backup and in all that follow.
    """
    from testamur.files import write_whole
    from testamur.wallet.records import noted
    from testamur.wallet.recovering import backup as seal
    from testamur.wallet.recovering import with_guardians, with_recovery

    wallet, at = wallet_at(place, passphrase_file).open(), datetime.now(UTC)
    threshold, count = _k_of_n(guardians)
    if target.exists() and target.samefile(wallet.place.path):
        raise OperatorError("the backup would take the place of the wallet", hint="choose another file")
    vault, words = wallet.vault, ""
    parts: tuple[str, ...] = ()
    if sheet is not None:
        made = with_recovery(vault, at=at)
        vault, words = made.vault, made.sheets[0]
    if count:
        shared = with_guardians(vault, threshold, count, at=at)
        vault, parts = shared.vault, shared.sheets
    wallet.keep_vault(vault.holding(noted(vault.contents, "backed up", at=at)))
    write_whole(target, seal(wallet.vault), mode=0o600)
    click.echo(str(target))
    if sheet is not None:
        write_sheet(sheet, words, at)
    _write_parts(folder, parts, threshold, at)


def write_sheet(path: Path, words: str, at: datetime) -> None:
    """Write the sheet for the drawer."""
    from testamur.files import write_whole
    from testamur.wallet.recovering import recovery_sheet

    write_whole(path, recovery_sheet(words, _tongue(), at=at), mode=0o600)
    click.echo(str(path))
    talk("print the sheet, keep it away from the backup, and delete the file")


def _write_parts(folder: Path, parts: tuple[str, ...], threshold: int, at: datetime) -> None:
    from testamur.files import write_whole
    from testamur.wallet.recovering import guardian_sheet

    for number, words in enumerate(parts, 1):
        path = folder / f"guardian-{number}.pdf"
        data = guardian_sheet(words, number, len(parts), threshold, _tongue(), at=at)
        write_whole(path, data, mode=0o600)
        click.echo(str(path))
    if parts:
        talk(f"give each sheet to another person and delete the files; {threshold} of them open the backup")


@click.command()
@click.argument("source", metavar="BACKUP", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--words",
    "sheets",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    multiple=True,
    help="Words of a recovery sheet, or of several guardians: text files or photos of the sheets.",
)
@wallet_option
def restore(source: Path, sheets: tuple[Path, ...], place: Path | None, passphrase_file: Path | None) -> None:
    """Make a wallet out of a backup, with its passphrase or with words from sheets.

    With words, the passphrase given is the new one. The restored wallet has a new key: what opened the old
    one opens nothing that is written from now on.
    """
    from testamur.files import read_bounded
    from testamur.vault import MAX_VAULT, Passphrase, VaultFile
    from testamur.wallet.recovering import restore as open_again
    from testamur.wallet.recovering import words_in, words_key
    from testamur.wallet.wallet_file import default_place

    target = VaultFile(place or default_place())
    if target.path.exists():
        raise OperatorError(
            f"{target.path} exists already", hint="name another with --wallet; nothing is overwritten"
        )
    own = Passphrase(read_passphrase(passphrase_file, confirm=bool(sheets)))
    unlock = words_key([words_in(read_bounded(path, _MAX_SHEET)) for path in sheets]) if sheets else own
    vault: Vault = open_again(read_bounded(source, MAX_VAULT), unlock, [own], at=datetime.now(UTC))
    target.create(vault)
    click.echo(str(target.path))
    talk(f"back: {counted(len(vault.contents.records), 'record')} and the history")
    talk(
        "hint: testamur wallet backup --sheet makes a new recovery sheet; the old one opens old backups only"
    )


def _k_of_n(text: str | None) -> tuple[int, int]:
    if text is None:
        return 0, 0
    match = _K_OF_N.fullmatch(text.strip())
    if match is None:
        raise OperatorError(f"{text!r:.40} says not how many of how many", hint="write it as 2of3")
    return int(match[1]), int(match[2])


def _tongue() -> Tongue:
    """The language of the terminal, where it is one of ours."""
    from testamur.words import choose

    named = [os.environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG")]
    language = next(filter(None, named), "").partition(".")[0]
    return choose(asked=language.replace("_", "-"))


COMMANDS: dict[str, click.Command] = {
    "export": export,
    "import": receive,
    "backup": backup,
    "restore": restore,
}

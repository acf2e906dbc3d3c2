"""``testamur did webvh``: the history of a school's keys, and of anybody's who asks it to witness."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from testamur.console import ask_passphrase, counted, home_option, passphrase_option, talk
from testamur.errors import OperatorError

if TYPE_CHECKING:
    from testamur.home import Home

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_NEXT = "next: testamur publish FOLDER, so that others learn of it"


@click.group()
def webvh() -> None:
    """Show and continue the history of a school that is named by a did:webvh."""


@webvh.command()
@home_option
def log(home: str | None) -> None:
    """List the versions of the school's DID document and what changed in each."""
    from testamur.issuer.history import history_of
    from testamur.issuer.history_words import changes

    history = history_of(_school(home))
    for before, version in zip((None, *history.versions), history.versions, strict=False):
        entry = version.entry
        click.echo(
            f"{entry.number:>4}  {entry.time:%Y-%m-%d %H:%M:%S}  {', '.join(changes(before, version))}"
        )


@webvh.command()
@click.argument("file", type=_FILE)
def check(file: Path) -> None:
    """Check the log in FILE from its first entry to its last, without a network."""
    from testamur.issuer.history import read_foreign

    history = read_foreign(file)
    click.echo(history.newest.entry.did)
    talk(
        f"{counted(len(history.versions), 'version')}, the newest of {history.newest.entry.time:%Y-%m-%d}; all follow"
    )
    if history.newest.witnesses.threshold:
        talk("what its witnesses say is not in this file")


@webvh.command()
@home_option
@passphrase_option
def update(home: str | None, passphrase_file: Path | None) -> None:
    """Add what the ledger knows of keys and the history does not say yet."""
    from testamur.issuer.history import catch_up

    school = _school(home)
    with school.ledger() as ledger:
        number = catch_up(school, ledger, ask_passphrase(passphrase_file))
    if not number:
        talk("the history says all there is to say")
        return
    click.echo(number)
    talk(_NEXT)


@webvh.command()
@click.argument("witnesses", nargs=-1, metavar="DID...")
@click.option(
    "--threshold", type=click.IntRange(1), default=1, show_default=True, help="How many must approve."
)
@click.option("--none", "nobody", is_flag=True, help="From the entry after this one, nobody witnesses.")
@home_option
@passphrase_option
def witnesses(
    witnesses: tuple[str, ...], threshold: int, nobody: bool, home: str | None, passphrase_file: Path | None
) -> None:
    """Name those who must approve of every change from now on, each by a did:key."""
    if bool(witnesses) is nobody:
        raise OperatorError(
            "name the witnesses, or say --none", hint="each is a did:key, as `testamur did show` prints"
        )
    asked = {} if nobody else {"threshold": threshold, "witnesses": [{"id": name} for name in witnesses]}
    _amend(_school(home), {"witness": asked}, passphrase_file)
    talk("it is published once they approve: send them home/did.jsonl, and take what they send back with")
    talk("      testamur did webvh approve PROOF")


@webvh.command()
@click.argument("file", type=_FILE)
@click.option("--key", "key_file", required=True, type=_FILE, help="The key file of the witness.")
@click.option("--known", type=_FILE, help="The log as it was when you last approved of it.")
@passphrase_option
def witness(file: Path, key_file: Path, known: Path | None, passphrase_file: Path | None) -> None:
    """As a witness: approve of the newest version in the log FILE, and with it of all before.

    Prints the proof to send back. With --known, a log that does not continue the one you know is refused.
    """
    from testamur.issuer.witnessing import approve_of

    proof = approve_of(file, key_file, ask_passphrase(passphrase_file), known=known)
    click.echo(json.dumps(proof, ensure_ascii=False))
    talk(
        f"this approves of version {proof['versionId'].partition('-')[0]}; keep a copy of {file} for the next time"
    )


@webvh.command()
@click.argument("proofs", nargs=-1, required=True, type=_FILE, metavar="PROOF...")
@home_option
def approve(proofs: tuple[Path, ...], home: str | None) -> None:
    """Take in what witnesses sent back."""
    from testamur.issuer.witnessing import take_in

    waiting = take_in(_school(home), proofs)
    talk(f"{counted(len(proofs), 'proof')} taken in")
    talk(f"{counted(waiting, 'version')} still wait for witnesses" if waiting else _NEXT)


@webvh.command()
@click.argument("url")
@home_option
@passphrase_option
def move(url: str, home: str | None, passphrase_file: Path | None) -> None:
    """Move to another address: the DID, the keys and the ledger are called so from now on.

    Diplomas that are out still look for their status at the old address; `publish` goes on writing what
    has to stand there into formerly/.
    """
    from testamur.issuer.moving import move as move_home

    school = _school(home)
    with school.ledger() as ledger:
        moved = move_home(school, ledger, url, ask_passphrase(passphrase_file))
    click.echo(moved.did)
    talk(f"diplomas are signed as {moved.did} from now on")
    talk(f"next: testamur publish FOLDER, and serve its formerly/ at {school.url}, or redirect there")


@webvh.command()
@click.option("--yes", is_flag=True, help="Do it.")
@home_option
@passphrase_option
def deactivate(yes: bool, home: str | None, passphrase_file: Path | None) -> None:
    """Give the DID up for good: no key of it signs anything any more, status lists included.

    What was signed before stays genuine for as long as the last lists are good. A school that closes had
    better retire its keys and have somebody go on publishing.
    """
    if not yes:
        raise OperatorError(
            "this cannot be undone", hint="say --yes; to end keys alone: testamur key retire ID"
        )
    _amend(_school(home), {"deactivated": True}, passphrase_file)


def _school(home: str | None) -> Home:
    from testamur.home import Home

    school = Home.find(home)
    if not school.did.startswith("did:webvh:"):
        raise OperatorError(
            f"this school is named by {school.did}, which has no history",
            hint="a school that wants one uses --did webvh at init",
        )
    return school


def _amend(school: Home, parameters: dict[str, object], passphrase_file: Path | None) -> None:
    from testamur.issuer.history import amend

    with school.ledger() as ledger:
        number = amend(school, ledger, ask_passphrase(passphrase_file), parameters)
    click.echo(number)
    talk(f"version {number} was added to the history on {datetime.now(UTC):%Y-%m-%d}")
    talk(_NEXT)

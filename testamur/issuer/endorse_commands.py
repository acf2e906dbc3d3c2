"""``testamur endorse``: a word about somebody else's record, signed."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import click

from testamur.console import ask_passphrase, home_option, passphrase_option, talk
from testamur.errors import Malformed, OperatorError

_MAX_FILE = 4_000_000


@click.command()
@click.argument("record", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--comment", required=True, help="What you say of it, in a sentence or two.")
@click.option(
    "--of",
    type=click.Choice(["achievement", "issuer", "record"]),
    default="achievement",
    show_default=True,
    help="What is endorsed: the kind of award, the school that gives it, or this one record.",
)
@click.option(
    "--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The file to write."
)
@home_option
@passphrase_option
def endorse(
    record: Path, comment: str, of: str, out: Path, home: str | None, passphrase_file: Path | None
) -> int:
    """Endorse the award, the issuer or the record in RECORD: a credential of its own, signed by this school.

    The issuer of later records can put the file into them, and so whoever checks those reads the endorsement
    beside them.
    """
    from testamur.credentials import endorsement_of
    from testamur.files import read_bounded, write_whole
    from testamur.home import Home
    from testamur.issuer.signing import IssuerOpener, active_key
    from testamur.scanning import read_scan

    if out.exists():
        raise OperatorError(f"{out} is there already", hint="give another name")
    school, at = Home.find(home), datetime.now(UTC)
    found = read_scan(read_bounded(record, _MAX_FILE), record.name)
    documents = [
        item.document for item in found if item.document is not None and not item.document.is_presentation
    ]
    if not documents:
        raise OperatorError(f"{record} holds no record")
    try:
        made = endorsement_of(
            documents[0].claims, comment, of=of, issuer_id=school.did, issuer_name=school.name,
            issuer_url=school.url, record_id=f"urn:uuid:{uuid4()}", at=at,
        )  # fmt: skip
    except Malformed as error:
        raise OperatorError(str(error)) from None
    with school.ledger() as ledger:
        opener = IssuerOpener(school, active_key(school, ledger, "assertion"))
        issuer = opener.asking(ask_passphrase(passphrase_file)).open(ledger)
        form = issuer.issue(made, at=at, batch=out.stem).form("full")
    write_whole(out, ((form.text if form else "") + "\n").encode("utf-8"))
    click.echo(str(out))
    talk("signed and kept; send the file to the issuer of what it endorses")
    talk("next: testamur publish FOLDER, so that everyone can check it")
    return 0


COMMANDS = {"endorse": endorse}

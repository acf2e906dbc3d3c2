"""``testamur present``: a learner shows records to whoever asked."""

from __future__ import annotations

from pathlib import Path

import click

from testamur.console import passphrase_option

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_FORMS = ("ldp_vp", "vp+jwt", "vp+cose", "vp+sd-jwt", "sd-jwt")


@click.command()
@click.argument("records", nargs=-1, required=True, type=_FILE, metavar="RECORDS...")
@click.option("--key", required=True, type=_FILE, help="The holder's key: a key file, or a private JWK.")
@click.option(
    "--domain", "--audience", "domain", default="", metavar="WHO", help="Who asked (an address or DID)."
)
@click.option(
    "--challenge",
    "--nonce",
    "challenge",
    default="",
    metavar="TEXT",
    help="What was asked: their random text.",
)
@click.option("--as", "form", type=click.Choice(_FORMS), help="How it is signed [what fits the records].")
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="Where to write it [the screen]."
)
@passphrase_option
def present(
    records: tuple[Path, ...],
    key: Path,
    domain: str,
    challenge: str,
    form: str | None,
    out: Path | None,
    passphrase_file: Path | None,
) -> None:
    """Show one or more records, signed with the holder's key for one who asked.

    RECORDS are files with one record each: JSON, a token, a PDF or a badge. An SD-JWT that names the
    holder's key is sent as it is with the holder's signature at its end (sd-jwt); several records, or
    others, become a presentation.
    """
    from datetime import UTC, datetime

    from testamur.files import write_whole
    from testamur.presenting import Asked
    from testamur.presenting import present as make
    from testamur.wallet.reading import holder_of, record_in

    signer = holder_of(key, passphrase_file)
    held = [record_in(path) for path in records]
    shown = make(held, signer, form=form or "", asked=Asked(domain, challenge), at=datetime.now(UTC))
    if out is None:
        click.echo(shown.text)
    else:
        write_whole(out, shown.text.encode("utf-8") + b"\n")


COMMANDS: dict[str, click.Command] = {"present": present}

"""``testamur verify`` and ``testamur trust``."""

from __future__ import annotations

from pathlib import Path

import click

from testamur.console import home_option, talk
from testamur.errors import OperatorError

_FILE = click.Path(dir_okay=False, path_type=Path)
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command()
@click.argument("names", nargs=-1, required=True, metavar="SOURCES...")
@click.option("--json", "as_json", is_flag=True, help="One JSON object for each record, a line each.")
@click.option("--offline", is_flag=True, help="Use pinned keys and kept lists only.")
@click.option("--max-age", default="30d", metavar="AGE", help="How old a kept list may be (12h, 30d, 2w).")
@click.option("--at", "moment", metavar="DATE", help="Answer as of this day (2031-01-01).")
@click.option("--trust", type=_FILE, multiple=True, help="A file of trusted issuers; may be given again.")
@click.option("--csv", "csv_file", type=_FILE, help="Write a summary as a spreadsheet.")
@click.option("--allow", multiple=True, metavar="ORIGIN", help="A private https origin that may be opened.")
@click.option(
    "--mirror",
    "mirrors",
    type=_FOLDER,
    multiple=True,
    help="A copy of an issuer's published folder, read in place of its web site.",
)
@click.option(
    "--domain", "--audience", "domain", default="", metavar="WHO", help="It must have been shown to this one."
)
@click.option(
    "--challenge", "--nonce", "challenge", default="", metavar="TEXT", help="And in answer to this text."
)
@home_option
def verify(
    names: tuple[str, ...],
    as_json: bool,
    offline: bool,
    max_age: str,
    moment: str | None,
    trust: tuple[Path, ...],
    csv_file: Path | None,
    allow: tuple[str, ...],
    mirrors: tuple[Path, ...],
    domain: str,
    challenge: str,
    home: str | None,
) -> int:
    """Check records: files, folders, pictures, pasted text, addresses, or - for the standard input.

    Exit code: 0 genuine, 3 undecided, 1 rejected, 2 nothing to check; of several the worst, in the order
    1, 2, 3, 0.
    """
    from testamur.equipment import equip, parse_age, parse_moment
    from testamur.files import write_whole
    from testamur.verifier.output import spreadsheet
    from testamur.verifier.run import Run

    at = parse_moment(moment)
    age = parse_age(max_age)
    tools = equip(
        home=home,
        trust=trust,
        offline=offline,
        max_age=age,
        allow=allow,
        mirrors=mirrors,
        domain=domain,
        challenge=challenge,
    )
    run = Run(tools, at, as_json=as_json)
    run.all(names)
    if csv_file is not None:
        write_whole(csv_file, spreadsheet(run.reports))
    return run.exit_code


@click.group()
def trust() -> None:
    """Keep the list of issuers you trust."""


@trust.command("add")
@click.argument("did")
@click.option("--name", required=True, help="What you call this issuer.")
@click.option("--to", "file", type=_FILE, help="The trust file [trusted.toml in the home].")
@click.option("--from-file", type=_FILE, help="The issuer's did.json, got in another way.")
@click.option("--allow", multiple=True, metavar="ORIGIN", help="A private https origin that may be opened.")
@click.option("--mirror", type=_FOLDER, help="A copy of the issuer's published folder.")
@home_option
def trust_add(
    did: str,
    name: str,
    file: Path | None,
    from_file: Path | None,
    allow: tuple[str, ...],
    mirror: Path | None,
    home: str | None,
) -> None:
    """Trust an issuer, named by its DID or the address of its site, and pin the keys it has today."""
    from testamur.equipment import mirrored
    from testamur.fetch import Fetch
    from testamur.verifier.trusting import add

    path = _trust_file(file, home)
    entry = add(path, did, name, from_file, mirrored(Fetch(allow), [mirror] if mirror else []))
    talk(f"{path}: {entry.name} is trusted ({entry.id})")
    for pin in entry.methods:
        talk(f"  {', '.join(pin.purposes)}: {pin.method.public_key.label}")
    talk("hint: compare the keys with what the issuer tells you by telephone or letter")


@trust.command("list")
@click.option("--from", "file", type=_FILE, help="The trust file [trusted.toml in the home].")
@home_option
def trust_list(file: Path | None, home: str | None) -> None:
    """List the issuers you trust, with the day their keys were fetched."""
    from testamur.display import shown
    from testamur.verifier.trusting import listed

    for entry in listed(_trust_file(file, home)):
        fetched = f"{entry.fetched:%Y-%m-%d}" if entry.fetched else "no keys"
        click.echo(shown(f"{fetched:<12}{entry.name}  {entry.id}"))


@trust.command("remove")
@click.argument("did")
@click.option("--from", "file", type=_FILE, help="The trust file [trusted.toml in the home].")
@home_option
def trust_remove(did: str, file: Path | None, home: str | None) -> None:
    """Trust an issuer no more."""
    from testamur.verifier.trusting import remove

    path = _trust_file(file, home)
    remove(path, did)
    talk(f"{path}: {did} is trusted no more")


def _trust_file(file: Path | None, home: str | None) -> Path:
    from testamur.equipment import TRUST_FILE, find_home

    if file is not None:
        return file
    place = find_home(home)
    if place is None:
        raise OperatorError("which trust file is not said", hint="give it with --to FILE (or --from FILE)")
    return place.folder / TRUST_FILE


COMMANDS: dict[str, click.Command] = {"verify": verify, "trust": trust}

"""``testamur serve issuer``."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from testamur.console import counted, passphrase_option, read_passphrase, talk
from testamur.serving import Place, place_options, run

if TYPE_CHECKING:
    from fastapi import FastAPI


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), required=False)
@click.option("--home", type=click.Path(file_okay=False, path_type=Path), help="One school's home instead.")
@place_options(8090)
@click.option(
    "--rate",
    type=click.IntRange(0),
    default=600,
    show_default=True,
    help="Forms a minute that one address may send to each process; 0: any number.",
)
@passphrase_option
def issuer(
    folder: Path | None, home: Path | None, place: Place, rate: int, passphrase_file: Path | None
) -> None:
    """Open the registrar's desk: a folder of homes, or one home with --home.

    Who comes first is invited by `testamur desk invite --administrator`; nobody has a password before.
    """
    from testamur.issuer.desk.office import Office

    where = _folder(folder, home)
    passphrase = read_passphrase(passphrase_file)
    office = Office.open(where, passphrase)
    office.box.seal(b"", "start")  # what is wrong with passphrase and database is said here
    schools = len(office.slugs)
    office.close()

    def announce(url: str) -> None:
        talk(f"the desk of {counted(schools, 'organisation')} answers at {office.settings.url or url}")
        if place.scheme == "http" and not place.is_loopback and not place.proxy:
            talk("hint: passwords need https; see --tls-cert and --proxy, and url in [desk] of desk.toml")

    run(partial(_app, where, passphrase, rate), place, announce)


def _folder(folder: Path | None, home: Path | None) -> Path:
    """The folder that is served: the one named, else the home that every command would take."""
    from testamur.home import Home

    if folder is not None:
        return folder
    named = home or click.get_current_context().find_root().params.get("home")
    return Home.find(named).folder


def _app(folder: Path, passphrase: str, rate: int) -> FastAPI:
    from testamur.issuer.desk.app import make_app
    from testamur.issuer.desk.office import Office
    from testamur.issuer.desk.works import worker_of

    office = Office.open(folder, passphrase)
    worker_of(office).start()
    return make_app(office, rate=rate)


COMMANDS: dict[str, click.Command] = {"issuer": issuer}

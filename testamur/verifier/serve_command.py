"""``testamur serve verifier``."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from testamur.console import home_option, talk
from testamur.serving import Place, place_options, run

if TYPE_CHECKING:
    from fastapi import FastAPI

    from testamur.verifier.settings import Settings

_FILE = click.Path(dir_okay=False, path_type=Path)
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command()
@place_options(8080)
@click.option("--trust", type=_FILE, multiple=True, help="A file of trusted issuers; may be given again.")
@click.option("--max-age", default="30d", metavar="AGE", help="How old a kept list may be (12h, 30d, 2w).")
@click.option("--allow", multiple=True, metavar="ORIGIN", help="A private https origin that may be opened.")
@click.option(
    "--mirror",
    "mirrors",
    type=_FOLDER,
    multiple=True,
    help="A copy of an issuer's published folder, read in place of its web site.",
)
@click.option(
    "--rate",
    type=click.IntRange(0),
    default=120,
    show_default=True,
    help="Requests a minute that one address may send to each process; 0: any number.",
)
@home_option
def verifier(
    place: Place,
    trust: tuple[Path, ...],
    max_age: str,
    allow: tuple[str, ...],
    mirrors: tuple[Path, ...],
    rate: int,
    home: str | None,
) -> None:
    """Check diplomas for other programs, at POST /verify (OpenAPI at /openapi.json).

    Nothing that is checked is kept or logged.
    """
    from testamur.verifier.equipment import parse_age
    from testamur.verifier.settings import Settings

    settings = Settings(home, trust, parse_age(max_age), allow, mirrors, rate)
    settings.desk()  # what is wrong with a trust file is said here, and not by a worker

    def announce(url: str) -> None:
        talk(f"the verifier answers at {url} (stop it with Ctrl+C)")

    run(partial(_app, settings), place, announce)


def _app(settings: Settings) -> FastAPI:
    from testamur.verifier.app import make_app

    return make_app(settings.desk(), rate=settings.rate)


COMMANDS: dict[str, click.Command] = {"verifier": verifier}

"""``testamur serve wallet``."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from testamur.console import talk
from testamur.serving import Place, place_options, run
from testamur.wallet.options import tools_of, trust_options

if TYPE_CHECKING:
    from fastapi import FastAPI

    from testamur.wallet.app.hall import Hall


@click.command()
@click.option(
    "--store",
    default="sqlite:///wallets.sqlite",
    show_default=True,
    metavar="URL",
    help="The database of the sealed wallets.",
)
@click.option("--url", default="", help="The address that browsers open, where a proxy stands in front.")
@click.option("--name", default="", help="Who runs this, as pages show it.")
@place_options(8070)
@click.option(
    "--rate",
    type=click.IntRange(0),
    default=240,
    show_default=True,
    help="Forms a minute that one address may send to each process; 0: any number.",
)
@trust_options
def wallet(
    store: str,
    url: str,
    name: str,
    place: Place,
    rate: int,
    trust: tuple[Path, ...],
    mirrors: tuple[Path, ...],
    allow: tuple[str, ...],
    offline: bool,
) -> None:
    """Open the learners' wallets: each is sealed with a passphrase that this program does not keep."""
    known = url or ("https://" if place.scheme == "https" else "")
    make = partial(_hall, store, known, name, (trust, mirrors, allow, offline))
    make().close()  # what is wrong with the database or a trust file is said here

    def announce(found: str) -> None:
        talk(f"the wallet answers at {url or found}")
        if place.scheme == "http" and not place.is_loopback and not url.startswith("https://"):
            talk("hint: passphrases need https; see --tls-cert, or --proxy and --url")

    run(partial(_app, make, rate), place, announce)


def _hall(
    store: str,
    url: str,
    name: str,
    options: tuple[tuple[Path, ...], tuple[Path, ...], tuple[str, ...], bool],
) -> Hall:
    from testamur.fetch import Fetch
    from testamur.store.wallets import Wallets
    from testamur.wallet.app.hall import Hall

    _, _, allow, offline = options
    return Hall(Wallets.open(store), tools_of(*options), None if offline else Fetch(allow), name, url)


def _app(make: Callable[[], Hall], rate: int) -> FastAPI:
    from testamur.wallet.app.app import make_app

    return make_app(make(), rate=rate)


COMMANDS: dict[str, click.Command] = {"wallet": wallet}

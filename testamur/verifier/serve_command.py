"""``testamur serve verifier``."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from testamur.console import home_option, passphrase_option, read_passphrase, talk
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
@click.option("--name", default="", help="Whose page this is, as its readers should see it.")
@click.option(
    "--receipt-key",
    type=_FILE,
    help="The key file that signs receipts; made where there is none. Without it there are no receipts.",
)
@click.option(
    "--url", default="", metavar="URL", help="The address under which wallets find this page [as asked]."
)
@passphrase_option
@home_option
def verifier(
    place: Place,
    trust: tuple[Path, ...],
    max_age: str,
    allow: tuple[str, ...],
    mirrors: tuple[Path, ...],
    rate: int,
    name: str,
    receipt_key: Path | None,
    url: str,
    passphrase_file: Path | None,
    home: str | None,
) -> None:
    """Check diplomas in a browser, and for other programs at POST /verify (OpenAPI at /openapi.json).

    Nothing that is checked is kept or logged. A phone gives a page its camera over https only: give a
    certificate, or put a proxy that has one in front.
    """
    from testamur.equipment import parse_age
    from testamur.verifier.settings import Settings

    age = parse_age(max_age)
    passphrase = _passphrase(receipt_key, passphrase_file) if receipt_key else ""
    with TemporaryDirectory(prefix="testamur-") as folder:
        waiting = f"sqlite:///{folder}/questions.sqlite"
        settings = Settings(
            home, trust, age, allow, mirrors, rate, name, receipt_key, passphrase, waiting, url.rstrip("/")
        )
        _serve(settings, place)


def _serve(settings: Settings, place: Place) -> None:
    receipts = settings.office().receipts  # what is wrong with a file is said here, and not by a worker
    if receipts is not None:
        talk(f"receipts are signed by {receipts.issuer}")

    def announce(url: str) -> None:
        talk(f"the verifier answers at {url} (stop it with Ctrl+C)")
        if place.scheme == "http" and not place.is_loopback and not place.proxy:
            talk("hint: phones give a page their camera over https only; see --tls-cert and --proxy")

    run(partial(_app, settings), place, announce)


def _passphrase(key: Path, passphrase_file: Path | None) -> str:
    """The passphrase of the key for receipts, which is made now where there is none."""
    from testamur.verifier.receipts import make_office_key

    is_new = not key.exists()
    passphrase = read_passphrase(passphrase_file, confirm=is_new)
    if is_new:
        make_office_key(key, passphrase)
        talk(f"{key}: a new key for receipts; keep it and its passphrase safe")
    return passphrase


def _app(settings: Settings) -> FastAPI:
    from testamur.verifier.app import make_app

    return make_app(settings.office(), rate=settings.rate)


COMMANDS: dict[str, click.Command] = {"verifier": verifier}

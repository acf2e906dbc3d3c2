"""``testamur serve api``."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from testamur.console import ask_passphrase, passphrase_option, talk
from testamur.jsontext import write_json
from testamur.serving import Place, place_options, run

if TYPE_CHECKING:
    from fastapi import FastAPI

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.option("--config", required=True, type=_FILE, help="The instances and who may use them (TOML).")
@place_options(8443)
@passphrase_option
def api(place: Place, config: Path, passphrase_file: Path | None) -> None:
    """Issue, hold and verify for other programs: the W3C's VC API (VCALM).

    On start, one line of JSON on stdout names every instance, its address and its DID.
    """
    from testamur.api.app import check_place
    from testamur.api.settings import read_settings

    settings = read_settings(config)
    check_place(settings, loopback=place.is_loopback, workers=place.workers)
    made = Made(config, settings.url, secrets.token_bytes(32), passphrase_file)

    def announce(url: str) -> None:
        made.url = made.url or url
        click.echo(write_json(made.build()))
        talk(f"the VC API answers at {made.url} (stop it with Ctrl+C)")

    run(made, place, announce)


@dataclass
class Made:
    """Makes the app in this process, or in another one it is sent to."""

    config: Path
    url: str
    seal: bytes
    passphrase_file: Path | None
    app: FastAPI | None = None

    def build(self) -> dict[str, object]:
        """Make the app and say what it serves; raises OperatorError where a setting does not work."""
        from testamur.api.app import described, make_app, make_parts, make_server
        from testamur.api.settings import read_settings
        from testamur.vcalm import Access

        settings = read_settings(self.config)
        access = Access(settings.clients, seal=self.seal)
        server = make_server(settings, self.url, ask_passphrase(self.passphrase_file))
        parts = make_parts(settings, server, access)
        self.app = make_app(settings, server, parts, access)
        return described(server, parts)

    def __call__(self) -> FastAPI:
        """The app, made where it is not yet."""
        if self.app is None:
            self.build()
        assert self.app is not None
        return self.app

    def __getstate__(self) -> dict[str, object]:
        """What another process is sent: not the app, which it makes itself."""
        return self.__dict__ | {"app": None}


COMMANDS: dict[str, click.Command] = {"api": api}

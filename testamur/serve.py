"""``testamur serve``: the apps that answer in a browser or to a machine, each loaded when it is asked for."""

from __future__ import annotations

import click

from testamur.cli import Loading

APPS = {
    "verifier": ("testamur.verifier.serve_command", "Check diplomas in a browser, and for other programs."),
    "issuer": ("testamur.issuer.serve_command", "The registrar's desk, for the people of school offices."),
    "wallet": ("testamur.wallet.serve_command", "The learners' wallets."),
    "api": ("testamur.api.command", "Issue, hold and verify for other programs (VCALM)."),
}


@click.group(cls=Loading, table=APPS)
def serve() -> None:
    """Run one of the apps until it is stopped."""


COMMANDS: dict[str, click.Command] = {"serve": serve}

"""``testamur wallet``: the whole wallet from a terminal."""

from __future__ import annotations

from typing import Any

import click

from testamur.wallet import backup_commands, keeping_commands, request_command, sharing_commands

_COMMANDS: dict[str, click.Command] = {
    **keeping_commands.COMMANDS,
    **sharing_commands.COMMANDS,
    **request_command.COMMANDS,
    **backup_commands.COMMANDS,
}


class InOrder(click.Group):
    """A group whose commands are listed in the order in which a person meets them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names."""
        return list(self.commands)


@click.group(cls=InOrder, commands=_COMMANDS)
def wallet(**_: Any) -> None:
    """Keep your records, show what you choose, and lose nothing."""


COMMANDS: dict[str, click.Command] = {"wallet": wallet}

"""What the commands of ``testamur wallet`` share: which wallet, its passphrase, and whom the learner's side believes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from testamur.console import ask_passphrase, passphrase_option

if TYPE_CHECKING:
    from testamur.equipment import Equipment
    from testamur.wallet.wallet_file import WalletFile

Command = TypeVar("Command", bound=Callable[..., Any])
FILE = click.Path(dir_okay=False, path_type=Path)
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_KEPT = timedelta(days=30)


def wallet_option(command: Command) -> Command:
    """``--wallet FILE`` and ``--passphrase-file FILE``."""
    return passphrase_option(
        click.option(
            "--wallet",
            "place",
            type=FILE,
            metavar="FILE",
            help="The wallet [TESTAMUR_WALLET, or the one of this person].",
        )(command)
    )


def trust_options(command: Command) -> Command:
    """``--trust``, ``--mirror``, ``--allow`` and ``--offline``: how what is received is verified."""
    options = (
        click.option(
            "--trust", type=FILE, multiple=True, help="A file of issuers you trust; may be given again."
        ),
        click.option(
            "--mirror", "mirrors", type=FOLDER, multiple=True, help="A copy of an issuer's published folder."
        ),
        click.option(
            "--allow", multiple=True, metavar="ORIGIN", help="A private https origin that may be opened."
        ),
        click.option("--offline", is_flag=True, help="Look nothing up on the network."),
    )
    for option in reversed(options):
        command = option(command)
    return command


def wallet_at(place: Path | None, passphrase_file: Path | None) -> WalletFile:
    """The wallet of these options; the passphrase is asked for when it is opened."""
    from testamur.vault import Passphrase, VaultFile
    from testamur.wallet.wallet_file import WalletFile, default_place

    ask = ask_passphrase(passphrase_file)
    return WalletFile(VaultFile(place or default_place()), lambda: Passphrase(ask("")))


def tools_of(
    trust: tuple[Path, ...], mirrors: tuple[Path, ...], allow: tuple[str, ...], offline: bool
) -> Equipment:
    """The verifier of these options."""
    from testamur.equipment import equip

    return equip(home=None, trust=trust, offline=offline, max_age=_KEPT, allow=allow, mirrors=mirrors)

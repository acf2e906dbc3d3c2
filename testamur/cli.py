"""The ``testamur`` command: the commands of the apps under one roof, each loaded when it is asked for."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module

import click

from testamur import __version__

COMMANDS = {
    "init": (
        "testamur.issuer.setup_commands",
        "Make the home of a school: its keys, its ledger, its settings.",
    ),
    "template": ("testamur.issuer.template_commands", "Make, check and explain the templates of diplomas."),
    "issue": ("testamur.issuer.issue_commands", "Issue a diploma for each row of a spreadsheet."),
    "list": ("testamur.issuer.record_commands", "List what was issued."),
    "show": ("testamur.issuer.record_commands", "Show one record: what it says and what happened to it."),
    "render": ("testamur.issuer.record_commands", "Make a PDF, picture or QR code of a record again."),
    "revoke": ("testamur.issuer.record_commands", "Withdraw a record for good."),
    "suspend": ("testamur.issuer.record_commands", "Suspend a record for a time."),
    "reinstate": ("testamur.issuer.record_commands", "End a suspension."),
    "publish": ("testamur.issuer.publish_commands", "Write the folder that a web host serves."),
    "backup": ("testamur.issuer.setup_commands", "Write everything of a school into one sealed file."),
    "restore": ("testamur.issuer.setup_commands", "Make a home out of a sealed backup."),
    "key": ("testamur.issuer.key_commands", "List, make, rotate and retire the school's keys."),
    "did": ("testamur.issuer.did_commands", "Show the school's DID document, or resolve another's."),
    "verify": ("testamur.verifier.commands", "Check diplomas: files, pictures, folders, links."),
    "trust": ("testamur.verifier.commands", "Keep the list of issuers you trust."),
    "demo": ("testamur.demo", "Play a small town: issue, print, verify, revoke."),
}


class _Loading(click.Group):
    """A group whose commands are imported only when they run."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = import_module(COMMANDS[cmd_name][0])
        command: click.Command = module.COMMANDS[cmd_name]
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, sentence) for name, (_, sentence) in COMMANDS.items()])


@click.group(cls=_Loading, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--home",
    metavar="DIR",
    envvar="TESTAMUR_HOME",
    help="The school's home folder [TESTAMUR_HOME, or the current folder].",
)
@click.version_option(__version__, package_name="testamur")
def testamur(home: str | None) -> None:
    """Issue learning records as W3C Verifiable Credentials, print them, publish their status, check them."""


def run(arguments: Sequence[str]) -> int:
    """Run a command line and return its exit code; what testamur knows as an error becomes a sentence."""
    from testamur.console import complain
    from testamur.errors import TestamurError

    try:
        code = testamur.main(list(arguments), prog_name="testamur", standalone_mode=False)
        return code if isinstance(code, int) else 0
    except click.ClickException as error:
        error.show()
        return 2
    except click.Abort:
        click.echo("stopped", err=True)
        return 130
    except TestamurError as error:
        complain(error)
        return 2


def main() -> None:
    """The entry point of the ``testamur`` script."""
    try:
        sys.exit(run(sys.argv[1:]))
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)

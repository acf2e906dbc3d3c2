"""The ``testamur`` command: the commands of the apps under one roof, each loaded when it is asked for."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from importlib import import_module
from io import TextIOWrapper
from typing import Any

import click

from testamur import __version__
from testamur.errors import OperatorError, TestamurError

COMMANDS = {
    "init": (
        "testamur.issuer.setup_commands",
        "Make the home of a school: its keys, its ledger, its settings.",
    ),
    "template": ("testamur.issuer.template_commands", "Make, check and explain the templates of diplomas."),
    "issue": ("testamur.issuer.issue_commands", "Issue a diploma for each row of a spreadsheet."),
    "roster": ("testamur.issuer.roster_commands", "Check a OneRoster 1.2 ZIP and map it to a template."),
    "worker": (
        "testamur.issuer.worker_commands",
        "Sign what `issue --queue` handed over, on any number of hosts.",
    ),
    "list": ("testamur.issuer.record_commands", "List what was issued."),
    "show": ("testamur.issuer.record_commands", "Show one record: what it says and what happened to it."),
    "render": ("testamur.issuer.record_commands", "Make a PDF, picture or QR code of a record again."),
    "form": ("testamur.issuer.form_commands", "Sign a record once more, as a wallet asks for it."),
    "offer": (
        "testamur.issuer.offer_commands",
        "Make the link by which a learner takes a record into a wallet.",
    ),
    "revoke": ("testamur.issuer.record_commands", "Withdraw a record for good."),
    "suspend": ("testamur.issuer.record_commands", "Suspend a record for a time."),
    "reinstate": ("testamur.issuer.record_commands", "End a suspension."),
    "convert": (
        "testamur.issuer.convert_commands",
        "Turn records into other forms.",
    ),
    "endorse": ("testamur.issuer.endorse_commands", "Say a signed word about somebody else's record."),
    "publish": ("testamur.issuer.publish_commands", "Write the folder that a web host serves."),
    "backup": ("testamur.issuer.setup_commands", "Write everything of a school into one sealed file."),
    "restore": ("testamur.issuer.setup_commands", "Make a home out of a sealed backup."),
    "correct": ("testamur.issuer.correct_commands", "Issue a corrected copy in place of a record."),
    "undo": ("testamur.issuer.correct_commands", "Revoke a whole batch; its rows can be issued again."),
    "draft": ("testamur.issuer.draft_commands", "Prepare what another person approves."),
    "settings": (
        "testamur.issuer.correct_commands",
        "Show or decide what the school wants: two persons, retention.",
    ),
    "print": (
        "testamur.issuer.mail_commands",
        "Make one PDF of a batch for the printer, or claim slips.",
    ),
    "mail": ("testamur.issuer.mail_commands", "Write to learners by e-mail."),
    "erase": ("testamur.issuer.erase_commands", "Erase the personal data of records, for good."),
    "tidy": ("testamur.issuer.erase_commands", "Let go of what is past the time it is kept."),
    "figures": (
        "testamur.issuer.figures_commands",
        "Count records for planning, without telling of anybody.",
    ),
    "audit": (
        "testamur.issuer.audit_commands",
        "Read, export and check the log of everything that was done.",
    ),
    "key": ("testamur.issuer.key_commands", "List, make, rotate and retire the school's keys."),
    "did": ("testamur.issuer.did_commands", "Show the school's DID document, or resolve another's."),
    "desk": ("testamur.issuer.desk_commands", "Set up a registrar's desk and invite its first people."),
    "verify": ("testamur.verifier.commands", "Check diplomas: files, pictures, folders, links."),
    "serve": ("testamur.serve", "Run an app until it is stopped: check diplomas in a browser."),
    "wallet": ("testamur.wallet.commands", "Keep your records, show what you choose, lose nothing."),
    "present": ("testamur.wallet.present_commands", "Show records to whoever asked, signed by their holder."),
    "derive": ("testamur.wallet.derive_command", "Make a copy of a record that shows only a part of it."),
    "trust": ("testamur.verifier.commands", "Keep the list of issuers you trust."),
    "conformance": ("testamur.conformance.commands", "Answer published test suites."),
    "demo": ("testamur.demo", "Play a small town: issue, print, verify, revoke."),
}


class Loading(click.Group):
    """A group whose commands are imported only when they run; ``table`` says where each is and what it does."""

    def __init__(self, *args: Any, table: Mapping[str, tuple[str, str]], **attrs: Any) -> None:
        super().__init__(*args, **attrs)
        self.table = table

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order of the table."""
        return list(self.table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name, imported now."""
        if cmd_name not in self.table:
            return None
        module = import_module(self.table[cmd_name][0])
        command: click.Command = module.COMMANDS[cmd_name]
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that was asked for; raises OperatorError with the nearest name where there is none."""
        if args and args[0] not in self.table and not args[0].startswith("-"):
            path = ctx.command_path
            near = get_close_matches(args[0], self.table, 1)
            raise OperatorError(
                f"there is no command {args[0]!r:.60}",
                hint=f"did you mean `{path} {near[0]}`?" if near else f"`{path} --help` lists them",
            )
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the table, without importing anything."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, sentence) for name, (_, sentence) in self.table.items()])


@click.group(
    cls=Loading,
    table=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
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
    """Run a command line and return its exit code; what goes wrong in it or around it becomes a sentence."""
    from testamur.console import complain

    try:
        code = testamur.main(list(arguments), prog_name="testamur", standalone_mode=False)
        return code if isinstance(code, int) else 0
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return 2
    except click.ClickException as error:
        complain(_usage(error))
        return 2
    except click.Abort:
        click.echo("stopped; nothing that was done is lost", err=True)
        return 130
    except TestamurError as error:
        complain(error)
        return 2
    except BrokenPipeError:
        raise
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        complain(OperatorError(f"{where}{error.strerror or error}"))
        return 2


def _usage(error: click.ClickException) -> OperatorError:
    """What was wrong with the command line, in the manner of every other error."""
    context = getattr(error, "ctx", None)
    asked = f"`{context.command_path} --help` shows how" if context else ""
    message = error.format_message().removesuffix(".")
    return OperatorError(message[:1].lower() + message[1:], hint=asked)


def main() -> None:
    """The entry point of the ``testamur`` script."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a name a terminal cannot show stops nothing
    try:
        sys.exit(run(sys.argv[1:]))
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)

"""What the commands of every app share at the terminal: the home, the passphrase, talk and progress."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from testamur.display import shown
from testamur.errors import OperatorError, TestamurError

_MAX_PASSPHRASE = 4096

Command = TypeVar("Command", bound=Callable[..., Any])


def home_option(command: Command) -> Command:
    """``--home DIR``; the group's own ``--home`` and TESTAMUR_HOME stand behind it."""
    return click.option(
        "--home",
        "home",
        metavar="DIR",
        callback=lambda context, _, value: value or context.find_root().params.get("home"),
        help="The school's home folder [TESTAMUR_HOME, or the current folder].",
    )(command)


def passphrase_option(command: Command) -> Command:
    """``--passphrase-file FILE``; TESTAMUR_PASSPHRASE and a question at the terminal stand behind it."""
    return click.option(
        "--passphrase-file",
        "passphrase_file",
        metavar="FILE",
        type=click.Path(dir_okay=False, path_type=Path),
        help="A file whose first line is the passphrase [TESTAMUR_PASSPHRASE].",
    )(command)


def read_passphrase(passphrase_file: Path | None, *, confirm: bool = False) -> str:
    """The passphrase, from the file, the environment or a person; raises OperatorError where there is none."""
    if passphrase_file is not None:
        text = _first_line(passphrase_file)
    elif os.environ.get("TESTAMUR_PASSPHRASE"):
        text = os.environ["TESTAMUR_PASSPHRASE"]
    elif sys.stdin.isatty():
        text = click.prompt("Passphrase", hide_input=True, confirmation_prompt=confirm, err=True)
    else:
        raise OperatorError(
            "a passphrase is needed and nobody is there to ask",
            hint="set TESTAMUR_PASSPHRASE or give --passphrase-file FILE",
        )
    if not text:
        raise OperatorError("the passphrase is empty")
    return text


def _first_line(path: Path) -> str:
    """The first line of a passphrase file, which may come through a pipe and may begin with a byte order mark."""
    try:
        with path.open("rb") as stream:
            return stream.readline(_MAX_PASSPHRASE).decode("utf-8-sig").rstrip("\r\n")
    except OSError as error:
        raise OperatorError(
            f"the passphrase file {path} could not be read: {error.strerror or error}"
        ) from None
    except UnicodeDecodeError:
        raise OperatorError(f"the passphrase file {path} is not UTF-8 text") from None


def ask_passphrase(passphrase_file: Path | None) -> Callable[[str], str]:
    """A function that answers any question for a passphrase, asking a person at most once."""
    known: list[str] = []

    def answer(_question: str) -> str:
        if not known:
            known.append(read_passphrase(passphrase_file))
        return known[0]

    return answer


def talk(message: str = "") -> None:
    """A line for the person, on stderr; the product of a command goes to stdout."""
    click.echo(shown(message), err=True)


def complain(error: TestamurError) -> None:
    """``error:`` and, where there is one, ``hint:``."""
    talk(f"error: {error}")
    hint = getattr(error, "hint", "")
    if hint:
        talk(f"hint: {hint}")


def counted(number: int, noun: str) -> str:
    """A number with its noun: "1 record", "1,200 records"."""
    return f"{number:,} {noun}{'s' * (number != 1)}"


class Progress:
    """A bar with a rate on a terminal, silence elsewhere; call it with (done, total, rate a second)."""

    def __init__(self, label: str) -> None:
        self.label = label
        self.drawn = 0.0
        self.live = sys.stderr.isatty()

    def __call__(self, done: int, total: int, rate: float) -> None:
        """Draw at most ten times a second, and at the end."""
        now = time.monotonic()
        if not self.live or (now - self.drawn < 0.1 and done < total):
            return
        self.drawn = now
        filled = 24 * done // max(total, 1)
        left = f", {(total - done) / rate:,.0f} s left" if rate and done < total else ""
        bar = "█" * filled + "░" * (24 - filled)
        click.echo(
            f"\r{self.label:<8} {bar} {done:,} of {total:,}  {rate:,.0f} a second{left}\033[K",
            err=True,
            nl=False,
        )

    def finish(self) -> None:
        """End the line that was drawn."""
        if self.live and self.drawn:
            click.echo(err=True)

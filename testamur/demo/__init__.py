"""``testamur demo``: a small town in a folder, played with the commands a registrar and an employer type."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import click

from testamur.console import talk
from testamur.errors import OperatorError

if TYPE_CHECKING:
    from testamur.demo.town import Town

SCHOOL = "Universidad de Valdoria"
URL = "https://diplomas.valdoria.example"
DID = "did:web:diplomas.valdoria.example"
CHOSEN = "VAL-2026-0003"
ARABIC = "VAL-2026-0005"
REVOKED = "VAL-2026-0006"
MARK = ".testamur-demo"


@click.command()
@click.option(
    "--to",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("demo"),
    show_default=True,
)
def demo(folder: Path) -> None:
    """Play a small town: a university issues 24 diplomas in ten scripts, an employer checks them."""
    from testamur.demo.town import Town

    _fresh(folder)
    with _own_environment():
        _play(Town(folder), folder)


@contextmanager
def _own_environment() -> Iterator[None]:
    """The passphrase of the demo, and no home of anybody's, while the block runs."""
    before = {name: os.environ.pop(name, None) for name in ("TESTAMUR_PASSPHRASE", "TESTAMUR_HOME")}
    os.environ["TESTAMUR_PASSPHRASE"] = "the demo keeps no secrets"  # noqa: S105 - it is no secret
    try:
        yield
    finally:
        os.environ.pop("TESTAMUR_PASSPHRASE")
        os.environ.update({name: value for name, value in before.items() if value is not None})


def _play(town: Town, folder: Path) -> None:
    _say("A university founds its home and writes a template.")
    click.secho(f"\n$ export TESTAMUR_HOME={folder}/home", bold=True, err=True)
    town.run("init", "--name", SCHOOL, "--url", URL)
    town.run("template", "new", "diploma")
    _say("The registrar has a spreadsheet of 24 graduates, with names in ten scripts.")
    (folder / "graduates.csv").write_bytes(files("testamur.demo").joinpath("graduates.csv").read_bytes())
    issue = ("issue", f"{folder}/graduates.csv", "--template", "diploma", "--key", "student_number")
    town.run(*issue, "--dry-run")
    town.run(*issue, "--out", f"{folder}/diplomas")
    town.run("publish", f"{folder}/public")

    _say("An employer trusts the university and checks a PDF. The published folder stands for the web here.")
    town.run(
        "trust",
        "add",
        DID,
        "--name",
        SCHOOL,
        "--mirror",
        f"{folder}/public",
        "--to",
        f"{folder}/trusted.toml",
    )
    town.verify(town.diploma(CHOSEN), expect=0)
    _say("The same diploma on paper, photographed with a phone: blurred, turned, compressed.")
    town.photograph(CHOSEN, folder / "photo.jpg")
    town.verify(folder / "photo.jpg", expect=0)
    _say("Somebody improves a grade in the file.")
    town.forge_grade(CHOSEN, folder / "forged.json")
    town.verify(folder / "forged.json", expect=1)
    _say("The university finds a mistake and withdraws one diploma.")
    town.run("revoke", REVOKED, "--reason", "issued_in_error")
    town.run("publish", f"{folder}/public")
    town.verify(town.diploma(REVOKED), expect=1)

    _say("All as it should be. Open these:")
    for path in (
        town.diploma(CHOSEN),
        town.diploma(ARABIC),
        folder / "photo.jpg",
        folder / "public/index.html",
    ):
        click.echo(f"  {path}")


def _fresh(folder: Path) -> None:
    import shutil

    if folder.exists():
        if not (folder / MARK).exists() and any(folder.iterdir()):
            raise OperatorError(f"{folder} holds other things", hint="choose another folder with --to DIR")
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    (folder / MARK).touch()


def _say(sentence: str) -> None:
    talk()
    talk(f"## {sentence}")


def shown_command(arguments: tuple[str, ...]) -> str:
    """The command as a person would type it."""
    return "$ testamur " + " ".join(shlex.quote(argument) for argument in arguments)


COMMANDS = {"demo": demo}

"""``testamur template``: how rows become records, explained and checked."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from testamur.console import counted, home_option, talk
from testamur.errors import OperatorError

if TYPE_CHECKING:
    from testamur.credentials import Template
    from testamur.home import Home


@click.group()
def template() -> None:
    """Make, check and explain the templates of diplomas."""


@template.command()
@click.argument("kind")
@click.option("--as", "name", help="Its name [KIND].")
@home_option
def new(kind: str, name: str | None, home: str | None) -> None:
    """Write templates/KIND.toml, commented: diploma, course, badge, licence, enrolment or transcript."""
    from testamur.credentials import shipped_template
    from testamur.files import write_whole
    from testamur.home import Home

    school, text = Home.find(home), shipped_template(kind)
    path = template_path(school, name or kind)
    if path.exists():
        raise OperatorError(f"{path} is there already", hint="give another name with --as NAME")
    write_whole(path, text.encode("utf-8"))
    click.echo(str(path))
    talk("next: open it in a text editor, then testamur template check " + (name or kind))


@template.command("list")
@home_option
def list_templates(home: str | None) -> None:
    """List the templates of this school."""
    from testamur.home import Home

    paths = sorted(Home.find(home).templates_folder.glob("*.toml"))
    for path in paths:
        click.echo(path.stem)
    if not paths:
        talk("there is no template yet")
        talk("hint: testamur template new diploma")


@template.command()
@click.argument("name")
@home_option
def check(name: str, home: str | None) -> None:
    """Explain everything that is wrong with a template."""
    from testamur.home import Home

    found = load_template(Home.find(home), name)
    columns = counted(len(found.columns), "column")
    talk(f"{name} can be used: {found.title}, version {found.version}, {columns}")
    talk(f"next: testamur template columns {name} --csv > {name}.csv, an empty sheet")


@template.command()
@click.argument("name")
@click.option("--csv", "as_csv", is_flag=True, help="An empty sheet with these columns.")
@click.option("--courses", is_flag=True, help="Of a transcript: the columns of the sheet of courses.")
@home_option
def columns(name: str, as_csv: bool, courses: bool, home: str | None) -> None:
    """Show the columns that a spreadsheet for this template has."""
    from testamur.home import Home

    found = load_template(Home.find(home), name)
    if courses and found.courses is None:
        raise OperatorError(f"{name} has no courses", hint='a template of the kind "transcript" has them')
    if as_csv:
        click.echo(found.empty_course_csv() if courses else found.empty_csv(), nl=False)
        return
    shown = found.courses.columns if courses and found.courses else found.columns
    width = max(len(column.name) for column in shown)
    for column in shown:
        need = "required" if column.required else "may be empty"
        example = f"  e.g. {column.example}" if column.example else ""
        click.echo(f"{column.name:<{width}}  {column.type:<8} {need:<13}{example}")
        if column.explanation:
            click.echo(f"{'':<{width}}  {column.explanation}")
    if courses:
        talk("and the column that names the learner, called as in the sheet of learners: --key")
    elif found.courses:
        talk("these name the learners; --courses shows the columns of the sheet of courses")


def template_path(home: Home, name: str) -> Path:
    """Where the template of this name lies; a path to a TOML file stands for itself."""
    if name.endswith(".toml"):
        return Path(name)
    if not name or name.startswith(".") or "/" in name or "\\" in name:
        raise OperatorError(f"{name!r} cannot be the name of a template", hint="use letters, digits, - and _")
    return home.templates_folder / f"{name}.toml"


def load_template(home: Home, name: str) -> Template:
    """The template; raises OperatorError where there is none, Malformed naming every mistake in it."""
    from testamur.credentials import Template, TemplateMistakes

    path = template_path(home, name)
    if not path.is_file():
        raise OperatorError(
            f"there is no template {path}",
            hint="`testamur template new diploma` makes one, `testamur template list` shows what is there",
        )
    try:
        return Template.load(path)
    except TemplateMistakes as error:
        for mistake in error.mistakes:
            talk(f"{path}: {mistake}")
        raise OperatorError(f"{counted(len(error.mistakes), 'mistake')} in the template {name}") from None


COMMANDS = {"template": template}

"""``testamur desk``: what an operator does before anybody can sign in, and when nobody can any more."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from testamur.console import passphrase_option, read_passphrase, talk
from testamur.errors import OperatorError

if TYPE_CHECKING:
    from testamur.issuer.desk.office import Office

_FOLDER = click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
_SETTINGS = """\
# The settings of this registrar's desk. Each organisation is a folder beside this file.

[desk]
# What its people see at the top of each page.
name = {name}
# Where browsers find it. With https, cookies travel over https only.
url = {url}
# The database of the people, and of organisations founded in the desk: a file here, or
# "postgresql+psycopg://user@host/database", which several servers can share.
store = {store}
# "required": everybody needs an app for codes or a passkey. "optional": a password is enough.
second_factor = "required"
"""


@click.group()
def desk() -> None:
    """Set up a registrar's desk, found organisations, invite the first people."""


@desk.command("init")
@_FOLDER
@click.option("--name", default="", help="What its people see at the top of each page.")
@click.option("--url", default="", help="Where browsers find it, such as https://desk.example.edu.")
@click.option("--store", default="sqlite:///desk.sqlite", show_default=True, help="The database.")
def begin(folder: Path, name: str, url: str, store: str) -> None:
    """Make the folder of a desk for many organisations."""
    import json

    from testamur.files import write_whole
    from testamur.issuer.desk.settings import FILE, Settings

    if (folder / FILE).exists():
        raise OperatorError(f"{folder} is a desk already")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    given = {"name": name, "url": url.rstrip("/"), "store": store}
    text = _SETTINGS.format(**{key: json.dumps(value, ensure_ascii=False) for key, value in given.items()})
    write_whole(folder / FILE, text.encode("utf-8"))
    Settings.load(folder)
    click.echo(str(folder / FILE))
    talk(f"next: testamur desk invite {folder} --operator you@example.edu")


@desk.command("found")
@_FOLDER
@click.argument("slug")
@click.option("--name", required=True, help="The school's name, as it should stand in every diploma.")
@click.option("--url", required=True, help="The https address where `publish` puts lists and keys.")
@click.option("--did", "method", type=click.Choice(["web", "webvh", "key"]), default="web", show_default=True)
@passphrase_option
def found_school(
    folder: Path, slug: str, name: str, url: str, method: str, passphrase_file: Path | None
) -> None:
    """Found an organisation in the folder of a desk."""
    from testamur.issuer.desk.organising import found_organisation

    office = _open(folder, passphrase_file)
    school = found_organisation(office, slug, name=name, url=url, method=method)
    click.echo(school.did)
    talk(f"next: testamur desk invite {folder} --school {slug} --administrator somebody@example.edu")


@desk.command()
@_FOLDER
@click.option("--school", "slug", default="", help="The organisation's folder; a single home needs none.")
@click.option(
    "--operator", metavar="EMAIL", help="Who founds organisations and invites their administrators."
)
@click.option("--administrator", metavar="EMAIL", help="Who invites the people of an organisation.")
def invite(folder: Path, slug: str, operator: str | None, administrator: str | None) -> None:
    """Print a link, good for a week and for one use, with which somebody makes a password of their own."""
    from testamur.issuer.desk.joining import GOOD_FOR
    from testamur.issuer.desk.joining import invite as keep
    from testamur.issuer.desk.office import Office
    from testamur.store.desk import Invitation

    if (operator is None) is (administrator is None):
        raise OperatorError("say whom to invite: --operator EMAIL or --administrator EMAIL")
    office = Office.open(folder)
    at = datetime.now(UTC)
    if operator is not None:
        invitation = Invitation(operator, None, (), True, None, at, at + GOOD_FOR)
    else:
        did, roles = _organisation(office, slug), ("administrator",)
        invitation = Invitation(administrator or "", did, roles, False, None, at, at + GOOD_FOR)
    token = keep(office, invitation)
    click.echo(f"{office.settings.url}/join/{token}")
    if not office.settings.url:
        talk("open it at the address where the desk is served")


@desk.command()
@_FOLDER
@click.argument("email")
def reset(folder: Path, email: str) -> None:
    """Take app for codes, passkeys and sessions from somebody who lost them, and print a link for a new password."""
    from testamur.issuer.desk.office import Office
    from testamur.issuer.desk.organising import reset_person

    office = Office.open(folder)
    token = reset_person(office, email)
    click.echo(f"{office.settings.url}/renew/{token}")


def _organisation(office: Office, slug: str) -> str:
    slugs = office.slugs
    if not slug and len(slugs) == 1:
        slug = slugs[0]
    school = office.school(slug)
    if school is None:
        known = ", ".join(slugs[:20]) or "none yet: testamur desk found"
        raise OperatorError(f"there is no organisation {slug!r:.60}", hint=f"--school is one of {known}")
    return school.did


def _open(folder: Path, passphrase_file: Path | None) -> Office:
    from testamur.issuer.desk.office import Office

    return Office.open(folder, read_passphrase(passphrase_file))


COMMANDS: dict[str, click.Command] = {"desk": desk}

"""``testamur did``: the school's DID document, and anybody else's."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import click

from testamur.console import home_option, talk
from testamur.issuer.webvh_commands import webvh


@click.group()
def did() -> None:
    """Show the school's DID document, or resolve another's."""


@did.command()
@home_option
def show(home: str | None) -> None:
    """Print the DID document of this school as it will be published."""
    from testamur.did import Resolver
    from testamur.fetch import NoNetwork
    from testamur.home import Home

    school = Home.find(home)
    site = school.site
    if not school.did.startswith("did:key:"):
        with school.ledger() as ledger:
            document = site.document(ledger.keys(school.did))
    else:
        document = Resolver(NoNetwork()).resolve(school.did).document.document
    click.echo(json.dumps(document, ensure_ascii=False, indent=2))


@did.command()
@click.argument("identifier", metavar="DID")
@click.option(
    "--version", "number", type=click.IntRange(1), help="An older version of a did:webvh, by its number."
)
@click.option(
    "--on", "day", type=click.DateTime(["%Y-%m-%d"]), help="The version in force at the end of a day."
)
@click.option("--allow", multiple=True, metavar="ORIGIN", help="An origin that may be private (an intranet).")
def resolve(identifier: str, number: int | None, day: datetime | None, allow: tuple[str, ...]) -> None:
    """Resolve a DID and print its document."""
    from testamur.did import Resolver
    from testamur.fetch import Fetch

    end = day.replace(hour=23, minute=59, second=59, tzinfo=UTC) if day else None
    found = Resolver(Fetch(allow=allow)).resolve(identifier, version_number=number, version_time=end)
    click.echo(json.dumps(found.document.document, ensure_ascii=False, indent=2))
    metadata = found.metadata | found.document_metadata
    talk(", ".join(f"{name} {value}" for name, value in metadata.items()))


did.add_command(webvh)

COMMANDS = {"did": did}

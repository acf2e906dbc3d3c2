"""``testamur did``: the school's DID document, and anybody else's."""

from __future__ import annotations

import json

import click

from testamur.console import home_option, talk


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
    if school.did.startswith("did:web:"):
        with school.ledger() as ledger:
            document = site.document(ledger.keys(school.did))
    else:
        document = Resolver(NoNetwork()).resolve(school.did).document.document
    click.echo(json.dumps(document, ensure_ascii=False, indent=2))


@did.command()
@click.argument("identifier", metavar="DID")
@click.option("--allow", multiple=True, metavar="ORIGIN", help="An origin that may be private (an intranet).")
def resolve(identifier: str, allow: tuple[str, ...]) -> None:
    """Resolve a DID and print its document."""
    from testamur.did import Resolver
    from testamur.fetch import Fetch

    found = Resolver(Fetch(allow=allow)).resolve(identifier)
    click.echo(json.dumps(found.document.document, ensure_ascii=False, indent=2))
    talk(", ".join(f"{name} {value}" for name, value in found.metadata.items()))


COMMANDS = {"did": did}

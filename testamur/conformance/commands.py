"""``testamur conformance``: one line for each kind of document a suite asks about."""

from __future__ import annotations

import click

from testamur.cli import Loading

KINDS = {
    "jose": ("testamur.conformance.tokens", "Credentials and presentations as JWTs (vc-jose-cose)."),
    "sd-jwt": ("testamur.conformance.tokens", "The same as SD-JWTs."),
    "schema": (
        "testamur.conformance.schemas",
        "Credentials held against the schemas they name (vc-json-schema).",
    ),
    "cose": ("testamur.conformance.tokens", "The same as COSE_Sign1."),
}


@click.group(cls=Loading, table=KINDS)
def conformance() -> None:
    """Answer published test suites, which bring keys and trust of their own; not for diplomas.

    Every command writes {"result": "success" | "failure" | "indeterminate", "data": ...} to --output.
    """


COMMANDS: dict[str, click.Command] = {"conformance": conformance}

"""``testamur conformance schema``: a credential held against a schema, as the W3C's vc-json-schema suite asks."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import click

from testamur.conformance.answering import answer, read_input
from testamur.credentials import JSON_SCHEMA, JSON_SCHEMA_CREDENTIAL, apply_schema, schema_in
from testamur.errors import Malformed
from testamur.jsontext import Json, parse_object

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group("schema")
def schema() -> None:
    """Hold one credential of the W3C's vc-json-schema suite against its schema."""


@schema.command("validate")
@click.option(
    "--format",
    "kind",
    type=click.Choice([JSON_SCHEMA, JSON_SCHEMA_CREDENTIAL]),
    required=True,
    help="What the schema comes in.",
)
@click.option("--schema", "schema_file", type=_FILE, required=True, help="The schema.")
@click.option("--credential", type=_FILE, required=True, help="The credential that names it.")
@click.option("--output", type=click.Path(path_type=Path), required=True, help="Where the answer goes.")
def validate(kind: str, schema_file: Path, credential: Path, output: Path) -> int:
    """Say whether the credential fits: success, failure, or indeterminate for a version of JSON Schema not known here."""
    return answer(output, partial(_validate, kind, schema_file, credential))


def _validate(kind: str, schema_file: Path, source: Path) -> str:
    credential = parse_object(read_input(source))
    url = _named(credential, kind)
    found = parse_object(read_input(schema_file))
    if kind == JSON_SCHEMA:
        broken = apply_schema(credential, found, url=url)
    else:
        broken = apply_schema(credential, schema_in(found, url=url))
    if broken:
        raise broken[0]
    return "the credential fits its schema"


def _named(credential: Json, kind: str) -> str:
    """The address of the schema of this kind that a credential names; raises Malformed where it names none."""
    entries = credential.get("credentialSchema")
    listed = entries if isinstance(entries, list) else [entries]
    for entry in listed:
        if isinstance(entry, dict) and entry.get("type") == kind and isinstance(entry.get("id"), str):
            return str(entry["id"])
    raise Malformed("credentialSchema", f"it names no {kind}", clause="VC-JSON-SCHEMA §2")


COMMANDS: dict[str, click.Command] = {"schema": schema}

"""A schema that a credential names (VC-JSON-SCHEMA): what it must be before it is applied, and what it finds."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from typing import Any, NoReturn

from testamur.credentials.findings import MAX_FINDINGS, Findings, check_values, quoted
from testamur.credentials.members import is_url, types
from testamur.errors import Malformed, Unsupported
from testamur.jsontext import Json

JSON_SCHEMA = "JsonSchema"
JSON_SCHEMA_CREDENTIAL = "JsonSchemaCredential"

_DRAFTS = {
    "https://json-schema.org/draft/2020-12/schema": "Draft202012Validator",
    "https://json-schema.org/draft/2019-09/schema": "Draft201909Validator",
    "http://json-schema.org/draft-07/schema": "Draft7Validator",
    "https://json-schema.org/draft-07/schema": "Draft7Validator",
}
_OF_SCHEMAS = (
    "https://www.w3.org/ns/credentials/json-schema/v2.json",
    "https://www.w3.org/2022/credentials/v2/json-schema-credential-schema.json",
)
_CLAUSE = "VC-JSON-SCHEMA §4"


def apply_schema(document: Json, schema: Json, *, url: str = "") -> list[Malformed]:
    """Every place where a document departs from a schema; ``url`` is where the schema must say it is.

    Raises Malformed for a schema that must not be applied, Unsupported for a version that is not known here
    and for one that refers to others (VC-JSON-SCHEMA §3.1, §4).
    """
    validator = _validator(_draft(schema), schema)
    name = schema.get("$id")
    if not is_url(name) or (url and name != url):
        raise Malformed("$id", f"{quoted(name)} is not {url or 'a URL'}", clause="VC-JSON-SCHEMA §3.1.1")
    errors = list(islice(validator.iter_errors(document), MAX_FINDINGS))
    return [Malformed(_path(error.instance_path), _said(error), clause=_CLAUSE) for error in errors]


def schema_in(credential: Json, *, url: str) -> Json:
    """The schema that a JsonSchemaCredential carries; raises Malformed where it is none (VC-JSON-SCHEMA §2.2)."""
    if JSON_SCHEMA_CREDENTIAL not in types(credential):
        _refuse("type", f"it must be {JSON_SCHEMA_CREDENTIAL}")
    if credential.get("id") != url:
        _refuse("id", f"{quoted(credential.get('id'))} is not {url:.200}")
    own = credential.get("credentialSchema")
    if not isinstance(own, dict) or own.get("id") not in _OF_SCHEMAS or own.get("type") != JSON_SCHEMA:
        _refuse("credentialSchema", "it must be the schema of all such credentials")
    subject = credential.get("credentialSubject")
    if not isinstance(subject, dict) or subject.get("type") != JSON_SCHEMA:
        _refuse("credentialSubject.type", f"it must be {JSON_SCHEMA}")
    schema = subject.get("jsonSchema")
    if not isinstance(schema, dict):
        _refuse("credentialSubject.jsonSchema", "it must be an object")
    return schema


def _draft(schema: Json) -> str:
    named = schema.get("$schema")
    if not isinstance(named, str):
        raise Malformed("$schema", "a schema must name its version", clause="VC-JSON-SCHEMA §3.1.2")
    try:
        return _DRAFTS[named.removesuffix("#")]
    except KeyError:
        raise Unsupported(f"schemas of {named!r:.80} are not supported", clause=_CLAUSE) from None


def _validator(draft: str, schema: Json) -> Any:
    import jsonschema_rs

    found = Findings()
    check_values(schema, found)
    if found.unusable:
        raise found.all[0]
    make: Callable[..., Any] = getattr(jsonschema_rs, draft)
    try:
        return make(
            schema,
            validate_formats=False,  # an annotation since 2019-09
            pattern_options=jsonschema_rs.RegexOptions(),  # in linear time
            retriever=_nothing_fetched,
        )
    except jsonschema_rs.ReferencingError:
        raise Unsupported("the schema refers to another one, which is not fetched", clause=_CLAUSE) from None
    except (ValueError, jsonschema_rs.ValidationError) as error:
        raise Malformed("", f"this is no JSON Schema: {quoted(str(error))}", clause=_CLAUSE) from None


def _nothing_fetched(address: str) -> NoReturn:
    raise ValueError(f"{address} is not fetched")


def _path(steps: list[str | int]) -> str:
    path = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)
    return path.removeprefix(".")


def _said(error: Any) -> str:
    return f"it departs from the schema ({error.kind.name}): {quoted(error.message)}"


def _refuse(path: str, sentence: str) -> NoReturn:
    raise Malformed(path, sentence, clause="VC-JSON-SCHEMA §2.2")

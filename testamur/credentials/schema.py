"""Our own JSON Schemas for the records we know, compiled once and applied in linear time."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from itertools import islice
from typing import Any

from testamur.credentials.findings import MAX_FINDINGS, Findings, check_values, quoted
from testamur.credentials.members import types
from testamur.errors import Malformed, Missing

_OPEN_BADGES, _CLR = "open_badges_3", "clr_2"
_CLASSES = {
    "OpenBadgeCredential": f"{_OPEN_BADGES}#AchievementCredential",
    "AchievementCredential": f"{_OPEN_BADGES}#AchievementCredential",
    "EndorsementCredential": f"{_OPEN_BADGES}#EndorsementCredential",
    "ClrCredential": f"{_CLR}#ClrCredential",
    "Profile": f"{_OPEN_BADGES}#Profile",
}
SCHEMA_NAMES = {_OPEN_BADGES: "Open Badges 3.0", _CLR: "CLR 2.0"}
_CLAUSES = {_OPEN_BADGES: "OB §B.1", _CLR: "CLR §B.1"}


def schema_for(document: Any) -> str | None:
    """The name of the schema that applies to a document, or None where we have none for its type."""
    for name in types(document):
        if name in _CLASSES:
            return _CLASSES[name]
    return None


def schema_text(file: str = _OPEN_BADGES) -> str:
    """The text of a shipped schema, as ``publish`` puts it on the web."""
    return files("testamur.credentials").joinpath("schemas", f"{file}.json").read_text("utf-8")


def check_schema(document: Any, *, plain: bool = False) -> list[Malformed]:
    """Every place where a document does not fit its schema; empty where it fits or no schema applies.

    ``plain`` says that ``is_plain`` was asked of it and said yes.
    """
    name = schema_for(document)
    if name is None:
        return []
    clause = _CLAUSES[name.partition("#")[0]]
    found = Findings()
    check_values(document, found, plain=plain)
    if found.unusable:
        return found.all
    validator = _validator(name)
    try:
        if validator.is_valid(document):
            return []
        errors = list(islice(validator.iter_errors(document), MAX_FINDINGS))
    except ValueError as error:
        return [Malformed("", f"the schema cannot be applied: {quoted(str(error))}", clause=clause)]
    return [_finding(error, clause) for error in errors]


@cache
def _validator(name: str) -> Any:
    import jsonschema_rs

    file, _, root = name.partition("#")
    badges = json.loads(schema_text())
    own = json.loads(schema_text(file).replace(f'"{_OPEN_BADGES}.json#', '"#'))
    schema = {"$schema": own["$schema"], "$defs": badges["$defs"] | own["$defs"]}
    schema["$ref"] = f"#/$defs/{root}"
    return jsonschema_rs.Draft202012Validator(
        schema, validate_formats=True, pattern_options=jsonschema_rs.RegexOptions()
    )


def _finding(error: Any, clause: str) -> Malformed:
    kind = Missing if error.kind.name == "required" else Malformed
    return kind(_path(error.instance_path), _sentence(error), clause=clause)


def _path(steps: list[str | int]) -> str:
    path = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)
    return path.removeprefix(".")


def _sentence(error: Any) -> str:
    """What is wrong, in a sentence that stays short whatever was found."""
    kind, detail = error.kind.name, error.kind.value
    shown = quoted(error.instance)
    match kind:
        case "required":
            return f"{detail} is missing"
        case "type":
            return f"{shown} must be of type {' or '.join(detail)}"
        case "enum" | "const":
            return f"{shown} is not {_allowed(error)}"
        case "format":
            return f"{shown} is not a {detail}"
        case "contains":
            return "one of its values must be the name of the class that belongs here"
        case "minItems":
            return f"it must have at least {detail} items"
        case "pattern":
            return f"{shown} is not written as it must be"
        case "additionalProperties":
            return f"{', '.join(quoted(name) for name in detail[:5])} does not belong here"
    return f"{shown} is not allowed here ({kind})"


def _allowed(error: Any) -> str:
    options = error.kind.value if error.kind.name == "enum" else [error.kind.value]
    options = json.loads(options) if isinstance(options, str) and options.startswith("[") else options
    shown = [str(option) for option in options[:8]]
    return shown[0] if len(options) == 1 else f"one of {', '.join(shown)}{' …' if len(options) > 8 else ''}"

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

_OPEN_BADGES = "open_badges_3"
_CLASSES = {
    "OpenBadgeCredential": "AchievementCredential",
    "AchievementCredential": "AchievementCredential",
    "EndorsementCredential": "EndorsementCredential",
    "Profile": "Profile",
}
_CLAUSE = "OB §B.1"


def schema_for(document: Any) -> str | None:
    """The name of the schema that applies to a document, or None where we have none for its type."""
    for name in types(document):
        if name in _CLASSES:
            return f"{_OPEN_BADGES}#{_CLASSES[name]}"
    return None


def schema_text(file: str = _OPEN_BADGES) -> str:
    """The text of a shipped schema, as ``publish`` puts it on the web."""
    return files("testamur.credentials").joinpath("schemas", f"{file}.json").read_text("utf-8")


def check_schema(document: Any, *, text: str = "") -> list[Malformed]:
    """Every place where a document does not fit its schema; empty where it fits or no schema applies.

    ``text`` is JSON that the document was read from, where it is at hand.
    """
    name = schema_for(document)
    if name is None:
        return []
    found = Findings()
    check_values(document, found, text)
    if found.unusable:
        return found.all
    try:
        errors = list(islice(_validator(name).iter_errors(document), MAX_FINDINGS))
    except ValueError as error:
        return [Malformed("", f"the schema cannot be applied: {quoted(str(error))}", clause=_CLAUSE)]
    return [_finding(error) for error in errors]


@cache
def _validator(name: str) -> Any:
    import jsonschema_rs

    file, _, root = name.partition("#")
    schema = {"$schema": (whole := json.loads(schema_text(file)))["$schema"], "$defs": whole["$defs"]}
    schema["$ref"] = f"#/$defs/{root}"
    return jsonschema_rs.Draft202012Validator(
        schema, validate_formats=True, pattern_options=jsonschema_rs.RegexOptions()
    )


def _finding(error: Any) -> Malformed:
    kind = Missing if error.kind.name == "required" else Malformed
    return kind(_path(error.instance_path), _sentence(error), clause=_CLAUSE)


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

"""Records that are SD-JWT VCs: claims of the IETF's and of our own, instead of a JSON-LD document.

``record_claims`` writes a record of ours so; its facts are read back from it, and from the names that
identity cards and other issuers' diplomas use.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from testamur.credentials.findings import Findings
from testamur.credentials.members import is_url, objects, text
from testamur.errors import Malformed
from testamur.jsontext import Json
from testamur.times import from_epoch

PERSONAL = {
    "name": "holder.name", "latin_name": "holder.latin_name", "birthdate": "holder.birth_date",
    "student_number": "holder.student_number", "number": "number", "results": "result", "credits": "credits",
    "started": "started", "ended": "ended", "narrative": "narrative", "role": "role", "term": "term",
    "sub": "holder.id",
}  # fmt: skip
"""The claims that the holder may keep back, all that speak of the person and not of the award, with their places."""

_TIMES = ("iat", "nbf", "exp")
_CLAUSE = "SD-JWT VC §2.2"


def is_sd_jwt_vc(document: Any) -> bool:
    """Whether this is a payload with a type of its own (``vct``) and no JSON-LD."""
    return isinstance(document, dict) and "vct" in document and "@context" not in document


def check_sd_jwt_vc(claims: Json, found: Findings) -> None:
    """Report every registered claim that is not of its kind."""
    for name in ("vct", "iss", "sub", "jti"):
        if name in claims and (not isinstance(claims[name], str) or not claims[name]):
            found.add(name, "this claim must be a text", _CLAUSE)
    if "iss" in claims and not is_url(claims["iss"]):
        found.add("iss", "an issuer is named by a URL", _CLAUSE)
    for name in _TIMES:
        try:
            moment(claims, name)
        except Malformed as error:
            found.keep(error)
    for name in ("cnf", "status"):
        if name in claims and not isinstance(claims[name], dict):
            found.add(name, "this claim must be an object", _CLAUSE)


def moment(claims: Json, name: str) -> datetime | None:
    """The instant of a numeric claim, None where it is absent; raises Malformed."""
    return from_epoch(claims[name], name) if name in claims else None


def claimed_types(claims: Json) -> tuple[str, ...]:
    """``vct`` and the further types that ``aka_vcts`` names."""
    others = claims.get("aka_vcts")
    named = [claims.get("vct"), *(others if isinstance(others, list) else [])]
    return tuple(name for name in named if isinstance(name, str))


def told(claims: Json, *, may_lack: bool = False) -> dict[str, str]:
    """The facts of a record by the names of ``Facts``; "" where it says nothing.

    The day a token begins to hold is no day of an award that its holder may keep back.
    """
    award = claims.get("award")
    members = award if isinstance(award, dict) else {"name": award}
    result, result_name = _result(claims)
    return {
        "holder": _first(claims, "name") or _joined(claims, "given_name", "family_name"),
        "holder_latin": _first(claims, "latin_name"),
        "award": _first(members, "name") or _first(claims, "degree", "qualification", "title"),
        "result": result,
        "result_name": result_name,
        "awarded": _first(claims, "awarded", "date_awarded", "date_of_issuance", "issuance_date")[:10]
        or _day(claims, *(() if may_lack else ("nbf", "iat"))),
        "number": _first(claims, "number", "document_number"),
        "issuer_name": _first(claims, "issuer_name", "issuing_authority"),
        "issuer": _first(claims, "iss"),
        "id": _first(claims, "jti"),
        "kind": _first(members, "type") or _first(claims, "vct"),
        "valid_until": _day(claims, "exp") or _first(claims, "expiry_date", "date_of_expiry"),
    }


def _result(claims: Json) -> tuple[str, str]:
    """The result and what it is called; of several each one under its name."""
    results = [(_first(each, "value"), _first(each, "name")) for each in objects(claims.get("results"))]
    results = [each for each in results if each[0]]
    if len(results) == 1:
        return results[0]
    if results:
        return "; ".join(f"{name}: {value}" if name else value for value, name in results), ""
    return _first(claims, "result", "grade"), ""


def _first(members: Json, *names: str) -> str:
    return next((found for name in names if (found := _words(members.get(name)))), "")


def _words(value: Any) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return value if isinstance(value, str) else text(value) if isinstance(value, list) else ""


def _joined(claims: Json, *names: str) -> str:
    return " ".join(filter(None, (_first(claims, name) for name in names)))


def _day(claims: Json, *names: str) -> str:
    for name in names:
        try:
            if (found := moment(claims, name)) is not None:
                return f"{found:%Y-%m-%d}"
        except Malformed:
            continue
    return ""


def disclosable(claims: Json, places: Collection[str] = ()) -> tuple[tuple[str | int, ...], ...]:
    """The paths to what the holder may keep back of these claims, without what stands in these places.

    Results stand in places of their own ("result.Grade"): where one of them is named, each is a choice.
    """
    found: list[tuple[str | int, ...]] = [
        (name,) for name, place in PERSONAL.items() if name in claims and place not in places
    ]
    named = [f"result.{each.get('name', '')}" for each in objects(claims.get("results"))]
    if any(place in places for place in named):
        found.remove(("results",))
        found += [("results", number) for number, place in enumerate(named) if place not in places]
    return tuple(found)

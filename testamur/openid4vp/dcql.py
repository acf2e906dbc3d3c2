"""DCQL: what a verifier asks for (OpenID4VP §6), read strictly where it decides and leniently where it does not."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from testamur.errors import Malformed
from testamur.jsontext import Json

MAX_CREDENTIALS = 16
MAX_CLAIMS = 64
_MAX_VALUES = 64
_MAX_PATH = 16
_ID = re.compile(r"[A-Za-z0-9_-]{1,128}", re.ASCII)
_CLAUSE = "OpenID4VP §6"

Step = str | int | None
"""A step of a claims path: a member's name, an entry's number, or None for every entry (§7)."""


@dataclass(frozen=True, slots=True)
class ClaimQuery:
    """One claim that is asked for, and the values it may have."""

    path: tuple[Step, ...]
    id: str = ""
    values: tuple[str | int | bool, ...] = ()  # empty: any


@dataclass(frozen=True, slots=True)
class Authorities:
    """Whoever must stand behind the issuer, in one way of naming them (§6.1.1)."""

    type: str  # "aki", "etsi_tl", "openid_federation"
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CredentialQuery:
    """One kind of credential that is asked for."""

    id: str
    format: str
    meta: Json
    multiple: bool = False
    authorities: tuple[Authorities, ...] = ()
    needs_holder: bool = True  # ``require_cryptographic_holder_binding``
    claims: tuple[ClaimQuery, ...] = ()
    claim_sets: tuple[tuple[str, ...], ...] = ()

    def alternatives(self) -> tuple[tuple[ClaimQuery, ...], ...]:
        """The sets of claims of which one is to be shown, the most wanted first (§6.4.1)."""
        if not self.claim_sets:
            return (self.claims,)
        named = {claim.id: claim for claim in self.claims}
        return tuple(tuple(named[name] for name in names) for names in self.claim_sets)


@dataclass(frozen=True, slots=True)
class CredentialSet:
    """Combinations of credentials of which one is wanted."""

    options: tuple[tuple[str, ...], ...]
    required: bool = True


@dataclass(frozen=True, slots=True)
class Query:
    """Everything that is asked for at once."""

    credentials: tuple[CredentialQuery, ...]
    sets: tuple[CredentialSet, ...] = ()

    def credential(self, name: str) -> CredentialQuery | None:
        """The query of this id."""
        return next((each for each in self.credentials if each.id == name), None)

    def is_satisfied(self, answered: Iterable[str]) -> bool:
        """Whether answers to these queries are enough (§6.4.2)."""
        names = set(answered)
        if not self.sets:
            return all(each.id in names for each in self.credentials)
        return all(
            any(names.issuperset(option) for option in each.options) for each in self.sets if each.required
        )


def read_query(value: Any) -> Query:
    """The query of a ``dcql_query``; raises Malformed naming what is wrong."""
    members = _object(value, "dcql_query")
    credentials = tuple(
        _credential(each, f"credentials[{place}]")
        for place, each in enumerate(_list(members, "credentials", "", MAX_CREDENTIALS))
    )
    names = [each.id for each in credentials]
    if len(set(names)) != len(names):
        raise Malformed("credentials", "two queries have the same id", clause="OpenID4VP §6.1")
    sets: tuple[CredentialSet, ...] = ()
    if "credential_sets" in members:
        listed = _list(members, "credential_sets", "", MAX_CREDENTIALS)
        sets = tuple(_set(each, f"credential_sets[{n}]", set(names)) for n, each in enumerate(listed))
    return Query(credentials, sets)


def _credential(value: Any, path: str) -> CredentialQuery:
    members = _object(value, path)
    name, format_name, meta = members.get("id"), members.get("format"), members.get("meta")
    if not isinstance(name, str) or not _ID.fullmatch(name):
        raise Malformed(f"{path}.id", "an id is letters, digits, _ and -", clause="OpenID4VP §6.1")
    if not isinstance(format_name, str) or not 0 < len(format_name) <= 60:
        raise Malformed(f"{path}.format", "it names the format of a credential", clause="OpenID4VP §6.1")
    if not isinstance(meta, dict):
        raise Malformed(f"{path}.meta", "this must be an object", clause="OpenID4VP §6.1")
    _check_meta(meta, format_name, f"{path}.meta")
    claims: tuple[ClaimQuery, ...] = ()
    if "claims" in members:
        listed = _list(members, "claims", path, MAX_CLAIMS)
        claims = tuple(_claim(each, f"{path}.claims[{n}]") for n, each in enumerate(listed))
    return CredentialQuery(
        name,
        format_name,
        meta,
        _boolean(members, "multiple", path, default=False),
        tuple(_authorities(members, path)),
        _boolean(members, "require_cryptographic_holder_binding", path, default=True),
        claims,
        _claim_sets(members, claims, path),
    )


def _check_meta(meta: Json, format_name: str, path: str) -> None:
    if format_name == "dc+sd-jwt":
        _texts(meta.get("vct_values"), f"{path}.vct_values")
    elif format_name in ("ldp_vc", "jwt_vc_json"):
        kinds = meta.get("type_values")
        if not isinstance(kinds, list) or not 0 < len(kinds) <= _MAX_VALUES:
            raise Malformed(f"{path}.type_values", "it is a list of lists of types", clause="OpenID4VP B.1.1")
        for place, each in enumerate(kinds):
            _texts(each, f"{path}.type_values[{place}]")
    elif format_name == "mso_mdoc" and not isinstance(meta.get("doctype_value"), str):
        raise Malformed(f"{path}.doctype_value", "it is missing", clause="OpenID4VP B.2.3")


def _claim(value: Any, path: str) -> ClaimQuery:
    members = _object(value, path)
    steps = members.get("path")
    if not isinstance(steps, list) or not 0 < len(steps) <= _MAX_PATH or not all(map(_is_step, steps)):
        raise Malformed(
            f"{path}.path", "names, numbers from 0 and null lead to a claim", clause="OpenID4VP §7"
        )
    name = members.get("id", "")
    if "id" in members and (not isinstance(name, str) or not _ID.fullmatch(name)):
        raise Malformed(f"{path}.id", "an id is letters, digits, _ and -", clause="OpenID4VP §6.3")
    values = members.get("values", [])
    if "values" in members and (not isinstance(values, list) or not 0 < len(values) <= _MAX_VALUES):
        raise Malformed(f"{path}.values", "this must be a list of values", clause="OpenID4VP §6.3")
    if not all(isinstance(each, str | int | bool) for each in values):
        raise Malformed(
            f"{path}.values", "a value is a text, a whole number or a boolean", clause="OpenID4VP §6.3"
        )
    return ClaimQuery(tuple(steps), name, tuple(values))


def _is_step(step: Any) -> bool:
    if isinstance(step, str):
        return len(step) <= 500
    return step is None or (type(step) is int and 0 <= step < 1_000_000)


def _claim_sets(members: Json, claims: tuple[ClaimQuery, ...], path: str) -> tuple[tuple[str, ...], ...]:
    if "claim_sets" not in members:
        _check_ids(claims, path, needed=False)
        return ()
    if not claims:
        raise Malformed(f"{path}.claim_sets", "there are no claims to choose from", clause="OpenID4VP §6.1")
    _check_ids(claims, path, needed=True)
    known = {claim.id for claim in claims}
    sets = [_texts(each, f"{path}.claim_sets") for each in _list(members, "claim_sets", path, _MAX_VALUES)]
    if not all(known.issuperset(each) for each in sets):
        raise Malformed(f"{path}.claim_sets", "it names a claim that is not there", clause="OpenID4VP §6.1")
    return tuple(sets)


def _check_ids(claims: tuple[ClaimQuery, ...], path: str, *, needed: bool) -> None:
    names = [claim.id for claim in claims if claim.id]
    if len(set(names)) != len(names) or (needed and len(names) != len(claims)):
        raise Malformed(f"{path}.claims", "each claim needs an id of its own", clause="OpenID4VP §6.3")


def _authorities(members: Json, path: str) -> Iterable[Authorities]:
    if "trusted_authorities" not in members:
        return
    for place, each in enumerate(_list(members, "trusted_authorities", path, _MAX_VALUES)):
        spot = f"{path}.trusted_authorities[{place}]"
        kind = _object(each, spot).get("type")
        if not isinstance(kind, str) or not kind:
            raise Malformed(f"{spot}.type", "it is missing", clause="OpenID4VP §6.1.1")
        yield Authorities(kind, _texts(each.get("values"), f"{spot}.values"))


def _set(value: Any, path: str, known: set[str]) -> CredentialSet:
    members = _object(value, path)
    options = tuple(_texts(each, f"{path}.options") for each in _list(members, "options", path, _MAX_VALUES))
    if not all(known.issuperset(option) for option in options):
        raise Malformed(f"{path}.options", "it names a query that is not there", clause="OpenID4VP §6.2")
    return CredentialSet(options, _boolean(members, "required", path, default=True))


def _object(value: Any, path: str) -> Json:
    if not isinstance(value, dict):
        raise Malformed(path, "this must be an object", clause=_CLAUSE)
    return value


def _list(members: Json, name: str, path: str, most: int) -> list[Any]:
    value = members.get(name)
    spot = f"{path}.{name}" if path else name
    if not isinstance(value, list) or not value:
        raise Malformed(spot, "this must be a list that is not empty", clause=_CLAUSE)
    if len(value) > most:
        raise Malformed(spot, f"more than {most} are not looked at", clause=_CLAUSE)
    return value


def _texts(value: Any, path: str) -> tuple[str, ...]:
    listed = value if isinstance(value, list) else []
    if not 0 < len(listed) <= _MAX_VALUES or not all(isinstance(each, str) and each for each in listed):
        raise Malformed(path, "this must be a list of texts that is not empty", clause=_CLAUSE)
    return tuple(listed)


def _boolean(members: Json, name: str, path: str, *, default: bool) -> bool:
    value = members.get(name, default)
    if not isinstance(value, bool):
        raise Malformed(f"{path}.{name}", "this must be true or false", clause=_CLAUSE)
    return value

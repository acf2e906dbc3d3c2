"""What the desk knows of the people who work there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a name at the desk; ``roles`` by the organisation's name in the ledger."""

    id: int
    email: str
    name: str
    language: str = ""  # "" for what the browser asks for
    is_operator: bool = False  # founds organisations; sees no records by that
    is_active: bool = True
    roles: Mapping[str, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Session:
    """A person at a browser; ``stage`` is ``password`` until the second factor is given, then ``whole``."""

    person: Person
    stage: str
    began: datetime
    seen: datetime
    proved: datetime


@dataclass(frozen=True, slots=True)
class Invitation:
    """Somebody asked to join: an organisation with roles, or the installation as its operator."""

    email: str
    organisation: str | None
    roles: tuple[str, ...]
    is_operator: bool
    by: int | None
    created: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Passkey:
    """A WebAuthn credential of a person."""

    id: str
    person: int
    public_key: bytes = field(repr=False)
    sign_count: int
    name: str
    created: datetime
    used: datetime


@dataclass(frozen=True, slots=True)
class Totp:
    """A sealed TOTP secret; ``last_step`` is the step whose code was taken last."""

    secret: bytes = field(repr=False)
    confirmed: bool
    last_step: int

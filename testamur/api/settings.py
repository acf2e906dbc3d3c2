"""The settings file of ``testamur serve api``."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from testamur.errors import OperatorError
from testamur.files import read_bounded
from testamur.vcalm import Client, Manner, Table

KINDS = ("issuers", "verifiers", "holders")
EXAMPLES = "examples"
_MAX_FILE = 1_000_000
_BODY = 4_000_000


@dataclass(frozen=True, slots=True)
class ApiSettings:
    """The server's own settings, its clients, and the instances by kind, which each part reads itself."""

    url: str  # "": as the address it listens at
    allow: tuple[str, ...]
    ca_file: str
    contexts: str  # "" or "examples"
    max_body: int
    seconds: int
    clients: tuple[Client, ...]
    instances: dict[str, dict[str, object]]

    def tables(self, kind: str) -> Iterator[Table]:
        """The tables of a kind of instance."""
        for name, members in self.instances[kind].items():
            yield Table(f"{kind}.{name}", members)

    @property
    def is_open(self) -> bool:
        """Whether any instance lets in everybody, or the server is one for test suites."""
        return bool(self.contexts) or any(
            Manner.read(table).is_open or table.flag("conformance")
            for kind in KINDS
            for table in self.tables(kind)
        )

    @property
    def is_of_one_process(self) -> bool:
        """Whether an instance has a key or a ledger that no other process could have too."""
        return any(
            table.text("key").startswith("new:") or table.text("ledger") == "temporary"
            for kind in KINDS
            for table in self.tables(kind)
        )


def read_settings(path: Path) -> ApiSettings:
    """The settings in a file; raises OperatorError naming what is wrong with them."""
    try:
        members = tomllib.loads(read_bounded(path, _MAX_FILE).decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise OperatorError(f"{path} cannot be read: {error}") from None
    try:
        return _settings(members)
    except OperatorError as error:
        raise OperatorError(f"{path}: {error}", hint=error.hint) from None


def _settings(members: dict[str, object]) -> ApiSettings:
    whole = Table("", members)
    clients = tuple(Client.read(table) for table in whole.tables("clients"))
    instances = {kind: dict(_members(members, kind)) for kind in KINDS}
    server = Table("server", members.get("server", {}))
    if unknown := sorted(members.keys() - {"server", "clients", *KINDS}):
        raise OperatorError(
            f"there is no section [{unknown[0]:.40}]", hint=f"there are server, clients, {', '.join(KINDS)}"
        )
    settings = ApiSettings(
        url=server.text("url").rstrip("/"),
        allow=server.texts("allow"),
        ca_file=server.text("ca_file"),
        contexts=server.text("contexts", among=("", EXAMPLES)),
        max_body=server.number("max_body", _BODY),
        seconds=server.number("seconds", 30),
        clients=clients,
        instances=instances,
    )
    server.finish()
    _check_names(settings)
    return settings


def _members(members: dict[str, object], kind: str) -> Iterator[tuple[str, object]]:
    found = members.get(kind, {})
    if not isinstance(found, dict):
        raise OperatorError(f"[{kind}] must hold a table for each instance")
    yield from found.items()


def _check_names(settings: ApiSettings) -> None:
    names = [name for kind in KINDS for name in settings.instances[kind]]
    if not names:
        raise OperatorError("there is no instance", hint="add [issuers.NAME] or [verifiers.NAME]")
    for name in names:
        if names.count(name) > 1:
            raise OperatorError(f"two instances are called {name!r:.60}")
        if not name or len(name) > 64 or not all(c.isascii() and (c.isalnum() or c in "-_.") for c in name):
            raise OperatorError(f"{name!r:.60} is no name for an instance: letters, digits, - _ . only")
    for client in settings.clients:
        if strange := sorted(client.instances - set(names)):
            raise OperatorError(f"the client {client.name!r:.60} may use {strange[0]!r:.60}, which is none")

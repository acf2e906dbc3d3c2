"""One app's part of the API: its instances by name, and the routes that lead to them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Generic, Protocol, TypeVar
from urllib.parse import urlsplit

from fastapi import APIRouter, Header, Request
from starlette.exceptions import HTTPException

from testamur.jsontext import Json
from testamur.serving import is_loopback
from testamur.vcalm.access import Access
from testamur.vcalm.tables import Table

REFUSE, TOLERATE = "refuse", "tolerate"
NONE, CLIENTS = "none", "clients"


@dataclass(frozen=True, slots=True)
class Manner:
    """How an instance receives a request."""

    is_open: bool = False  # without authentication
    tolerant: bool = False  # members and options it does not know are passed over

    @classmethod
    def read(cls, table: Table) -> Manner:
        """The ``authentication`` and ``unknown_options`` of an instance's table."""
        return cls(
            table.text("authentication", CLIENTS, among=(NONE, CLIENTS)) == NONE,
            table.text("unknown_options", REFUSE, among=(REFUSE, TOLERATE)) == TOLERATE,
        )


class Instance(Protocol):
    """What every instance can say of itself."""

    @property
    def name(self) -> str:
        """Its name in the settings and in its address."""
        ...

    @property
    def manner(self) -> Manner:
        """How it receives a request."""
        ...

    @property
    def described(self) -> Json:
        """What the line at the start says of it beside its address."""
        ...


Kind = TypeVar("Kind", bound=Instance)


class Desk(Generic[Kind]):
    """The instances of one kind, and who may use which."""

    def __init__(self, kind: str, instances: Mapping[str, Kind], access: Access) -> None:
        self._kind = kind
        self._instances = instances
        self._access = access

    def find(self, name: str) -> Kind:
        """The instance of this name; raises HTTPException 404."""
        try:
            return self._instances[name]
        except KeyError:
            raise HTTPException(404, f"There is no {self._kind} instance {name!r:.60} here") from None

    def admitted(self) -> Callable[..., Kind]:
        """A dependency: the instance in the path, for a sender who may use it; 404, 401 or 403."""

        def admit(name: str, request: Request, authorization: Annotated[str, Header()] = "") -> Kind:
            instance = self._instances.get(name)
            if instance is None or not instance.manner.is_open:
                self._access.check(authorization, name)
            elif not _is_of_this_machine(request):
                raise HTTPException(403, "Without authentication only programs of this machine may use it")
            return self.find(name)

        return admit


def _is_of_this_machine(request: Request) -> bool:
    """Whether no web page of somebody else sent it: a browser tells such a page in Origin, or in Host where its name was rebound."""
    host, origin = request.headers.get("host", ""), request.headers.get("origin")
    try:
        named = [urlsplit(f"//{host}").hostname, *([urlsplit(origin).hostname] if origin is not None else [])]
    except ValueError:
        return False
    return all(is_loopback(name or "") for name in named)


@dataclass(frozen=True, slots=True)
class Part:
    """The routes of one app and the instances behind them."""

    router: APIRouter
    instances: Mapping[str, Instance]

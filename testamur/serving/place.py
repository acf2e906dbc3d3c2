"""Where an app listens, as the options of a command say it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import click

from testamur.errors import OperatorError

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@dataclass(frozen=True, slots=True)
class Place:
    """An address, its certificate, how many processes answer there, and the proxy before it."""

    host: str = "127.0.0.1"
    port: int = 8080
    tls_cert: Path | None = None
    tls_key: Path | None = None
    workers: int = 1
    proxy: str = ""  # the address of a proxy whose word about the client is taken

    @property
    def scheme(self) -> str:
        """``https`` where there is a certificate."""
        return "https" if self.tls_cert else "http"

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach it: a proxy in front lets in others."""
        return is_loopback(self.host) and not self.proxy

    def url(self, port: int) -> str:
        """The address to open, without a slash at the end; an IPv6 address stands in brackets."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{port}"


def is_loopback(host: str) -> bool:
    """Whether a host name or address is that of this machine for itself."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def place_options(port: int, *, workers: int = 1) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """``--host --port --tls-cert --tls-key --workers --proxy``; the command is handed a ``place``."""
    options = (
        click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at."),
        click.option(
            "--port", type=click.IntRange(0, 65535), default=port, show_default=True, help="0: any."
        ),
        click.option("--tls-cert", type=_FILE, help="The certificate chain, PEM."),
        click.option("--tls-key", type=_FILE, help="Its key, PEM."),
        click.option(
            "--workers",
            type=click.IntRange(1, 64),
            default=workers,
            show_default=True,
            help="How many processes answer.",
        ),
        click.option(
            "--proxy",
            default="",
            metavar="ADDRESS",
            help="The proxy in front, whose X-Forwarded-For is believed.",
        ),
    )

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(command)
        def placed(**given: Any) -> Any:
            names = ("host", "port", "tls_cert", "tls_key", "workers", "proxy")
            place = Place(**{name: given.pop(name) for name in names})
            if (place.tls_cert is None) is not (place.tls_key is None):
                raise OperatorError("--tls-cert and --tls-key go together")
            return command(place=place, **given)

        for option in reversed(options):
            placed = option(placed)
        return placed

    return decorate

"""Which IP addresses may be connected to: public ones, and none that stands for another one."""

from __future__ import annotations

import socket
from collections.abc import Callable, Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from queue import Empty, SimpleQueue
from threading import Thread

from testamur.errors import EvidenceUnusable

Resolve = Callable[[str, int], Sequence[str]]
"""``resolve(host, port)``: the IP addresses of a host; raises OSError."""

_NEVER: tuple[IPv4Network | IPv6Network, ...] = tuple(
    ip_network(text)
    for text in (
        "168.63.129.16/32",  # Azure's metadata address is a public one
        "192.0.0.0/24",  # protocol assignments, Oracle's metadata among them
        "192.88.99.0/24",  # 6to4 relays
        "::/96",  # IPv4-compatible
        "::ffff:0:0/96",  # IPv4-mapped
        "64:ff9b::/96",  # NAT64
        "64:ff9b:1::/48",  # local NAT64
        "2001::/23",  # Teredo, ORCHID and other assignments
        "2002::/16",  # 6to4
        "3fff::/20",  # documentation
        "5f00::/16",  # segment routing
        "fec0::/10",  # site-local
    )
)


def system_resolve(host: str, port: int) -> list[str]:
    """The addresses of a host by the system's resolver, each once."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[4][0]) for address in found))


def is_public(text: str) -> bool:
    """Whether an IP address is a global unicast one that does not carry another address inside."""
    try:
        address = ip_address(text)
    except ValueError:  # a zone ("fe80::1%eth0") is none either
        return False
    if not address.is_global or address.is_multicast or address.is_reserved:
        return False
    return not any(address in network for network in _NEVER if network.version == address.version)


def check_public(host: str, addresses: Sequence[str]) -> None:
    """Raise EvidenceUnusable if even one address of the host is not public."""
    if not all(map(is_public, addresses)):
        raise EvidenceUnusable(f"{host} is not a public address, so nothing was looked up there")


def resolve_within(resolve: Resolve, host: str, port: int, seconds: float) -> list[str]:
    """The addresses of a host; raises EvidenceUnusable when there is none, or none in time.

    The system's resolver knows no time limit, so it runs in a thread that may be left behind.
    """
    answers: SimpleQueue[list[str]] = SimpleQueue()

    def ask() -> None:
        try:
            answers.put(list(resolve(host, port)))
        except (OSError, UnicodeError):
            answers.put([])

    Thread(target=ask, daemon=True, name="testamur-resolve").start()
    try:
        addresses = answers.get(timeout=max(seconds, 0.001))
    except Empty:
        raise EvidenceUnusable(f"the address of {host} was not found in time") from None
    if not addresses:
        raise EvidenceUnusable(f"{host} was not found")
    return addresses

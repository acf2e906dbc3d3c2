"""Running an app until it is stopped, in one process or several that share its port."""

from __future__ import annotations

import signal
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import parent_process
from typing import Any, NoReturn

from testamur.errors import OperatorError
from testamur.pool import end_with_parent
from testamur.serving.place import Place
from testamur.serving.quiet import be_quiet

MakeApp = Callable[[], Any]
"""Makes the ASGI app, once in each process; it is sent there, so it can be pickled."""

_KEEP_ALIVE = 15
_GRACE = 10
_PATIENCE = 60  # with a process that begins on a machine that is busy
_CONNECTIONS = 512  # at once, of one process; more are told 503
_HEAD = 32_768


@dataclass(frozen=True, slots=True)
class _Made:
    make: MakeApp

    def __call__(self) -> Any:
        be_quiet()
        if parent_process() is not None:
            end_with_parent()
        return self.make()


def run(make: MakeApp, place: Place, announce: Callable[[str], None]) -> None:
    """Answer requests until stopped; ``announce`` is told the address once the port is held.

    Nothing is logged: neither names nor addresses of people. Raises OperatorError where the port or the
    certificate cannot be used.
    """
    import uvicorn
    from uvicorn.supervisors import Multiprocess

    config = uvicorn.Config(
        _Made(make),
        factory=True,
        workers=place.workers,
        ssl_certfile=place.tls_cert,
        ssl_keyfile=place.tls_key,
        proxy_headers=bool(place.proxy),
        forwarded_allow_ips=place.proxy or None,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=_KEEP_ALIVE,
        timeout_graceful_shutdown=_GRACE,
        timeout_worker_healthcheck=_PATIENCE,
        limit_concurrency=_CONNECTIONS,
        h11_max_incomplete_event_size=_HEAD,
        http="h11",
        ws="none",
        lifespan="off",
    )
    _check_certificate(place)
    signal.signal(signal.SIGTERM, _leave)
    with _listening(place) as held:
        announce(place.url(held.getsockname()[1]))
        if place.workers == 1:
            uvicorn.Server(config).run(sockets=[held])
        else:
            Multiprocess(config, sockets=[held]).run()


def _leave(*_: object) -> NoReturn:
    """End as after a command, so that what lies in temporary folders goes with it; the server has let go by then."""
    raise SystemExit(128 + signal.SIGTERM)


def _listening(place: Place) -> socket.socket:
    try:
        family = socket.getaddrinfo(place.host, place.port, type=socket.SOCK_STREAM)[0][0]
        # asyncio sends small answers at once (TCP_NODELAY) only where a socket names its protocol
        held = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        try:
            held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            held.bind((place.host, place.port))
            held.listen(1024)
            held.set_inheritable(True)
        except OSError:
            held.close()
            raise
    except OSError as error:
        raise OperatorError(
            f"{place.host} port {place.port} cannot be listened at: {error.strerror or error}",
            hint="another program may hold it; choose another with --port",
        ) from None
    return held


def _check_certificate(place: Place) -> None:
    if place.tls_cert is None:
        return
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(place.tls_cert, place.tls_key)
    except (OSError, ssl.SSLError) as error:
        raise OperatorError(f"{place.tls_cert} and its key cannot be used: {error}") from None

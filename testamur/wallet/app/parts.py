"""The parts of the wallet app; a part is a function that makes its routes."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter

from testamur.wallet.app.hall import Hall
from testamur.wallet.app.history_pages import history_routes
from testamur.wallet.app.keeping_pages import keeping_routes
from testamur.wallet.app.offer_pages import offer_routes
from testamur.wallet.app.public_pages import public_routes
from testamur.wallet.app.receive_pages import receive_routes
from testamur.wallet.app.record_pages import record_routes
from testamur.wallet.app.restore_pages import restore_routes
from testamur.wallet.app.share_pages import share_routes
from testamur.wallet.app.start_pages import start_routes

Part = Callable[[Hall], APIRouter]
PARTS: tuple[Part, ...] = (
    start_routes,
    share_routes,
    record_routes,
    receive_routes,
    offer_routes,
    history_routes,
    public_routes,
    keeping_routes,
    restore_routes,
)

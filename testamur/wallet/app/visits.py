"""A visit: somebody whose wallet is unlocked. Every page behind the lock asks here first."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Request, Response
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse

from testamur.encoding import encode_base64url
from testamur.errors import OperatorError
from testamur.leaves import Arrived, Form, tongue_of
from testamur.store.wallets import IDLE, Keeper, keepers, sessions
from testamur.vault import Contents, HeldRecord, SealedVault, Vault
from testamur.wallet.app.hall import Hall
from testamur.wallet.app.unlocking import vault_of
from testamur.words import Tongue

PLAIN_COOKIE, SAFE_COOKIE = "testamur-wallet", "__Host-testamur-wallet"
NOT_THERE = "There is nothing at this address"
_TRIES = 6
Found = TypeVar("Found")


class ToUnlock(Exception):
    """The wallet is locked."""


@dataclass(slots=True)
class Visit:
    """A request of somebody whose wallet is open; what is changed is in the database before it is told."""

    request: Request
    hall: Hall
    keeper: Keeper
    vault: Vault
    token: str = field(repr=False)
    form: Form
    at: datetime

    @property
    def contents(self) -> Contents:
        """What the wallet holds."""
        return self.vault.contents

    @property
    def csrf(self) -> str:
        """What every form of this session brings back."""
        return encode_base64url(hmac.new(self.token.encode(), b"form", sha256).digest())

    @property
    def language(self) -> str:
        """The language that was chosen, "" for that of the browser."""
        chosen = self.contents.settings.get("language", "")
        return chosen if isinstance(chosen, str) else ""

    @property
    def tongue(self) -> Tongue:
        """The language of this person."""
        return tongue_of(self.request, self.language)

    @property
    def idle_seconds(self) -> int:
        """After how long the page itself goes away: a little after the session has."""
        return int(IDLE.total_seconds()) + 20

    def record(self, record_id: str) -> HeldRecord:
        """The record of an address; raises HTTPException."""
        found = self.contents.record(record_id)
        if found is None:
            raise HTTPException(404, NOT_THERE)
        return found

    def page(self, template: str, status: int = 200, **values: Any) -> Response:
        """A page for this person."""
        given: dict[str, Any] = {"visit": self, "language": self.language} | values
        return self.hall.leaves.page(self.request, template, status, **given)

    def change(self, act: Callable[[Contents], tuple[Contents, Found]]) -> Found:
        """What ``act`` gives beside the changed content, once that is kept.

        Where another request has written meanwhile, ``act`` is done again on what is there then.
        """
        for _ in range(_TRIES):
            contents, found = act(self.contents)
            if self.write(self.vault.holding(contents)):
                return found
            self._read_again()
        raise OperatorError("the wallet is being changed elsewhere", hint="try again in a moment")

    def write(self, vault: Vault) -> bool:
        """Keep a vault in the place of the one that was read; False where somebody else has written."""
        sealed = vault.seal()
        with self.hall.wallets.writing() as connection:
            keeper = keepers.write(connection, self.keeper, sealed, self.hall.now())
        if keeper is None:
            return False
        self.keeper, self.vault = keeper, SealedVault.parse(sealed).open(vault.key)
        return True

    def _read_again(self) -> None:
        with self.hall.wallets.reading() as connection:
            keeper = keepers.find(connection, number=self.keeper.id)
        if keeper is None:
            raise ToUnlock
        self.keeper, self.vault = keeper, SealedVault.parse(keeper.vault).open(self.vault.key)


def hall_of(request: Request) -> Hall:
    """The hall that answers."""
    hall: Hall = request.app.state.hall
    return hall


def set_cookie(hall: Hall, response: Response, token: str) -> None:
    """Give the browser a session that ends with it; "" takes it away."""
    name = SAFE_COOKIE if hall.is_https else PLAIN_COOKIE
    age = None if token else 0
    response.set_cookie(
        name, token, max_age=age, path="/", secure=hall.is_https, httponly=True, samesite="lax"
    )


def cookie_of(request: Request) -> str:
    """The session's token as the browser has it."""
    name = SAFE_COOKIE if hall_of(request).is_https else PLAIN_COOKIE
    return request.cookies.get(name, "")[:200]


def arrive(request: Request, form: Form) -> Visit | None:
    """The visit of whoever has a session; forms without its mark are refused."""
    hall, token = hall_of(request), cookie_of(request)
    if not token:
        return None
    at = hall.now()
    with hall.wallets.reading() as connection:
        session = sessions.find(connection, token, at)
        keeper = keepers.find(connection, number=session.keeper) if session else None
    vault = vault_of(keeper, session, token) if keeper and session else None
    if session is None or keeper is None or vault is None:
        return None
    if sessions.is_due(session, at):
        with hall.wallets.writing() as connection:
            sessions.note(connection, token, at)
    visit = Visit(request, hall, keeper, vault, token, form, at)
    if request.method not in ("GET", "HEAD") and not hmac.compare_digest(form.raw("csrf"), visit.csrf):
        raise HTTPException(403, "This form is too old; open the page again")
    return visit


def unlocked(request: Request, form: Arrived) -> Visit:
    """Somebody whose wallet is open; raises ToUnlock."""
    visit = arrive(request, form)
    if visit is None:
        raise ToUnlock
    return visit


Open = Annotated[Visit, Depends(unlocked)]


def go(path: str) -> Response:
    """Go on to another page with GET."""
    return RedirectResponse(path, 303)

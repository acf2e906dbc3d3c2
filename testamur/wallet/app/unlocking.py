"""Unlocking: a passphrase opens the vault, and a session goes on holding its key sealed under what the browser has."""

from __future__ import annotations

from hashlib import blake2b
from secrets import token_urlsafe

from testamur.errors import Malformed, OperatorError
from testamur.keys.box import Box
from testamur.store.wallets import Keeper, Session, keepers, sessions
from testamur.vault import SealedVault, Vault
from testamur.wallet.app.hall import Hall
from testamur.wallet.records import noted
from testamur.words import say

MIN_PASSPHRASE = 10
_PLACE = "a session's key"


class TooOften(Exception):
    """There were too many wrong passphrases for this name; the pause is not over."""


def make_wallet(hall: Hall, name: str, passphrase: str) -> str:
    """The token of a session in a new wallet; raises Malformed with what is wrong with name or passphrase."""
    check_name(name)
    check_passphrase(passphrase, name)
    at = hall.now()
    with hall.opening():
        vault = Vault.make([hall.passphrase(passphrase)], at=at)
    return keep_restored(hall, name, vault.holding(noted(vault.contents, "made", at=at)))


def check_name(name: str) -> None:
    """Raise Malformed with what is wrong with a name."""
    if not name.strip():
        raise Malformed("", say("Choose a name that you will remember."))


def check_passphrase(passphrase: str, name: str = "") -> None:
    """Raise Malformed with what is wrong with a passphrase."""
    if len(passphrase) < MIN_PASSPHRASE:
        raise Malformed("", say("The passphrase needs at least {count} characters.", count=MIN_PASSPHRASE))
    if name and passphrase.strip().casefold() == name.strip().casefold():
        raise Malformed("", say("The passphrase may not be the name."))


def keep_restored(hall: Hall, name: str, vault: Vault) -> str:
    """The token of a session in a vault that is kept under this name from now on; raises Malformed."""
    sealed, digest = vault.seal(), hall.name_digest(name)
    with hall.wallets.writing() as connection:
        number = keepers.add(connection, digest, sealed, hall.now())
    if number is None:
        raise Malformed("", say("This name is taken; choose another."))
    return begin(hall, number, vault.key)


def unlock(hall: Hall, name: str, passphrase: str) -> str | None:
    """The token of a new session, None where name and passphrase do not go together; raises TooOften."""
    at, digest = hall.now(), hall.name_digest(name)
    with hall.opening():
        with hall.wallets.writing() as connection:
            if not keepers.try_once(connection, digest, at):
                raise TooOften
            keeper = keepers.find(connection, name=digest)
        key = _key_of(hall, keeper, passphrase)
    if keeper is None or key is None:
        return None
    with hall.wallets.writing() as connection:
        keepers.was_right(connection, digest)
    return begin(hall, keeper.id, key)


def _key_of(hall: Hall, keeper: Keeper | None, passphrase: str) -> bytes | None:
    """The vault's key; for a name that nobody has it takes as long to say no."""
    given = hall.passphrase(passphrase)
    if keeper is None:
        given.key(given.parameters())
        return None
    try:
        return SealedVault.parse(keeper.vault).unlock(given).key
    except OperatorError:
        return None


def is_passphrase(hall: Hall, keeper: Keeper, passphrase: str) -> bool:
    """Whether this opens the wallet: asked again before what cannot be undone."""
    with hall.opening():
        return _key_of(hall, keeper, passphrase) is not None


def begin(hall: Hall, number: int, key: bytes) -> str:
    """A new session; its token is told once."""
    token = token_urlsafe(32)
    sealed = _box(token).seal(key, _PLACE)
    with hall.wallets.writing() as connection:
        sessions.begin(connection, token, number, sealed, hall.now())
    return token


def vault_of(keeper: Keeper, session: Session, token: str) -> Vault | None:
    """The vault open; None where it has another key since."""
    try:
        return SealedVault.parse(keeper.vault).open(_box(token).open(session.key, _PLACE))
    except (Malformed, OperatorError):
        return None


def _box(token: str) -> Box:
    """What the browser has opens; the database alone does not."""
    return Box(blake2b(token.encode(), digest_size=32, person=b"wallet session").digest())

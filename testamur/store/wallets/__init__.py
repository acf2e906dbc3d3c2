"""The database of the wallet app: sealed vaults, sessions and links; nothing in it can be read without its owner."""

from testamur.store.wallets import keepers, links, sessions
from testamur.store.wallets.keepers import Keeper
from testamur.store.wallets.links import Link
from testamur.store.wallets.sessions import IDLE, Session
from testamur.store.wallets.wallets import Wallets

__all__ = ["IDLE", "Keeper", "Link", "Session", "Wallets", "keepers", "links", "sessions"]

"""The first day of a school: its home, its name as a DID, its first keys."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from testamur.errors import OperatorError
from testamur.home import SETTINGS, Home, checked_url
from testamur.keys import PrivateKey, write_key_file
from testamur.store import KeyEntry, Ledger


def found(
    folder: Path,
    *,
    name: str,
    url: str,
    method: str,
    store: str,
    paper_host: str | None,
    passphrase: str,
    at: datetime,
) -> Home:
    """A new home with its keys registered; raises OperatorError where one is already."""
    if (folder / SETTINGS).exists():
        raise OperatorError(f"{folder} is a home already", hint="choose another folder with --home DIR")
    if not name.strip():
        raise OperatorError("the school's name is empty")
    address = checked_url(url)
    key = PrivateKey.generate("Ed25519")
    did = f"did:key:{key.public_key.multikey}" if method == "key" else _did_web(address)
    home = Home(folder, name.strip(), address, did, store, paper_host or urlsplit(address).netloc)
    for part in (folder, home.keys_folder, home.templates_folder):
        part.mkdir(mode=0o700, parents=True, exist_ok=True)
    with home.ledger() as ledger:
        main = key.public_key.multikey if method == "key" else "key-1"
        add_key(home, ledger, main, key, passphrase, use="assertion", at=at)
        if method == "web":
            add_key(home, ledger, "status-1", PrivateKey.generate("Ed25519"), passphrase, use="status", at=at)
    home.save()
    return home


def add_key(
    home: Home, ledger: Ledger, fragment: str, key: PrivateKey, passphrase: str, *, use: str, at: datetime
) -> KeyEntry:
    """Write the key's file, then register it; raises OperatorError where the file is there already."""
    path = home.keys_folder / f"{fragment}.key"
    write_key_file(path, key, passphrase, verification_method=f"{home.did}#{fragment}")
    entry = KeyEntry(
        id=fragment,
        multikey=key.public_key.multikey,
        algorithm=key.algorithm,
        created=at,
        use=use,
        uri=f"file:keys/{path.name}",
    )
    ledger.add_key(home.did, entry)
    return entry


def _did_web(url: str) -> str:
    from testamur.did import did_web_from_url

    return did_web_from_url(url)

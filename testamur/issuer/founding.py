"""The first day of a school: its home, its name as a DID, its first keys."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from testamur.crashpoints import reached
from testamur.errors import OperatorError
from testamur.home import SETTINGS, Home, checked_url
from testamur.keys import PrivateKey, read_key_file, write_key_file
from testamur.store import KeyEntry, Ledger

_USES = ("assertion", "status")


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
    """A new home with its keys registered; one that was cut short before its settings is finished.

    Key files that are there are used, never replaced. Raises OperatorError where a home is already.
    """
    address = check_founding(folder, name, url)
    names = _key_files(folder) if method == "key" else ["key-1", "status-1"]
    keys = [_key(folder, fragment, passphrase) for fragment in names or [""]]
    names = names or [keys[0].public_key.multikey]
    for part in (folder, folder / "keys", folder / "templates"):
        part.mkdir(mode=0o700, parents=True, exist_ok=True)
    did = _NAMED[method](folder, address, dict(zip(names, keys, strict=True)), passphrase, at)
    home = Home(folder, name.strip(), address, did, store, paper_host or urlsplit(address).netloc)
    with home.ledger() as ledger:
        known = {entry.id: entry.multikey for entry in ledger.keys(did)}
        for key, fragment, use in zip(keys, names, _USES, strict=False):
            if fragment not in known:
                add_key(home, ledger, fragment, key, passphrase, use=use, at=at)
            elif known[fragment] != key.public_key.multikey:
                raise OperatorError(
                    f"the ledger has other keys for {did} already", hint="restore its home from a backup"
                )
    home.save()
    return home


def check_founding(folder: Path, name: str, url: str) -> str:
    """The address, checked like the rest before anybody is asked for a passphrase."""
    if (folder / SETTINGS).exists():
        raise OperatorError(f"{folder} is a home already", hint="choose another folder with --home DIR")
    if not name.strip():
        raise OperatorError("the school's name is empty")
    return checked_url(url)


def _path(folder: Path, fragment: str) -> Path:
    return folder / "keys" / f"{fragment}.key"


def _key_files(folder: Path) -> list[str]:
    """The key of a did:key home that was cut short: the file is named after it."""
    return sorted(path.stem for path in (folder / "keys").glob("z*.key"))[:1]


def _key(folder: Path, fragment: str, passphrase: str) -> PrivateKey:
    """The key in the file that an earlier run left, else a fresh one."""
    path = _path(folder, fragment)
    if not fragment or not path.exists():
        return PrivateKey.generate("Ed25519")
    return read_key_file(path).unlock(passphrase).private_key


def add_key(
    home: Home, ledger: Ledger, fragment: str, key: PrivateKey, passphrase: str, *, use: str, at: datetime
) -> KeyEntry:
    """Write the key's file, then register it; raises OperatorError where another key has that name."""
    path = _path(home.folder, fragment)
    method = f"{home.did}#{fragment}"
    if not path.exists():
        write_key_file(path, key, passphrase, verification_method=method)
    elif (kept := read_key_file(path)).public_key != key.public_key or kept.verification_method != method:
        raise OperatorError(f"{path} holds {kept.verification_method}", hint="it is not overwritten")
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


Keys = Mapping[str, PrivateKey]


def _did_key(folder: Path, url: str, keys: Keys, passphrase: str, at: datetime) -> str:
    return f"did:key:{next(iter(keys))}"


def _did_web(folder: Path, url: str, keys: Keys, passphrase: str, at: datetime) -> str:
    from testamur.did import did_web_from_url

    return did_web_from_url(url)


def _did_webvh(folder: Path, url: str, keys: Keys, passphrase: str, at: datetime) -> str:
    """Its name is the hash of its keys, so they are kept before it has one and named afterwards."""
    from testamur.did import did_web_from_url, unnamed
    from testamur.issuer.history import begin_history

    before = unnamed(did_web_from_url(url))
    for fragment, key in keys.items():
        if not _path(folder, fragment).exists():
            _keep(folder, fragment, key, passphrase, before)
    reached("keys_kept")
    did = begin_history(
        folder, url, {fragment: key.public_key for fragment, key in keys.items()}, passphrase, at=at
    )
    reached("log_begun")
    for fragment, key in keys.items():
        if read_key_file(_path(folder, fragment)).verification_method == f"{before}#{fragment}":
            _keep(folder, fragment, key, passphrase, did)
    return did


def _keep(folder: Path, fragment: str, key: PrivateKey, passphrase: str, did: str) -> None:
    path = _path(folder, fragment)
    write_key_file(path, key, passphrase, verification_method=f"{did}#{fragment}", replace=True)


_NAMED: Mapping[str, Callable[[Path, str, Keys, str, datetime], str]] = {
    "key": _did_key,
    "web": _did_web,
    "webvh": _did_webvh,
}
"""How a school gets its name, by what follows ``did:``."""

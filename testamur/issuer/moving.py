"""Moving a school that is named by a did:webvh to another address, its history and its ledger with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from testamur.crashpoints import reached
from testamur.did import did_web_from_url
from testamur.errors import OperatorError
from testamur.home import Home, checked_url
from testamur.issuer.history import Ask, alone, append, history_of
from testamur.keys import read_key_file, write_key_file
from testamur.store import KeyEntry, Ledger


def move(home: Home, ledger: Ledger, url: str, ask: Ask) -> Home:
    """Return the home under its new name and address; a run that was cut short is finished by the same command.

    The history comes first and the settings last. Raises OperatorError where it may not move, or where a
    key that is no file would keep its old name.
    """
    moved = _moved(home, checked_url(url))
    entries = ledger.keys(home.did)
    if others := [
        entry.id for entry in entries if entry.state == "active" and not entry.uri.startswith("file:")
    ]:
        raise OperatorError(
            f"{others[0]} is in a module that names it itself",
            hint="retire it first; make a new one after the move",
        )
    with alone(home):
        history = history_of(home)
        if history.newest.entry.did != moved.did:
            document = moved.site.document(entries)
            known = [*document["alsoKnownAs"], home.did, *history.newest.entry.state.get("alsoKnownAs", [])]
            append(home, history, document | {"alsoKnownAs": list(dict.fromkeys(known))}, ask)
        reached("moved_in_history")
        for entry in entries:
            _rename_key(home, entry, moved.did, ask)
        ledger.rename(home.did, moved.did, at=datetime.now(UTC))
        reached("moved_in_ledger")
        moved.save()
    return moved


def _moved(home: Home, url: str) -> Home:
    parameters = history_of(home).newest.parameters
    did = did_web_from_url(url).replace("did:web:", f"did:webvh:{parameters.scid}:", 1)
    if did == home.did or parameters.deactivated or not parameters.portable:
        raise OperatorError(
            f"{home.did} does not move to {url}",
            hint="only to another address, while it is not given up, and if its first entry allows it",
        )
    host = urlsplit(url).netloc if home.paper_host == urlsplit(home.url).netloc else home.paper_host
    return replace(home, url=url, did=did, paper_host=host, formerly=(*home.formerly, (home.did, home.url)))


def _rename_key(home: Home, entry: KeyEntry, did: str, ask: Ask) -> None:
    """Write the name of a key into its file; the keys that are gone or are elsewhere stay as they are."""
    path = home.folder / Path(entry.uri.removeprefix("file:"))
    name = f"{did}#{entry.id}"
    if not entry.uri.startswith("file:") or not path.exists():
        return
    key_file = read_key_file(path)
    if key_file.verification_method != name:
        passphrase = ask(f"Passphrase for {entry.uri}")
        private = key_file.unlock(passphrase).private_key
        write_key_file(path, private, passphrase, verification_method=name, replace=True)

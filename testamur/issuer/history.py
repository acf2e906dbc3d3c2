"""The log of a school that is named by a did:webvh: begun at its founding, continued when its keys change.

What the log has to say follows from the ledger, so that a run that was cut short is finished by the next.
"""

from __future__ import annotations

import fcntl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from testamur.crashpoints import reached
from testamur.did import (
    MAX_LOG,
    History,
    begin_log,
    continue_log,
    did_web_from_url,
    may_sign,
    read_log,
    unnamed,
    web_document,
)
from testamur.errors import OperatorError, TestamurError
from testamur.files import read_bounded, write_whole
from testamur.home import LOG, Home
from testamur.issuer.seconds import in_a_later_second
from testamur.jsontext import Json, parse_object
from testamur.keys import (
    KeyFile,
    LocalSigner,
    PrivateKey,
    PublicKey,
    VerificationMethod,
    read_key_file,
    write_key_file,
)
from testamur.publishing import DIGESTS_URL, TRUST_URL, open_history
from testamur.store import Ledger

Ask = Callable[[str], str]
_LOCK = ".did.lock"


def begin_history(
    folder: Path, url: str, keys: Mapping[str, PublicKey], passphrase: str, *, at: datetime
) -> str:
    """Return the did:webvh of a home, whose log is begun where an earlier run has not done so.

    ``url`` is the address of the public folder; the first two update keys are written beside the others.
    """
    log = folder / LOG
    if log.exists():
        return str(parse_object(read_bounded(log, MAX_LOG).splitlines()[0])["state"]["id"])
    first, second = (_update_key(folder / "keys", number, passphrase) for number in (1, 2))
    web = did_web_from_url(url)
    name = unnamed(web)
    methods = [
        VerificationMethod(
            f"{name}#{fragment}", name, key, use="status" if fragment.startswith("status") else ""
        )
        for fragment, key in keys.items()
    ]
    state = web_document(name, methods, digests=f"{url}/{DIGESTS_URL}", trust=f"{url}/{TRUST_URL}")
    state["alsoKnownAs"] = [web]
    line = begin_log(state, first.unlock(passphrase), following=second.public_key, at=at)
    write_whole(log, line.encode("utf-8"))
    return str(parse_object(line)["state"]["id"])


def history_of(home: Home) -> History:
    """Return the history of a home, checked; raises OperatorError."""
    return open_history(home.site.log, home.did, at=datetime.now(UTC))


def read_foreign(file: Path) -> History:
    """Return the history in a log file, whoever's it is; raises OperatorError where it is broken."""
    log = read_bounded(file, MAX_LOG)
    try:
        did = str(parse_object(log.splitlines()[-1])["state"]["id"])
        return read_log(log, did, datetime.now(UTC))
    except (IndexError, KeyError, TypeError):
        raise OperatorError(f"{file} is no log of a did:webvh") from None
    except TestamurError as error:
        raise OperatorError(f"{file} does not hold: {error}") from None


def is_behind(home: Home, ledger: Ledger) -> bool:
    """Whether the ledger knows of keys, or of their ends, what the log does not say yet."""
    if not home.site.has_history:
        return False
    history = history_of(home)
    return (
        not history.newest.parameters.deactivated
        and _wanted(home, ledger, history) != history.newest.entry.state
    )


def catch_up(home: Home, ledger: Ledger, ask: Ask) -> int:
    """Add an entry for what the ledger knows and the log does not; returns its number, 0 where there was nothing.

    Raises OperatorError where the key that may sign it is not there.
    """
    with alone(home):
        if not is_behind(home, ledger):
            return 0
        history = history_of(home)
        return append(home, history, _wanted(home, ledger, history), ask)


def amend(home: Home, ledger: Ledger, ask: Ask, parameters: Json) -> int:
    """Add an entry that changes parameters of the log, and says what the ledger knows; returns its number."""
    with alone(home):
        history = history_of(home)
        return append(home, history, _wanted(home, ledger, history), ask, parameters)


def _wanted(home: Home, ledger: Ledger, history: History) -> Json:
    """The document as the ledger has it, under all the names it had."""
    document = home.site.document(ledger.keys(home.did))
    before = history.newest.entry.state.get("alsoKnownAs", [])
    return document | {"alsoKnownAs": list(dict.fromkeys([*document["alsoKnownAs"], *before]))}


def append(home: Home, history: History, state: Json, ask: Ask, parameters: Json | None = None) -> int:
    """Add an entry with this document; returns its number.

    It is dated in a later second than all that was signed before it, which so stays in the version before.
    """
    number = history.newest.entry.number + 1
    key_file = _next_signer(home, history)
    passphrase = ask(f"Passphrase for file:keys/{key_file.path.name}")
    signer: LocalSigner = key_file.unlock(passphrase)
    following = None
    if history.newest.parameters.next_key_hashes:
        following = _update_key(home.keys_folder, number + 1, passphrase).public_key
    reached("update_key_kept")
    log = continue_log(
        home.site.log,
        history,
        state,
        signer,
        following=following,
        parameters=parameters,
        at=in_a_later_second(max(history.newest.entry.time, datetime.now(UTC))),
    )
    write_whole(home.log_file, log)
    reached("log_continued")
    return number


def _next_signer(home: Home, history: History) -> KeyFile:
    """The file of the key that may sign the next entry."""
    for path in sorted(home.keys_folder.glob("update-*.key")):
        key_file = read_key_file(path)
        if may_sign(history, key_file.public_key):
            return key_file
    number = history.newest.entry.number + 1
    raise OperatorError(
        "the key that may continue the history is not in keys/",
        hint=f"put update-{number}.key back from where it is kept, and run the command again",
    )


def _update_key(folder: Path, number: int, passphrase: str) -> KeyFile:
    """The update key of an entry: the one an earlier run has kept, else a fresh one."""
    path = folder / f"update-{number}.key"
    if not path.exists():
        key = PrivateKey.generate("Ed25519")
        multikey = key.public_key.multikey
        write_key_file(path, key, passphrase, verification_method=f"did:key:{multikey}#{multikey}")
    return read_key_file(path)


@contextmanager
def alone(home: Home) -> Iterator[None]:
    """Hold the log of a home: one process at a time continues it."""
    with (home.folder / _LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield

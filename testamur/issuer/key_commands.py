"""``testamur key``: the keys of the school and the days they are good for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from testamur.console import home_option, passphrase_option, read_passphrase, talk
from testamur.errors import OperatorError

if TYPE_CHECKING:
    from testamur.home import Home
    from testamur.store import KeyEntry, Ledger

_ALGORITHMS = click.Choice(["Ed25519", "P-256", "P-384", "ML-DSA-44", "BLS12-381"])
_FORMS_ONLY = ("ML-DSA-44", "BLS12-381")  # no diploma is signed with one of these alone
_USES = {"diplomas": "assertion", "forms": "forms", "status": "status"}
_for = click.option(
    "--for",
    "use",
    type=click.Choice(list(_USES)),
    help="What it signs: diplomas; further proofs and forms of them; status lists "
    "[diplomas; for ML-DSA-44 and BLS12-381 forms].",
)
_PUBLISH = "next: testamur publish FOLDER, so that others learn of it"


@click.group()
def key() -> None:
    """List, make, rotate and retire the school's keys."""


@key.command("list")
@home_option
def list_keys(home: str | None) -> None:
    """List every key with its use, its state and its window."""
    from testamur.home import Home

    school = Home.find(home)
    with school.ledger() as ledger:
        for entry in ledger.keys(school.did):
            click.echo(_line(entry))


def _line(entry: KeyEntry) -> str:
    from testamur.keys import PublicKey

    until = entry.revoked or entry.expires
    window = f"{entry.created:%Y-%m-%d} –{f' {until:%Y-%m-%d}' if until else ''}"
    name = entry.id if len(entry.id) <= 12 else "the key"  # a did:key is its own name
    use = "diplomas" if entry.use == "assertion" else entry.use
    return f"{name:<12} {entry.algorithm:<9} {use:<9} {entry.state:<12} {window:<24} {PublicKey.from_multikey(entry.multikey).label}"


@key.command()
@_for
@click.option("--algorithm", type=_ALGORITHMS, default="Ed25519", show_default=True)
@click.option("--uri", help="A key that exists already: file:PATH or pkcs11:token=…;object=…")
@home_option
@passphrase_option
def new(
    use: str | None, algorithm: str, uri: str | None, home: str | None, passphrase_file: Path | None
) -> None:
    """Make one more key and list it in the DID document.

    The newest active key for diplomas signs them. Keys for forms sign what a template or an order asks for
    beside that: a second proof that no quantum computer forges (ML-DSA-44), and forms of which the holder
    shows a part (P-256 for ecdsa-sd-2023, BLS12-381 for bbs-2023).
    """
    from testamur.home import Home

    school = Home.find(home)
    with school.ledger() as ledger:
        entry = _new(school, ledger, use, algorithm, uri, passphrase_file)
        _tell_history(school, ledger, passphrase_file)
    click.echo(f"{school.did}#{entry.id}")
    talk(_PUBLISH)


@key.command()
@_for
@click.option("--algorithm", type=_ALGORITHMS, default="Ed25519", show_default=True)
@home_option
@passphrase_option
def rotate(use: str | None, algorithm: str, home: str | None, passphrase_file: Path | None) -> None:
    """Make a new key and retire the old ones; what they signed in their days stays good.

    Of the keys for forms, those of the same algorithm are retired.
    """
    from testamur.home import Home

    school = Home.find(home)
    with school.ledger() as ledger:
        kept = _use(use, algorithm)
        old = [
            entry
            for entry in ledger.keys(school.did)
            if (entry.state, entry.use) == ("active", kept)
            and (kept != "forms" or entry.algorithm == algorithm)
        ]
        entry = _new(school, ledger, use, algorithm, None, passphrase_file)
        for previous in old:
            ledger.retire_key(school.did, previous.id, at=_end())
        _tell_history(school, ledger, passphrase_file)
    click.echo(f"{school.did}#{entry.id}")
    talk(_PUBLISH)


@key.command()
@click.argument("key_id", metavar="ID")
@home_option
@passphrase_option
def retire(key_id: str, home: str | None, passphrase_file: Path | None) -> None:
    """Close the window of a key today; what it signed before stays good."""
    from testamur.home import Home

    school = Home.find(home)
    with school.ledger() as ledger:
        _only_did_web(school)
        ledger.retire_key(school.did, key_id, at=_end())
        _tell_history(school, ledger, passphrase_file)
        entries = ledger.keys(school.did)
    click.echo(f"{school.did}#{key_id}")
    talk(f"{key_id} is retired")
    _missing(entries)
    talk(_PUBLISH)


@key.command()
@click.argument("key_id", metavar="ID")
@home_option
@passphrase_option
def compromise(key_id: str, home: str | None, passphrase_file: Path | None) -> None:
    """Report that a key is in foreign hands, from now on.

    Whoever has it can back-date, so the day it was lost does not matter: of all that it signed, only what
    is on the published digest list stays genuine.
    """
    from testamur.home import Home

    school = Home.find(home)
    with school.ledger() as ledger:
        _only_did_web(school)
        ledger.compromise_key(school.did, key_id, at=_end())
        _tell_history(school, ledger, passphrase_file)
        entries = ledger.keys(school.did)
    click.echo(f"{school.did}#{key_id}")
    talk(f"{key_id} is reported as compromised")
    _missing(entries)
    talk("next: testamur publish FOLDER at once, so that others learn of it")


@key.command("export-public")
@click.argument("key_id", metavar="[ID]", required=False)
@click.option(
    "--format", "kind", type=click.Choice(["multikey", "jwk"]), default="multikey", show_default=True
)
@home_option
def export_public(key_id: str | None, kind: str, home: str | None) -> None:
    """Print the public half of a key, or of all."""
    from testamur.home import Home
    from testamur.jsontext import write_json
    from testamur.keys import PublicKey

    school = Home.find(home)
    with school.ledger() as ledger:
        entries = [entry for entry in ledger.keys(school.did) if key_id in (None, entry.id)]
    if not entries:
        raise OperatorError(f"there is no key {key_id}", hint="`testamur key list` shows them")
    for entry in entries:
        public = PublicKey.from_multikey(entry.multikey)
        click.echo(public.multikey if kind == "multikey" else write_json(public.jwk | {"kid": entry.id}))


def _use(use: str | None, algorithm: str) -> str:
    """What the ledger calls a use; raises OperatorError for a key that is not for it."""
    kept = _USES[use] if use else "forms" if algorithm in _FORMS_ONLY else "assertion"
    if kept != "forms" and algorithm in _FORMS_ONLY:
        raise OperatorError(
            f"a key of the kind {algorithm} signs nothing alone: it stands beside another one",
            hint="leave out --for, or say --for forms",
        )
    return kept


def _new(
    school: Home,
    ledger: Ledger,
    use: str | None,
    algorithm: str,
    uri: str | None,
    passphrase_file: Path | None,
) -> KeyEntry:
    from testamur.issuer.founding import add_key
    from testamur.keys import PrivateKey
    from testamur.store import KeyEntry

    _only_did_web(school)
    kept = _use(use, algorithm)
    stem = {"status": "status", "forms": "form"}.get(kept, "key")
    taken = {entry.id for entry in ledger.keys(school.did)}
    fragment = next(f"{stem}-{n}" for n in range(1, 10_000) if f"{stem}-{n}" not in taken)
    now = datetime.now(UTC)
    if uri is None:
        made = PrivateKey.generate(algorithm)
        passphrase = read_passphrase(passphrase_file, confirm=True)
        return add_key(school, ledger, fragment, made, passphrase, use=kept, at=now)
    from testamur.console import ask_passphrase
    from testamur.keys import open_signer

    public = open_signer(uri, ask=ask_passphrase(passphrase_file)).public_key
    kept = _use(use, public.algorithm)
    entry = KeyEntry(
        id=fragment,
        multikey=public.multikey,
        algorithm=public.algorithm,
        created=now,
        use=kept,
        uri=uri,
    )
    ledger.add_key(school.did, entry)
    return entry


def _tell_history(school: Home, ledger: Ledger, passphrase_file: Path | None) -> None:
    """Continue the log of a did:webvh; where that cannot be done now, say that it has to be."""
    if not school.did.startswith("did:webvh:"):
        return
    from testamur.console import ask_passphrase
    from testamur.issuer.history import catch_up

    try:
        number = catch_up(school, ledger, ask_passphrase(passphrase_file))
        talk(f"version {number} of the history says so")
    except OperatorError as error:
        talk(f"please look: the history does not say so yet: {error}")
        talk(f"hint: {error.hint or 'testamur did webvh update'}")


def _end() -> datetime:
    """When a key ends now: instants are written in whole seconds, and in this one it may have signed."""
    return datetime.now(UTC) + timedelta(seconds=1)


def _only_did_web(school: Home) -> None:
    if school.did.startswith("did:key:"):
        raise OperatorError(
            "this school is named by a did:key, which is one key for ever",
            hint="a school that wants to change its keys uses --did web at init",
        )


def _missing(entries: list[KeyEntry]) -> None:
    """Say so where no active key is left for diplomas or for lists."""
    active = {entry.use for entry in entries if entry.state == "active"}
    for name, use in _USES.items():
        if use not in active and use != "forms":
            talk(f"please look: no active key for {name} is left")
            talk(f"hint: make one: testamur key new --for {name}")


COMMANDS = {"key": key}

"""``testamur wallet init|receive|list|show|refresh|remove|key``."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from testamur.console import counted, read_passphrase, talk
from testamur.display import one_line, shown_json
from testamur.errors import OperatorError, TestamurError
from testamur.wallet.options import FILE, tools_of, trust_options, wallet_at, wallet_option

if TYPE_CHECKING:
    from testamur.equipment import Equipment
    from testamur.fetch import Posting
    from testamur.vault import HeldRecord
    from testamur.wallet.receiving import Receipt
    from testamur.wallet.wallet_file import OpenWallet


@click.command()
@click.option("--sheet", type=FILE, metavar="FILE", help="Also write a recovery sheet to print (PDF).")
@wallet_option
def init(sheet: Path | None, place: Path | None, passphrase_file: Path | None) -> None:
    """Make a new, empty wallet."""
    from testamur.vault import Passphrase, Vault, VaultFile
    from testamur.wallet.backup_commands import write_sheet
    from testamur.wallet.records import noted
    from testamur.wallet.recovering import with_recovery
    from testamur.wallet.wallet_file import default_place

    target, at = VaultFile(place or default_place()), datetime.now(UTC)
    if target.path.exists():
        raise OperatorError(f"{target.path} exists already", hint="wallets are not overwritten")
    vault = Vault.make([Passphrase(read_passphrase(passphrase_file, confirm=True))], at=at)
    vault = vault.holding(noted(vault.contents, "made", at=at))
    words = with_recovery(vault, at=at) if sheet else None
    target.create(words.vault if words else vault)
    click.echo(str(target.path))
    if words and sheet:
        write_sheet(sheet, words.sheets[0], at)
    talk("keep the passphrase safe: without it, or a recovery sheet, nobody can open the wallet")


@click.command()
@click.argument("sources", nargs=-1, required=True, metavar="SOURCES...")
@click.option("--keep-forged", is_flag=True, help="Keep even what is not genuine, marked so.")
@click.option("--code", "tx_code", default="", help="The code that the school gave you apart from its offer.")
@trust_options
@wallet_option
def receive(
    sources: tuple[str, ...],
    keep_forged: bool,
    tx_code: str,
    trust: tuple[Path, ...],
    mirrors: tuple[Path, ...],
    allow: tuple[str, ...],
    offline: bool,
    place: Path | None,
    passphrase_file: Path | None,
) -> int:
    """Take in records: files, PDFs, pictures, archives, exports of other wallets, schools' offers, addresses, or -.

    Each is verified on the way in, and kept with the answer, also where that is "cannot tell".
    Exit code: 0 if something was kept and nothing refused, 1 otherwise.
    """
    from testamur.fetch import Fetch, NoNetwork

    tools, network = tools_of(trust, mirrors, allow, offline), NoNetwork() if offline else Fetch(allow)
    wallet = wallet_at(place, passphrase_file).open()
    return max(_receive_one(wallet, source, tools, keep_forged, tx_code, network) for source in sources)


def _receive_one(
    wallet: OpenWallet,
    source: str,
    tools: Equipment,
    keep_forged: bool,
    tx_code: str,
    network: Posting,
) -> int:
    from testamur.wallet.claiming import is_offer
    from testamur.wallet.receiving import receive as take

    if is_offer(source):
        return _told(wallet, _claimed(wallet, source, tools, tx_code, network))
    name, data = _read(source, tools)
    at = datetime.now(UTC)
    return _told(wallet, take(wallet.contents, data, name, tools.verifier, at=at, keep_forged=keep_forged))


def _claimed(wallet: OpenWallet, link: str, tools: Equipment, tx_code: str, network: Posting) -> Receipt:
    """What a school's offer gives; the key is kept before the record is asked for."""
    from testamur.wallet.claiming import claim, look_at_offer

    at = datetime.now(UTC)
    found = look_at_offer(wallet.contents, link, network, at=at)
    if found.needs_code and not tx_code:
        raise OperatorError("the school gave you a code apart from this offer", hint="--code CODE")
    wallet.keep(found.contents)
    talk(f"{found.issuer.host} offers a record")
    return claim(found, network, tools.verifier, tx_code=tx_code, at=at)


def _told(wallet: OpenWallet, receipt: Receipt) -> int:
    from testamur.wallet.records import told

    wallet.keep(receipt.contents)
    for record in receipt.taken:
        said = told(record)
        click.echo(f"{_mark(said.headline)}  {one_line(f'{said.award}, {said.issuer}')}")
        if record.replaces:
            talk("it takes the place of a record that its issuer has replaced")
    for record in receipt.known:
        talk(f"{told(record).award} was here already; what was new in it was added")
    for reason in receipt.refused:
        talk(f"not kept: {reason}")
    return 1 if receipt.refused else 0


def _read(source: str, tools: Equipment) -> tuple[str, bytes]:
    """The bytes behind a path, an address or the standard input."""
    import sys

    from testamur.files import read_bounded
    from testamur.scanning import MAX_FILE

    if source == "-":
        return "standard input", sys.stdin.buffer.read(MAX_FILE + 1)
    if source.startswith("https://"):
        return source, tools.fetch.get(source, max_bytes=MAX_FILE).body
    path = Path(source)
    if not path.exists():
        raise OperatorError(f"{source:.200} does not exist")
    return path.name, read_bounded(path, MAX_FILE)


@click.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object for each record, a line each.")
@wallet_option
def list_records(as_json: bool, place: Path | None, passphrase_file: Path | None) -> None:
    """List what the wallet holds, with the newest answer about each."""
    from dataclasses import asdict

    from testamur.jsontext import write_json
    from testamur.wallet.records import told
    from testamur.wallet.refreshing import runs_out

    contents, at = wallet_at(place, passphrase_file).open().contents, datetime.now(UTC)
    for number, record in enumerate(contents.records, 1):
        said = told(record)
        if as_json:
            members = {"id": record.id, "received": record.received, "source": record.source}
            click.echo(shown_json(write_json(members | asdict(said))))
            continue
        parts = [said.award, said.result, said.awarded, said.issuer]
        words = one_line(", ".join(part for part in parts if part))
        click.echo(f"{number:>3}  {_mark(said.headline):<16} {words}")
        if runs_out(record, at):
            talk(f"     ends on {said.valid_until}")
    if not contents.records and not as_json:
        talk("the wallet is empty; testamur wallet receive FILE takes a record in")


@click.command()
@click.argument("record", metavar="RECORD")
@click.option(
    "--json", "as_json", is_flag=True, help="The record as it is kept, without files that came with it."
)
@click.option("--form", metavar="FORMAT", help="Only the text of this form (ldp_vc, vc+jwt, dc+sd-jwt …).")
@wallet_option
def show(
    record: str, as_json: bool, form: str | None, place: Path | None, passphrase_file: Path | None
) -> None:
    """Show one record: what it says, what of it can be left out, and what is known of it.

    RECORD is its number in the list, its id, or words that only it has.
    """
    from testamur.wallet.records import find_record

    held = find_record(wallet_at(place, passphrase_file).open().contents, record)
    if form:
        found = [each.text for each in held.forms if each.format == form]
        if not found:
            raise OperatorError(
                f"it has no form {form!r:.40}", hint=f"it has {', '.join(each.format for each in held.forms)}"
            )
        click.echo(found[0])
    elif as_json:
        click.echo(shown_json(_as_json(held)))
    else:
        _show(held)


def _as_json(held: HeldRecord) -> str:
    from dataclasses import asdict, replace

    from testamur.jsontext import write_json

    return write_json(asdict(replace(held, enclosures=())))


def _show(held: HeldRecord) -> None:
    from testamur.wallet.choosing import choosable, lines_of
    from testamur.wallet.records import documents, told

    said, look = told(held), held.look
    click.echo(f"{_mark(said.headline)}  {one_line(said.award)}")
    for line in lines_of(choosable(held) or documents(held)[0]):
        _row(line.name, line.value, "" if line.must else "  (your choice)")
    _row("issuer", said.issuer)
    _row("forms", ", ".join(form.format for form in held.forms))
    _row("received", f"{held.received[:10]}, {held.source}")
    if look:
        _row("checked", f"{look.at[:10]}: {look.status or look.headline}")
    for kept in held.enclosures:
        _row("file", kept.name)


def _row(name: str, value: str, mark: str = "") -> None:
    click.echo(f"  {one_line(name):<20} {one_line(value)}{mark}")


@click.command()
@trust_options
@wallet_option
def refresh(
    trust: tuple[Path, ...],
    mirrors: tuple[Path, ...],
    allow: tuple[str, ...],
    offline: bool,
    place: Path | None,
    passphrase_file: Path | None,
) -> None:
    """Look up whether every record still stands, and fetch corrected copies where records say where."""
    from testamur.wallet.records import told
    from testamur.wallet.refreshing import refresh as look_again
    from testamur.wallet.refreshing import refresh_address

    tools = tools_of(trust, mirrors, allow, offline)
    wallet, at = wallet_at(place, passphrase_file).open(), datetime.now(UTC)
    contents, changes = look_again(wallet.contents, tools.verifier, at=at)
    wallet.keep(contents)
    for change in changes:
        said = told(change.record)
        click.echo(one_line(f"{said.award}: was {change.before or 'not checked'}, is {change.now}"))
        if change.sentence:
            talk(f"  {change.sentence}")
        if change.now == "replaced" and not offline and refresh_address(change.record):
            _take_up(wallet, change.record, tools)
    talk(f"{counted(len(contents.records), 'record')} looked at, {len(changes)} changed")


def _take_up(wallet: OpenWallet, record: HeldRecord, tools: Equipment) -> None:
    from testamur.wallet.refreshing import fetch_corrected

    try:
        receipt = fetch_corrected(wallet.contents, record, tools.verifier, tools.fetch, at=datetime.now(UTC))
    except TestamurError as error:
        talk(f"  its corrected copy could not be fetched: {error}")
        return
    wallet.keep(receipt.contents)
    talk("  its corrected copy was taken up" if receipt.taken else "  what is there is no corrected copy")


@click.command()
@click.argument("record", metavar="RECORD")
@wallet_option
def remove(record: str, place: Path | None, passphrase_file: Path | None) -> None:
    """Take a record out of the wallet; the history keeps that it was there."""
    from testamur.wallet.records import find_record, removed, told

    wallet = wallet_at(place, passphrase_file).open()
    held = find_record(wallet.contents, record)
    wallet.keep(removed(wallet.contents, held.id, at=datetime.now(UTC)))
    talk(f"{told(held).award} was taken out")


@click.command()
@click.argument("relation", metavar="WHOM")
@click.option(
    "--as", "method", type=click.Choice(("did:key", "did:jwk", "jwk")), default="jwk", help="How it is named."
)
@click.option(
    "--algorithm", type=click.Choice(("P-256", "Ed25519")), default="P-256", help="What kind of key."
)
@wallet_option
def key(relation: str, method: str, algorithm: str, place: Path | None, passphrase_file: Path | None) -> None:
    """Make a new key for one school or site, and print its public half.

    WHOM is who gets it ("https://school.example"): each gets another key, so that two of them cannot tell
    that it is one person. The private half never leaves the wallet.
    """
    from testamur.jsontext import write_json
    from testamur.wallet.holder_keys import new_key, private_key

    wallet = wallet_at(place, passphrase_file).open()
    contents, made = new_key(
        wallet.contents, relation, at=datetime.now(UTC), method=method, algorithm=algorithm
    )
    wallet.keep(contents)
    click.echo(made.name or write_json(private_key(made).public_key.jwk))


def _mark(headline: str) -> str:
    return headline.replace("_", " ").upper() or "NOT CHECKED"


COMMANDS: dict[str, click.Command] = {
    "init": init,
    "receive": receive,
    "list": list_records,
    "show": show,
    "refresh": refresh,
    "remove": remove,
    "key": key,
}

"""``testamur mail`` and ``testamur print``: letters to learners, and what goes to a printer."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from testamur.console import ask_passphrase, counted, home_option, passphrase_option, talk
from testamur.display import shown
from testamur.errors import OperatorError

if TYPE_CHECKING:
    from testamur.home import Home
    from testamur.issuer.mailing import Addressed
    from testamur.store import Ledger, Record

_MAX_ROWS = 100_000
_NUMBER = click.argument("number", type=click.IntRange(1))


@click.group()
def mail() -> None:
    """Write to learners by e-mail, and see what became of each letter."""


@mail.command("settings")
def show_settings() -> None:
    """Write an example of mail.toml, the settings of the mail server, to stdout."""
    from testamur.issuer.mailing.settings import EXAMPLE

    click.echo(EXAMPLE, nl=False)


@mail.command()
@click.argument("addresses", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--letter", "kind", type=click.Choice(["claim", "corrected", "diploma"]), required=True,
              help="claim: with the link; corrected: a corrected copy; diploma: the PDF itself, in clear.")  # fmt: skip
@home_option
@passphrase_option
def queue(addresses: Path, kind: str, home: str | None, passphrase_file: Path | None) -> None:
    """Queue a letter for each row of ADDRESSES, a CSV with the columns id and email.

    id is a record's id or number; the columns link, until and language may stand beside it.
    """
    from testamur.home import Home
    from testamur.issuer.drafts import box_of
    from testamur.issuer.mailing import MailSettings, queue_letters

    school = Home.find(home)
    settings = MailSettings.load(school.folder)
    with school.ledger() as ledger:
        to = _addressed(school, ledger, addresses)
        box = box_of(school, ask_passphrase(passphrase_file)("Passphrase"))
        at = datetime.now(UTC)
        numbers = queue_letters(ledger, box, kind, to, language=settings.language, at=at)
    click.echo(f"{numbers[0]}-{numbers[-1]}")
    talk(f"{counted(len(numbers), 'letter')} queued")
    if kind == "diploma":
        talk("please look: e-mail is read by whoever carries it; a claim link with a code is safer")
    talk("next: testamur mail send")


@mail.command()
@click.option("--most", type=click.IntRange(1), default=100_000, help="At most so many letters.")
@home_option
@passphrase_option
def send(most: int, home: str | None, passphrase_file: Path | None) -> int:
    """Send the letters that are due; run it again, or from cron, for those that have to wait."""
    from testamur.home import Home
    from testamur.issuer.drafts import box_of
    from testamur.issuer.mailing import MailSettings, send_due

    school = Home.find(home)
    settings = MailSettings.load(school.folder)
    box = box_of(school, ask_passphrase(passphrase_file)("Passphrase"))
    with school.ledger() as ledger:
        done = send_due(school, ledger, box, settings, now=lambda: datetime.now(UTC), most=most)
        left = len(ledger.outbox.listed(school.did, state="handing"))
    talk(f"{done.sent:,} sent, {done.later:,} to be tried again, {done.failed:,} failed")
    if left:
        talk(f"please look: of {counted(left, 'letter')} nobody knows whether the server took them")
        talk("hint: testamur mail list --state handing; then testamur mail retry NUMBER, or cancel")
    if done.trouble:
        raise OperatorError(f"the mail server cannot be used: {shown(done.trouble)}")
    return 1 if done.failed else 0


@mail.command("list")
@click.option("--state", default="", help="queued, sending, handing, sent, failed, bounced or cancelled.")
@home_option
def list_letters(state: str, home: str | None) -> None:
    """List the letters and what became of them; to whom they go is sealed."""
    from testamur.home import Home

    school, after, count = Home.find(home), 0, 0
    with school.ledger() as ledger:
        while page := ledger.outbox.listed(school.did, state=state, after=after):
            for one in page:
                note = f": {one.note}" if one.note else ""
                when = f"{one.queued_at:%Y-%m-%d}"
                said = f"{one.id:>5}  {one.state:<9}  {one.kind:<9}  {when}  {one.record_id}{note}"
                click.echo(shown(said))
            after, count = page[-1].id, count + len(page)
    talk(counted(count, "letter"))


@mail.command()
@_NUMBER
@home_option
def retry(number: int, home: str | None) -> None:
    """Queue a letter once more that failed, or of which nobody knows whether it went."""
    from testamur.home import Home

    school = Home.find(home)
    with school.ledger() as ledger:
        ledger.outbox.again(school.did, number, at=datetime.now(UTC))
    talk(f"the letter {number} is queued")


@mail.command()
@_NUMBER
@home_option
def cancel(number: int, home: str | None) -> None:
    """Take a letter back that was not sent."""
    from testamur.home import Home

    school = Home.find(home)
    with school.ledger() as ledger:
        ledger.outbox.cancel(school.did, number, at=datetime.now(UTC))
    talk(f"the letter {number} is cancelled; what it held is gone")


@mail.command()
@click.argument(
    "reports", type=click.Path(exists=True, dir_okay=False, path_type=Path), nargs=-1, required=True
)
@home_option
def bounce(reports: tuple[Path, ...], home: str | None) -> int:
    """Take in delivery reports (saved messages, .eml) that tell which letters came back."""
    from testamur.errors import Malformed
    from testamur.files import read_bounded
    from testamur.home import Home
    from testamur.issuer.mailing import read_bounce

    school, wrong = Home.find(home), 0
    with school.ledger() as ledger:
        for path in reports:
            try:
                found = read_bounce(read_bounded(path, 5_000_000))
                letter = ledger.outbox.bounced(found.token, found.reason, at=datetime.now(UTC))
            except Malformed as error:
                talk(f"error: {path}: {error}")
                wrong += 1
                continue
            if letter is None:
                talk(f"error: {path}: the letter is not in this outbox")
                wrong += 1
            else:
                click.echo(letter.record_id)
                talk(f"the letter {letter.id} came back: {found.reason}")
    return 1 if wrong else 0


@click.command("print")
@click.argument("batch")
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="FILE.pdf or FILE.zip."
)
@click.option("--slips", "links", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="Slips to cut out in place of diplomas: a CSV with the columns id, link and if wanted language, such as `testamur offer --csv` writes.")  # fmt: skip
@click.option("--codes", is_flag=True, help="Put the one-time codes (column code) on the slips too.")
@home_option
def print_batch(batch: str, out: Path, links: Path | None, codes: bool, home: str | None) -> None:
    """Make one PDF of a whole batch for the printer (or a ZIP of PDFs), or slips with claim links."""
    from testamur.files import write_whole
    from testamur.home import Home
    from testamur.issuer.handing_out import good_records, merged_pdf, zipped

    school = Home.find(home)
    if out.suffix.lower() not in (".pdf", ".zip") or (links and out.suffix.lower() != ".pdf"):
        raise click.UsageError("--out is FILE.pdf or FILE.zip; slips are a PDF")
    with school.ledger() as ledger:
        records = good_records(ledger, school.did, batch)
        if links:
            write_whole(out, _slips(school, ledger, records, links, codes=codes), mode=0o600)
        elif out.suffix.lower() == ".zip":
            zipped(school, ledger, records, ["pdf"], out)
        else:
            write_whole(out, merged_pdf(school, ledger, records, title=f"{school.name}: {batch}"))
    click.echo(str(out))
    talk(f"{counted(len(records), 'record')} of {batch}")


def _slips(school: Home, ledger: Ledger, records: list[Record], path: Path, *, codes: bool) -> bytes:
    from testamur.issuer.handing_out import Link, printed_slips
    from testamur.issuer.record_commands import find_record

    links = {
        find_record(school, ledger, row["id"]).id: Link(
            row["link"], row.get("code", "") if codes else "", row.get("language") or "en"
        )
        for row in _rows(path, ("id", "link"))
    }
    return printed_slips(school, records, links)


def _addressed(school: Home, ledger: Ledger, path: Path) -> list[Addressed]:
    from testamur.issuer.mailing import Addressed
    from testamur.issuer.record_commands import find_record

    return [
        Addressed(
            find_record(school, ledger, row["id"]).id,
            row["email"],
            row.get("language", ""),
            row.get("link", ""),
            row.get("until", ""),
        )
        for row in _rows(path, ("id", "email"))
    ]


def _rows(path: Path, needed: tuple[str, ...]) -> list[dict[str, str]]:
    """The rows of a CSV with these columns; raises OperatorError where it has none."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            rows = [
                {name: cell.strip() for name, cell in row.items() if name and isinstance(cell, str)}
                for _, row in zip(range(_MAX_ROWS), csv.DictReader(stream), strict=False)
            ]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise OperatorError(f"{path} cannot be read: {error}") from None
    if not rows or any(name not in rows[0] for name in needed):
        raise OperatorError(f"{path} has no rows with the columns {', '.join(needed)}")
    return rows


COMMANDS: dict[str, click.Command] = {"mail": mail, "print": print_batch}

"""``testamur offer``: links by which learners take their records into a wallet, and what became of them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from testamur.console import counted, home_option, talk
from testamur.display import cell, shown
from testamur.errors import OperatorError
from testamur.openid4vci import SCHEME, reference_link

if TYPE_CHECKING:
    from testamur.home import Home
    from testamur.openid4vci import MadeOffer
    from testamur.store import Ledger, Record
    from testamur.store.claims import Claims

_FILE = click.Path(dir_okay=False, path_type=Path)
_MANY = 500  # offers of one transaction


@click.command("offer")
@click.argument("record", metavar="[RECORD]", required=False)
@click.option("--batch", default="", help="Offer every valid record of this batch.")
@click.option("--tx-code", "with_code", is_flag=True, help="Ask for a code that you tell by another way.")
@click.option("--csv", "table", type=_FILE, help="Write links and codes of a batch into this file.")
@click.option("--qr", type=_FILE, help="Draw the code for a wallet into this SVG file.")
@click.option(
    "--days", type=click.IntRange(1, 3650), default=90, show_default=True, help="How long it is good."
)
@click.option("--url", default="", help="Where the desk is found [url of its desk.toml].")
@click.option(
    "--withdraw", is_flag=True, help="End the links of the record or batch that nobody has used yet."
)
@home_option
def offer(
    record: str | None,
    batch: str,
    with_code: bool,
    table: Path | None,
    qr: Path | None,
    days: int,
    url: str,
    withdraw: bool,
    home: str | None,
) -> None:
    """Make the link by which a learner takes a record into a wallet, sees it and downloads it.

    The link is printed once and kept nowhere; with --tx-code the code beside it. Tell them by two different ways.
    `testamur serve issuer` answers there.
    """
    from testamur.home import Home
    from testamur.store.claims import Claims

    if (record is None) is (not batch):
        raise OperatorError("name a record, or a batch with --batch")
    if batch and not (withdraw or table):
        raise OperatorError("links of a batch are written into a file", hint="say which with --csv FILE")
    school = Home.find(home)
    with school.ledger() as ledger, Claims.open(school.store_url) as claims:
        if withdraw:  # also of what is suspended, and may be valid again
            _withdraw(claims, _records(school, ledger, record, batch))
            return
        records = _records(school, ledger, record, batch, state="valid")
        at = datetime.now(UTC)
        made = _Making(school, claims, _base(school, url), with_code, batch, timedelta(days=days), at)
        if batch:
            assert table is not None
            made.write(records, table)
        else:
            made.tell(next(records), qr)


def _records(
    school: Home, ledger: Ledger, record: str | None, batch: str, *, state: str = ""
) -> Iterator[Record]:
    from testamur.issuer.record_commands import find_record

    if record is not None:
        yield find_record(school, ledger, record)
        return
    yield from ledger.each(school.did, batch=batch, state=state)


def _withdraw(claims: Claims, records: Iterator[Record]) -> None:
    from testamur.store.claims import offers

    count, at = 0, datetime.now(UTC)
    for record in records:
        with claims.writing() as connection:
            ids = [entry.id for entry in offers.of_record(connection, record.id)]
            count += offers.withdraw(connection, ids, who=_WHO, at=at)
    talk(f"{counted(count, 'link')} withdrawn; the records stand as they did")


_WHO = "command line"


@dataclass
class _Making:
    """Makes links, and tells them."""

    school: Home
    claims: Claims
    base: str
    with_code: bool
    batch: str
    lifetime: timedelta
    at: datetime

    def offers(self, records: list[Record]) -> list[MadeOffer]:
        """Fresh offers of these records, kept in one transaction."""
        from testamur.openid4vci import make_offer

        for record in records:
            if record.state != "valid":
                raise OperatorError(f"{record.id} is {record.state}, so nobody takes it any more")
        with self.claims.writing() as connection:
            return [
                make_offer(
                    connection, record.id, with_code=self.with_code, at=self.at, label=self.batch,
                    lifetime=self.lifetime, who=_WHO,
                )
                for record in records
            ]  # fmt: skip

    def page(self, made: MadeOffer) -> str:
        """The address of the learner's page."""
        return f"{self.base}/claim/{slug_of(self.school)}/{made.link}"

    def wallet(self, made: MadeOffer) -> str:
        """What a wallet opens or scans."""
        return reference_link(f"{self.base}/claims/{slug_of(self.school)}/offers/{made.link}", SCHEME)

    def tell(self, record: Record, qr: Path | None) -> None:
        """Print the link of one record, and its code."""
        from testamur.files import write_whole
        from testamur.render import make_qr

        (made,) = self.offers([record])
        if qr is not None:
            write_whole(qr, make_qr(self.wallet(made)).svg().encode())
        click.echo(self.page(made))
        if made.code:
            click.echo(made.code)
        talk(f"good until {made.until:%Y-%m-%d}, for one wallet")

    def write(self, records: Iterator[Record], table: Path) -> None:
        """Write the links of many into a file that its owner alone may read."""
        from testamur.files import write_whole

        text = io.StringIO(newline="")
        writer = csv.writer(text)
        writer.writerow(("number", "name", "link", "wallet", "code", "until", "id"))
        count = 0
        for some in _pieces(records):
            for record, made in zip(some, self.offers(some), strict=True):
                told = (record.number, shown(record.holder), self.page(made), self.wallet(made), made.code)
                writer.writerow([*map(cell, told), f"{made.until:%Y-%m-%d}", record.id])
                count += 1
        write_whole(table, b"\xef\xbb\xbf" + text.getvalue().encode("utf-8"), mode=0o600)
        talk(f"{table}: {counted(count, 'link')}")
        if self.with_code:
            talk("send link and code by two different ways; whoever has both has the record")


def _pieces(records: Iterator[Record]) -> Iterator[list[Record]]:
    from itertools import islice

    while some := list(islice(records, _MANY)):
        yield some


def slug_of(school: Home) -> str:
    """What the desk calls a home in its addresses."""
    from testamur.issuer.desk.office import slug_of as named

    return named(school.folder)


def _base(school: Home, url: str) -> str:
    """Where the desk is found: as it is said, else as the settings beside the home have it."""
    from testamur.issuer.desk.settings import FILE, Settings

    for folder in (school.folder, school.folder.parent):
        if not url and (folder / FILE).is_file():
            url = Settings.load(folder).url
    if not url.startswith(("https://", "http://")):
        raise OperatorError(
            "it is not known where learners find the desk",
            hint="write url in [desk] of desk.toml, or give --url https://desk.example.edu",
        )
    return url.rstrip("/")


COMMANDS: dict[str, click.Command] = {"offer": offer}

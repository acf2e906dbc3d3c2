"""Ways out for a batch or for chosen records: one PDF to print, a ZIP, slips with claim links."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from testamur.cohort import Packed, write_zip
from testamur.errors import OperatorError
from testamur.home import Home
from testamur.issuer.mailing.letters_text import LetterTexts
from testamur.issuer.outputs import Outputs
from testamur.store import Ledger, Record

MOST_PAGES = 2_000
"""Records whose pages are put into one PDF; a larger batch is printed in parts, or taken as a ZIP."""


@dataclass(frozen=True, slots=True)
class Link:
    """Where a learner claims a record; the code only where both may travel together."""

    link: str
    code: str = ""
    language: str = "en"


def good_records(ledger: Ledger, organisation: str, batch: str) -> list[Record]:
    """The records of a batch that may be handed out, in the order they were issued; raises OperatorError where there are none."""
    found = list(ledger.each(organisation, batch=batch, state="valid", with_forms=True))
    if not found:
        raise OperatorError(
            f"the batch {batch!r:.80} has no records that are good", hint="`testamur list` shows them"
        )
    return found


def merged_pdf(home: Home, ledger: Ledger, records: Sequence[Record], *, title: str) -> bytes:
    """The pages of these records as one PDF for a printer, in their order."""
    from testamur.render import merge

    if len(records) > MOST_PAGES:
        raise OperatorError(
            f"{len(records):,} records are more than one PDF should hold ({MOST_PAGES:,})",
            hint="take them as a ZIP",
        )
    outputs = Outputs(home, ledger)
    return merge((outputs.make(record, "pdf") for record in records), title=title)


def zipped(home: Home, ledger: Ledger, records: Iterable[Record], kinds: Sequence[str], target: Path) -> int:
    """Write these files of the records into a ZIP, whole or not at all; gives how many records."""
    outputs = Outputs(home, ledger)

    def pieces() -> Iterator[Packed]:
        for record in records:
            yield Packed(record.issued_at, outputs.files(record, kinds))

    return write_zip(pieces(), target)


def printed_slips(home: Home, records: Sequence[Record], links: Mapping[str, Link]) -> bytes:
    """A PDF with a slip for each record that has a link, by record id."""
    from testamur.render import Slip, print_slips

    texts = LetterTexts(home.folder)
    return print_slips(
        [
            Slip(
                holder=record.holder,
                latin=record.holder_latin,
                award=record.award,
                number=record.number,
                school=home.name,
                link=links[record.id].link,
                code=links[record.id].code,
                line=texts.slip_line(links[record.id].language),
                language=links[record.id].language,
            )
            for record in records
            if record.id in links
        ]
    )

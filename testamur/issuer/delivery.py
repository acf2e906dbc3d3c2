"""The files of a cohort's records, made by as many processes as there are cores: a folder, a ZIP or JSON Lines."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from testamur.cohort import (
    MOST_FLAT,
    Cohort,
    Folder,
    Packed,
    Progress,
    Written,
    record_line,
    records_in,
    write_lines,
    write_zip,
)
from testamur.cohort.meter import Meter
from testamur.home import Home
from testamur.issuer.outputs import Outputs
from testamur.pool import spread
from testamur.store import Ledger, Record

_PICTURES = ("pdf", "png", "svg", "qr")  # what takes long to make
_FEW, _MANY = 20, 500  # records that a process makes files of at a time


@dataclass(frozen=True, slots=True)
class Delivery:
    """Which files go where: a folder, or one file by its suffix, ``.zip`` or ``.jsonl``."""

    home: Home
    out: Path
    kinds: tuple[str, ...]

    @property
    def is_folder(self) -> bool:
        """Whether the files lie in a folder of their own."""
        return self.out.suffix.lower() not in (".zip", ".jsonl")

    def prepare(self) -> None:
        """Make the folder that the files, or the one file, will lie in."""
        (self.out if self.is_folder else self.out.parent).mkdir(parents=True, exist_ok=True)

    def deliver(
        self, cohort: Cohort, ledger: Ledger, *, jobs: int, progress: Progress | None = None
    ) -> Written:
        """Make the files of every row's record that are not there."""
        meter = Meter(cohort.rows.count, progress)
        if self.is_folder:
            written = Written(0, 0)
            with self._folder(Outputs(self.home, ledger), cohort).opened():
                for some in self._made(cohort, ledger, jobs):
                    meter.add(some.made + some.present)
                    written += some
            return written
        pieces = self._pieces(cohort, ledger, jobs, meter)
        count = (
            write_zip(pieces, self.out)
            if self.out.suffix.lower() == ".zip"
            else write_lines(pieces, self.out)
        )
        return Written(count, 0)

    def _pieces(self, cohort: Cohort, ledger: Ledger, jobs: int, meter: Meter) -> Iterator[Any]:
        for some in self._made(cohort, ledger, jobs):
            yield from some
            meter.add(len(some))

    def _made(self, cohort: Cohort, ledger: Ledger, jobs: int) -> Iterator[Any]:
        size = _FEW if self.is_slow else _MANY
        make: Callable[[], Callable[[Any], Any]] = partial(self.maker, cohort, ledger)
        if jobs > 1 and cohort.rows.count > 2 * size:
            make = partial(
                _make_elsewhere, self, replace(cohort, rows=cohort.rows.light()), cohort.rows.count
            )
        else:
            jobs = 1
        return spread(make, cohort.rows.portions(size), jobs=jobs)

    @property
    def is_slow(self) -> bool:
        """Whether pictures are drawn, which takes a hundred times as long as copying text."""
        return self.out.suffix.lower() != ".jsonl" and any(kind in _PICTURES for kind in self.kinds)

    def maker(self, cohort: Cohort, ledger: Ledger, count: int = 0) -> Callable[[Any], Any]:
        """What makes the files of a portion of rows: written already, or in memory for the one who packs them."""
        outputs = Outputs(self.home, ledger)
        find = partial(records_in, cohort, ledger, self.home.did)
        if self.is_folder:
            folder = self._folder(outputs, cohort, count)
            return lambda portion: sum(map(folder.add, find(portion)), Written(0, 0))
        if self.out.suffix.lower() == ".jsonl":
            return lambda portion: [record_line(record) for record in find(portion)]
        return lambda portion: self._packed(outputs, find(portion))

    def _folder(self, outputs: Outputs, cohort: Cohort, count: int = 0) -> Folder:
        return Folder(
            self.out,
            names=lambda record: outputs.names(record, self.kinds),
            make=lambda record: outputs.files(record, self.kinds),
            divided=(count or cohort.rows.count) > MOST_FLAT,
        )

    def _packed(self, outputs: Outputs, records: Sequence[Record]) -> list[Packed]:
        return [Packed(record.issued_at, outputs.files(record, self.kinds)) for record in records]


def _make_elsewhere(delivery: Delivery, cohort: Cohort, count: int) -> Callable[[Any], Any]:
    return delivery.maker(cohort, delivery.home.ledger(), count)

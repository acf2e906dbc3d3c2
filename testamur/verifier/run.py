"""One run of ``testamur verify``: every source in turn, its answers written as they come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import click

from testamur.checks import Report
from testamur.console import complain, talk
from testamur.equipment import Equipment
from testamur.errors import Malformed, OperatorError, TestamurError
from testamur.scanning import MAX_FILE, Examined, examine, kind_of
from testamur.verifier.output import json_line, summary_line, totals
from testamur.verifier.sources import Source, sources

NOTHING = 2
_WORST_FIRST = (1, NOTHING, 3, 0)


@dataclass(slots=True)
class Run:
    """What was found so far, and the exit code it asks for."""

    tools: Equipment
    at: datetime
    as_json: bool = False
    reports: list[Report] = field(default_factory=list)
    failures: int = 0

    @property
    def exit_code(self) -> int:
        """The worst of all: rejected, nothing to check, undecided, accepted."""
        codes = {report.exit_code for report in self.reports}
        if self.failures or not codes:
            codes.add(NOTHING)
        return next(code for code in _WORST_FIRST if code in codes)

    def all(self, names: Sequence[str]) -> None:
        """Verify every source; an error of one never stops the others."""
        from_folders = False
        for source in sources(names):
            if isinstance(source, TestamurError):
                self._fail(source)
            else:
                self._one(source)
                from_folders = from_folders or source.in_folder
        if from_folders:
            talk(totals(self.reports))

    def _one(self, source: Source) -> None:
        try:
            data = source.read(self.tools.fetch, MAX_FILE)
            examined = self._examine(source, data)
        except TestamurError as error:
            self._fail(
                error if isinstance(error, OperatorError) else Malformed(source.name[:200], str(error))
            )
            return
        if examined is None:
            return
        for note in examined.notes:
            talk(note)
        if not examined.reports and not (source.in_folder and not examined.notes):
            self._fail(Malformed(source.name[:200], "no credential found"))
        for report in examined.reports:
            self._write(report, source)

    def _examine(self, source: Source, data: bytes) -> Examined | None:
        """What the source holds; None for a file in a folder that is plainly something else."""
        try:
            return examine(data, self.tools.verifier, at=self.at, source=source.name[:200])
        except Malformed:
            if source.in_folder and kind_of(data) in ("text", "html"):
                return None
            raise

    def _write(self, report: Report, source: Source) -> None:
        if self.as_json:
            click.echo(json_line(report))
        elif source.in_folder:
            click.echo(summary_line(report))
        else:
            click.echo(("\n" if self.reports else "") + report.to_text())
        self.reports.append(report)

    def _fail(self, error: TestamurError) -> None:
        self.failures += 1
        complain(error)

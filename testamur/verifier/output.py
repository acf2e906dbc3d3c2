"""How answers are written: text for a person, JSON Lines, a line each for a folder, a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from testamur.display import cell, shown, shown_json
from testamur.jsontext import write_json

if TYPE_CHECKING:
    from testamur.checks import Report

COLUMNS = (
    "source", "headline", "verdict", "name", "name_latin", "award", "result", "date", "number",
    "issuer_listed_as", "issuer", "id", "reasons",
)  # fmt: skip


def json_line(report: Report) -> str:
    """The report as one line of JSON, its invisible characters escaped."""
    return shown_json(write_json(report.to_json()))


def summary_line(report: Report) -> str:
    """One line of a folder's summary: the headline, who and what, the file, and why where it is not genuine."""
    told = [each.facts for each in report.inner or (report,)]
    who = "; ".join(", ".join(part for part in (each.holder, each.award) if part) for each in told)
    reason = reasons(report)
    headline = report.headline.replace("_", " ")
    return shown(
        f"{headline:<16}{report.source}: {who or 'names nobody'}" + (f" ({reason})" if reason else "")
    )


def totals(reports: Sequence[Report]) -> str:
    """How many of each headline: "24 records: 22 genuine, 1 revoked, 1 not genuine"."""
    counts = Counter(report.headline.replace("_", " ") for report in reports).most_common()
    parts = [f"{count} {headline}" for headline, count in counts]
    noun = "record" if len(reports) == 1 else "records"
    return f"{len(reports)} {noun}: {', '.join(parts)}" if parts else "no records"


def reasons(report: Report) -> str:
    """Why a record is not accepted, in the words of the checks that did not pass."""
    if report:
        return ""
    blocking = [check.sentence for check in report.checks if check.outcome in ("failed", "unknown")]
    return "; ".join((*report.doubts, *blocking))


def row(report: Report) -> tuple[str, ...]:
    """The cells of a report, under the names of a spreadsheet."""
    facts = report.facts
    return (
        report.source, report.headline.value, report.verdict.value, facts.holder, facts.holder_latin,
        facts.award, facts.result, facts.awarded, facts.number, report.listed_as, facts.issuer, facts.id,
        reasons(report),
    )  # fmt: skip


def spreadsheet(reports: Sequence[Report]) -> bytes:
    """A CSV file that Excel opens as it is; no cell of it is run as a formula."""
    return sheet(row(report) for outer in reports for report in (outer, *outer.inner))


def sheet(rows: Iterable[Sequence[str]]) -> bytes:
    """The same of rows that were made earlier."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for cells in rows:
        writer.writerow([cell(shown(value)) for value in cells])
    return text.getvalue().encode("utf-8-sig")

"""The figures as CSV, and as a record that anyone can verify."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import uuid4

from testamur.issuer.figures.tables import DIMENSIONS, Figures
from testamur.jsontext import Json
from testamur.times import write_instant

CONTEXT = "https://www.w3.org/ns/credentials/v2"
SUPPRESSED = "suppressed"


def dataset_csv(figures: Sequence[Figures]) -> str:
    """A line for each cell: the year, its categories ("all" where it is a total), and the count, "" where it is suppressed."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(["year", *DIMENSIONS, "count", "note"])
    for one in figures:
        for row in _rows(one):
            note = SUPPRESSED if row["count"] is None else ""
            count = "" if row["count"] is None else row["count"]
            cells = [str(row.get(name, "all")) for name in DIMENSIONS]
            writer.writerow([one.tables.year, *map(_plain, cells), count, note])
    return text.getvalue()


def dataset_document(
    figures: Sequence[Figures], *, issuer_id: str, issuer_name: str, issuer_url: str, at: datetime
) -> Json:
    """The figures as an unsecured credential, its own words under the issuer's address; a suppressed count is left out."""
    return {
        "@context": [CONTEXT, {"@vocab": f"{issuer_url}/figures#"}],
        "id": f"urn:uuid:{uuid4()}",
        "type": ["VerifiableCredential", "PlanningFigures"],
        "issuer": {"id": issuer_id, "name": issuer_name},
        "validFrom": write_instant(at),
        "name": f"Planning figures of {issuer_name}",
        "credentialSubject": {
            "type": "Dataset",
            "threshold": max((one.threshold for one in figures), default=0),
            "figures": [
                {"year": one.tables.year}
                | {name: value for name, value in row.items() if value is not None}
                | ({SUPPRESSED: True} if row["count"] is None else {})
                for one in figures
                for row in _rows(one)
            ],
        },
    }


def _rows(figures: Figures) -> Iterator[dict[str, str | int | None]]:
    for cell in figures.tables.cells:
        yield {**dict(cell), "count": figures.told(cell)}


def _plain(text: str) -> str:
    """Text that no spreadsheet program takes for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text

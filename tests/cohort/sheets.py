"""Rows for every shipped template, with the cells that people and attackers write."""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from hashlib import sha256
from uuid import UUID

from testamur.cohort import Cohort, Decided, Decision
from testamur.cohort.making import Slots
from testamur.cohort.plan import row_digest
from testamur.credentials import Template, shipped_template
from testamur.credentials.cells import Column
from testamur.errors import TestamurError
from testamur.issuing import Draft, Issuer
from testamur.keys import Signer
from testamur.rows import CheckedRow
from testamur.store import REVOCATION, SUSPENSION, NewRecord, StatusSlot
from tests.issuing.school import AT, NAMES, SCHOOL, SIGNER, STATUS_URL, Graduates

HOSTILE = [
    'Ada "The Countess" Lovelace',
    "back\\slash \\u0041 \\",
    "'); DROP TABLE records; --",
    '","proof":{"type":"x"},"a":"',
    '> .\n<urn:a> <urn:b> "c',
    "%s %d %% {0} {name}",
    "\U0001f393 \U00020000 \U0001d4b3",
    "<b>name</b> &amp; ]]>",
    "_:c14n0",
    "urn:uuid:00000000-0000-4000-8000-000000000000",
    "line\u2028break",
    "ẖ ñ ñ Å Å",
    "null",
    "0",
    "\u00a0 spaced\tout \u3000 ",
]
"""Cells that the template takes as text; each has to be the same words in both forms."""

REFUSED = [
    "nul\x00",
    "bell\x07",
    "\u202egnissap",
    "zero\u200bwidth",
    "half \ud800",
    "\ufffe",
]
"""Cells that no record is made of."""


class CountingIssuer(Issuer):
    """An issuer that counts the records it makes the ordinary way."""

    ordinary = 0

    def __init__(self, signer: Signer = SIGNER, **how: object) -> None:
        super().__init__(signer, None, SCHOOL, STATUS_URL, **how)

    def signed(self, *arguments: object, **how: object) -> NewRecord:
        self.ordinary += 1
        return super().signed(*arguments, **how)


@cache
def template(name: str) -> Template:
    return Template.load(shipped_template(name))


def cohort_of(name: str) -> Cohort:
    return Cohort(
        rows=Graduates(0),
        template=template(name),
        template_name=name,
        batch="spring",
        at=AT,
        issuer_name="Universidad de Valdoria",
        issuer_url="https://diplomas.example.edu",
    )


def decided(cells: dict[str, str], line: int = 2) -> Decided:
    digest = sha256(repr(sorted(cells.items())).encode("utf-8", "surrogatepass")).digest()
    return Decided(CheckedRow(line, f"row {line}", digest, cells), Decision.NEW, None)


def sheet(name: str, count: int, seed: int) -> Iterator[Decided]:
    """So many rows that the template takes, every other one with some odd cell."""
    chance = random.Random(seed)
    line = 1
    while line <= count:
        whole = chance.random() < 0.7
        cells = {
            column.name: cell(column, chance) if column.required or whole else ""
            for column in template(name).columns
        }
        if not template(name).check(cells, line):
            line += 1
            yield decided(cells, line)


def cell(column: Column, chance: random.Random) -> str:
    match column.type:
        case "date":
            return day(column.goes_to, chance).isoformat()
        case "number" | "integer":
            return chance.choice(["0", "90.5", "88,25", *(str(chance.randrange(60, 100)) for _ in range(9))])
        case "choice":
            return chance.choice(column.choices)
        case "email":
            return chance.choice(["Ada.L@example.org", f"a{chance.randrange(10**6)}@пример.example"])
        case "did":
            return chance.choice([f"did:key:z6Mk{chance.randrange(10**9)}", "did:web:example.org%3A8443"])
    usual = [*NAMES] if column.goes_to == "holder.name" else [f"{column.name} {chance.randrange(10**4)}"]
    return chance.choice(HOSTILE if chance.random() < 0.15 else usual)


def day(place: str, chance: random.Random) -> date:
    first = {"holder.birth_date": date(1960, 1, 1), "valid_until": date(2027, 1, 1)}.get(
        place, date(2026, 1, 1)
    )
    return first + timedelta(days=15 * chance.randrange(10))


def slots_of(name: str, count: int) -> list[Slots]:
    purposes = (REVOCATION, SUSPENSION) if template(name).suspendable else (REVOCATION,)
    return [
        tuple(
            StatusSlot(4 + n, 7 + n, (number * 7919) % 131_072, purpose) for n, purpose in enumerate(purposes)
        )
        for number in range(count)
    ]


def uuids() -> Iterator[UUID]:
    """The same ones at every call."""
    chance = random.Random(1)
    while True:
        yield UUID(int=chance.getrandbits(128), version=4)


def by_the_library(
    issuer: Issuer, cohort: Cohort, row: Decided, slots: Slots, uuid: object
) -> NewRecord | str:
    """The record of a row by ``Template.fill`` and ``Issuer.signed``, or why there is none."""
    try:
        document = cohort.template.fill(
            row.row.cells, line=row.row.line, issuer_id=SCHOOL, issuer_name=cohort.issuer_name,
            issuer_url=cohort.issuer_url, record_id=f"urn:uuid:{uuid}", at=cohort.at,
        )  # fmt: skip
        for problem in issuer.problems(document):
            return str(problem)
        draft = Draft(
            document=document, at=cohort.at, paper=cohort.template.paper_document,
            template=cohort.template_name, template_version=str(cohort.template.version),
            row_key=row.row.key, row_digest=row_digest(row.row), batch=cohort.batch,
            look=cohort.template.look.digest, suspendable=cohort.template.suspendable,
            replaces=row.known.record_id if row.known else "",
        )  # fmt: skip
        return issuer.signed(draft, slots)
    except TestamurError as error:
        return str(error)

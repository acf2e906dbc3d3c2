"""Files of many records, made by the worker and kept for a day: a ZIP for each batch, one PDF to print."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from testamur.cohort import Packed, write_zip
from testamur.errors import OperatorError
from testamur.issuer.desk.office import Office
from testamur.issuer.desk.school import School
from testamur.issuer.desk.working import Told
from testamur.issuer.outputs import Outputs
from testamur.store import SUSPENDED, VALID, Record
from testamur.store.desk import Job, jobs

ZIP = "zip"
KEPT = timedelta(days=1)
_KINDS = ("pdf", "json", "png")


def made_folder(office: Office) -> Path:
    """Where such files lie, for their owner only."""
    folder = office.folder / "made"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def make_zip(office: Office, school: School, job: Job, told: Told) -> str:
    """A ZIP of the files of every record of a batch that stands."""
    outputs = Outputs(school.home, school.ledger)
    target = made_folder(office) / f"{job.id}.zip"

    def packed() -> Iterator[Packed]:
        for number, record in enumerate(standing(school, job.subject), 1):
            yield Packed(record.issued_at, outputs.files(record, _KINDS))
            told(number, job.total)

    if not write_zip(packed(), target):
        raise OperatorError("no record of this batch stands")
    return target.name


def standing(school: School, batch: str) -> Iterator[Record]:
    """The records of a batch that were neither revoked nor replaced, with their forms."""
    every = school.ledger.each(school.did, batch=batch, with_forms=True)
    return (record for record in every if record.state in (VALID, SUSPENDED))


def sweep_made(office: Office) -> None:
    """Take away the files that were made more than a day ago, and the jobs that made them."""
    with office.people.writing() as connection:
        results = jobs.sweep(connection, office.now() - KEPT)
    for name in results:
        if name == Path(name).name:
            (made_folder(office) / name).unlink(missing_ok=True)

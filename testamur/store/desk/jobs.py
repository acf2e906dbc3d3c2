"""Work that is done while nobody waits: one worker has it at a time, and one that died is followed by another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from secrets import token_hex
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from testamur.store.desk.tables import jobs, memberships
from testamur.store.rows import find_organisation, instant, organisation_number, seconds
from testamur.store.tables import organisations

LEASE = timedelta(seconds=20)


class JobState(StrEnum):
    """How far a job has come."""

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Job:
    """A piece of work on something (``subject``) of an organisation."""

    id: str
    organisation: str
    person: int
    kind: str
    subject: str
    state: JobState
    done: int
    total: int
    note: str
    result: str
    created: datetime
    lease: datetime


def add(
    connection: Connection,
    organisation: str,
    person: int,
    kind: str,
    subject: str,
    at: datetime,
    *,
    total: int = 0,
) -> str:
    """A job that waits for a worker; one of the same kind and subject that waits already stands for it."""
    number = organisation_number(connection, organisation)
    same = (
        jobs.c.organisation == number, jobs.c.kind == kind, jobs.c.subject == subject,
        jobs.c.state == JobState.WAITING,
    )  # fmt: skip
    known: str | None = connection.scalar(select(jobs.c.id).where(*same))
    if known is not None:
        return known
    job = token_hex(8)
    connection.execute(
        insert(jobs).values(
            id=job, organisation=number, person=person, kind=kind, subject=subject, state=JobState.WAITING.value,
            done=0, total=total, note="", result="", created=seconds(at), lease=0,
        )
    )  # fmt: skip
    return job


def find(connection: Connection, organisation: str, job: str) -> Job | None:
    """The job of this id in an organisation."""
    number = find_organisation(connection, organisation)
    row = connection.execute(select(jobs).where(jobs.c.id == job, jobs.c.organisation == number)).first()
    return None if row is None else _job(row, organisation)


def newest(connection: Connection, organisation: str, kind: str, subject: str) -> Job | None:
    """The newest job of a kind on something."""
    number = find_organisation(connection, organisation)
    mine = (jobs.c.organisation == number, jobs.c.kind == kind, jobs.c.subject == subject)
    row = connection.execute(
        select(jobs).where(*mine).order_by(jobs.c.created.desc(), jobs.c.lease.desc())
    ).first()
    return None if row is None else _job(row, organisation)


def is_any(connection: Connection, at: datetime) -> bool:
    """Whether a job waits that nobody has."""
    free = (jobs.c.state == JobState.WAITING, jobs.c.lease < seconds(at))
    return connection.scalar(select(jobs.c.id).where(*free).limit(1)) is not None


def anybody(connection: Connection, organisation: str) -> int | None:
    """Somebody who works for an organisation, in whose name it is published by itself."""
    number = find_organisation(connection, organisation)
    return connection.scalar(
        select(memberships.c.person).where(memberships.c.organisation == number).limit(1)
    )


def take(connection: Connection, at: datetime) -> Job | None:
    """A waiting job that nobody has, taken for as long as a lease lasts."""
    free = (jobs.c.state == JobState.WAITING, jobs.c.lease < seconds(at))
    joined = jobs.join(organisations, jobs.c.organisation == organisations.c.id)
    question = select(jobs, organisations.c.name.label("school")).select_from(joined)
    row = connection.execute(question.where(*free).order_by(jobs.c.created).limit(1)).first()
    if row is None:
        return None
    mine = update(jobs).where(jobs.c.id == row.id, *free).values(lease=seconds(at + LEASE))
    return _job(row, row.school) if connection.execute(mine).rowcount == 1 else None


def note(connection: Connection, job: str, at: datetime, *, done: int, total: int) -> None:
    """How far a job is; the lease goes on."""
    values = {"done": done, "total": total, "lease": seconds(at + LEASE)}
    connection.execute(update(jobs).where(jobs.c.id == job).values(**values))


def finish(
    connection: Connection, job: str, state: JobState, at: datetime, *, note: str = "", result: str = ""
) -> None:
    """The job is over."""
    values = {"state": state.value, "note": note, "result": result, "lease": seconds(at)}
    connection.execute(update(jobs).where(jobs.c.id == job).values(**values))


def renew(connection: Connection, job: str, at: datetime) -> None:
    """The worker is alive still."""
    connection.execute(update(jobs).where(jobs.c.id == job).values(lease=seconds(at + LEASE)))


def let_go(connection: Connection, job: str) -> None:
    """Another worker may take it at once."""
    connection.execute(update(jobs).where(jobs.c.id == job).values(lease=0))


def sweep(connection: Connection, before: datetime) -> list[str]:
    """Forget the jobs that ended before; gives their results, which nobody needs any more."""
    old = (jobs.c.state != JobState.WAITING, jobs.c.lease < seconds(before))
    results = [str(result) for result in connection.scalars(select(jobs.c.result).where(*old)) if result]
    connection.execute(delete(jobs).where(*old))
    return results


def _job(row: Row[Any], organisation: str) -> Job:
    found = row._mapping
    return Job(
        found["id"], organisation, found["person"], found["kind"], found["subject"],
        JobState(found["state"]), found["done"], found["total"], found["note"], found["result"],
        instant(found["created"]), instant(found["lease"]),
    )  # fmt: skip

"""What a database says when it cannot, as a sentence for the person who runs it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError

from testamur.errors import AlreadyIssued, OperatorError

_MEANINGS = (
    (
        ("database is locked", "database table is locked", "deadlock detected", "lock timeout", "55p03"),
        "the ledger is in use by another process",
        "wait until it has finished and run the same command again",
    ),
    (
        ("disk is full", "no space left", "could not extend file", "disk i/o error"),
        "the disk that holds the ledger is full or cannot be written",
        "nothing is lost; make room and run the same command again",
    ),
    (
        ("readonly database", "permission denied", "read-only transaction"),
        "the ledger may not be written by this user",
        "check who owns the file and its folder, or the rights of the database user",
    ),
    (
        ("unable to open database file",),
        "the ledger cannot be opened",
        "check that its folder exists and belongs to you",
    ),
    (
        ("not a database", "malformed", "file is encrypted"),
        "the file is damaged or is not a ledger",
        "restore it from a backup with `testamur restore`",
    ),
    (
        ("password authentication failed", "no password supplied", "role ", "does not exist"),
        "the database server refused to let us in",
        "check user, password and database name in [store] url",
    ),
    (
        ("connection refused", "could not connect", "connection failed", "server closed the connection",
         "terminating connection", "could not translate host name", "name or service not known", "timeout"),
        "the database server does not answer",
        "check the host and port in [store] url and that the server runs",
    ),
)  # fmt: skip


@contextmanager
def explained() -> Iterator[None]:
    """Turns every error of SQLAlchemy and of the drivers into an OperatorError."""
    try:
        yield
    except SQLAlchemyError as error:
        raise _explanation(error) from None


def _explanation(error: SQLAlchemyError) -> OperatorError:
    cause = str(error.orig) if isinstance(error, DBAPIError) else str(error)
    if isinstance(error, IntegrityError):
        return _conflict(cause)
    lowered = cause.lower()
    for marks, message, hint in _MEANINGS:
        if any(mark in lowered for mark in marks):
            return OperatorError(message, hint=hint)
    line = cause.strip().splitlines()[0] if cause.strip() else type(error).__name__
    return OperatorError(f"the ledger's database reports: {line:.200}")


def _conflict(cause: str) -> OperatorError:
    if "row_key" in cause or "records_live_row" in cause:
        return AlreadyIssued(
            "one of these rows was issued by another process at the same time",
            hint="run the same command again: what is issued already is skipped",
        )
    if "list_index" in cause or "status_slots_pkey" in cause:
        return OperatorError("a status index is taken already; nothing was recorded")
    if "records_id" in cause or "records.id" in cause:
        return AlreadyIssued("a record with this id is in the ledger already")
    return OperatorError("the ledger holds something that contradicts this; nothing was recorded")

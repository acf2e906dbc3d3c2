"""The history of a did:webvh as it is published: as far as witnesses approve of it, and never less than before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from testamur.did import History, parallel_document, read_log, witnessed_part
from testamur.errors import OperatorError, TestamurError
from testamur.jsontext import Json, write_json
from testamur.publishing.site import Site


@dataclass(frozen=True, slots=True)
class HistoryFiles:
    """The files of a history by name, in the order they have to appear, and the newest document."""

    by_name: tuple[tuple[str, bytes], ...]
    newest: Json
    held_back: int  # entries that wait for witnesses


def history_files(site: Site, *, at: datetime) -> HistoryFiles:
    """Return what is published of a log: the proofs of witnesses first, so that nobody finds an entry without.

    Raises OperatorError where the log is broken or has no entry that its witnesses approve of.
    """
    whole = open_history(site.log, site.did, at=at)
    part = witnessed_part(whole, site.witness_proofs)
    if part is None:
        raise OperatorError(
            "the witnesses have not approved of the history yet", hint="testamur did webvh approve PROOF"
        )
    log = b"".join(site.log.splitlines(keepends=True)[: len(part.versions)])
    files = [("did-witness.json", site.witness_proofs)] if site.witness_proofs else []
    files.append(("did.jsonl", log))
    parallel = (write_json(parallel_document(part)) + "\n").encode("utf-8")
    files.append(("did.json", parallel))
    return HistoryFiles(tuple(files), part.newest.entry.state, len(whole.versions) - len(part.versions))


def open_history(log: bytes, did: str, *, at: datetime) -> History:
    """Return the checked history of a home's own log; raises OperatorError where it is broken."""
    try:
        return read_log(log, did, at)
    except TestamurError as error:
        raise OperatorError(
            f"the history of {did} is broken: {error}",
            hint="bring back did.jsonl from a backup or from the website",
        ) from None

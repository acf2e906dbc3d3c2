"""What the log says of records that were kept: how many, which, and a digest of them all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection

from testamur.encoding import encode_base64url
from testamur.store.audit.chain import Note
from testamur.store.audit.writing import append
from testamur.store.rows import organisation_number
from testamur.store.values import NewRecord

ISSUED, REPLACED = "issued", "replaced"


class Sum:
    """The digest of records, added one by one in the order of their serials: each id with the digests of its forms."""

    def __init__(self) -> None:
        self._hash = sha256()

    def add(self, record_id: str, forms: Iterable[tuple[str, bytes]]) -> None:
        """Add a record: the names and digests of the forms it was issued in."""
        self._hash.update(record_id.encode("utf-8") + b"\n")
        for name, digest in sorted(forms):
            self._hash.update(name.encode("utf-8") + b"\n" + digest)

    @property
    def text(self) -> str:
        """The digest as the log has it."""
        return encode_base64url(self._hash.digest())


def note_issued(
    connection: Connection,
    new: Sequence[NewRecord],
    serials: Sequence[int],
    forms: Sequence[tuple[Any, ...]],
    revoked: frozenset[str],
    *,
    who: str,
    why: str,
) -> None:
    """Write that these records were kept, and which older ones they replace; ``revoked`` names those that had to be."""
    digests: dict[int, list[tuple[str, bytes]]] = {}
    for serial, name, _, digest, _ in forms:
        digests.setdefault(serial, []).append((name, digest))
    owners = dict.fromkeys(item.organisation for item in new)
    for owner in owners:
        mine = [pair for pair in zip(serials, new, strict=True) if pair[1].organisation == owner]
        notes = [Note(ISSUED, subject, why, detail) for subject, detail in _issued(mine, digests)]
        notes += [
            Note(REPLACED, item.replaces, why, {"by": item.id, "revoked": item.replaces in revoked})
            for _, item in mine
            if item.replaces
        ]
        at: datetime = mine[0][1].issued_at
        append(
            connection,
            organisation_number(connection, owner),
            notes,
            who=who,
            at=at,
            records_before=len(mine),
            events_before=sum(item.replaces in revoked for _, item in mine),
        )


def _issued(
    mine: Sequence[tuple[int, NewRecord]], digests: dict[int, list[tuple[str, bytes]]]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """For each batch and template its subject and detail: the record where there is one only, else the batch."""
    groups: dict[tuple[str, str], list[tuple[int, NewRecord]]] = {}
    for serial, item in mine:
        groups.setdefault((item.batch, item.template), []).append((serial, item))
    for (batch, template), members in groups.items():
        members.sort(key=lambda pair: pair[0])
        total = Sum()
        for serial, item in members:
            total.add(item.id, digests.get(serial, []))
        detail = {
            "records": len(members),
            "serials": spans([serial for serial, _ in members]),
            "batch": batch,
            "template": template,
            "digest": total.text,
        }
        yield (members[0][1].id if len(members) == 1 else batch), detail


def spans(serials: Iterable[int]) -> str:
    """Ascending numbers as spans: ``1-500,503``."""
    found: list[list[int]] = []
    for serial in serials:
        if found and found[-1][1] == serial - 1:
            found[-1][1] = serial
        else:
            found.append([serial, serial])
    return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in found)


def read_spans(text: str) -> list[tuple[int, int]]:
    """The spans again, as first and last; raises ValueError on anything else."""
    pairs = [part.partition("-")[::2] for part in text.split(",")]
    return [(int(first), int(last or first)) for first, last in pairs]

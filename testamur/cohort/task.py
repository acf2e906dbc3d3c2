"""What a worker on another host has to know of a cohort, and the rows of a shard, as text that both sides read."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

from testamur.cohort.plan import Cohort
from testamur.credentials import Template
from testamur.encoding import decode_base64url, encode_base64url
from testamur.errors import Malformed
from testamur.rows import CheckedRow, Reading
from testamur.spreadsheets import Line, Positions
from testamur.times import parse_instant, write_instant

_MAX_ROWS = 500_000_000  # bytes that the rows of a shard may unpack to


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A cohort without its rows: the template as text with its crest, how lines are read, who issues and when."""

    template_text: str
    crest: str
    template_name: str
    batch: str
    at: str
    issuer_name: str
    issuer_url: str
    status_url: str
    positions: Positions
    key: str | None
    changed: bool
    forms: tuple[str, ...] = ()

    @classmethod
    def of(
        cls,
        cohort: Cohort,
        reading: Reading,
        template_text: str,
        status_url: str,
        *,
        changed: bool,
        forms: Sequence[str] = (),
    ) -> Self:
        """What workers need of this cohort."""
        return cls(
            template_text=template_text,
            crest=encode_base64url(cohort.template.crest),
            template_name=cohort.template_name,
            batch=cohort.batch,
            at=write_instant(cohort.at),
            issuer_name=cohort.issuer_name,
            issuer_url=cohort.issuer_url,
            status_url=status_url,
            positions=reading.positions,
            key=reading.key,
            changed=changed,
            forms=tuple(forms),
        )

    @classmethod
    def parse(cls, text: str) -> Self:
        """The task that ``text`` says; raises Malformed where another version of testamur wrote it."""
        try:
            members = json.loads(text)
            members["positions"] = tuple((str(name), int(at)) for name, at in members["positions"])
            members["forms"] = tuple(str(name) for name in members.get("forms", ()))
            return cls(**members)
        except (ValueError, TypeError, KeyError):
            raise Malformed("", "the task in the ledger was written by another version of testamur") from None

    @property
    def text(self) -> str:
        """The task as the ledger keeps it."""
        return json.dumps(asdict(self), ensure_ascii=False)

    def cohort(self) -> Cohort:
        """The cohort as a worker has it: it reads the portions that it is given."""
        template = Template.again(self.template_text, decode_base64url(self.crest))
        return Cohort(
            rows=Handed(Reading(self.positions, template, self.key)),
            template=template,
            template_name=self.template_name,
            batch=self.batch,
            at=parse_instant(self.at),
            issuer_name=self.issuer_name,
            issuer_url=self.issuer_url,
        )


@dataclass(frozen=True, slots=True)
class Handed:
    """Rows that come from the ledger, shard by shard; the whole of them is elsewhere."""

    reading: Reading
    count: int = 0
    digest: bytes = b""
    samples: Sequence[CheckedRow] = ()

    def portions(self, size: int) -> Iterator[Any]:
        """None: a worker is given its portions."""
        return iter(())

    def read(self, portion: list[Line]) -> list[CheckedRow]:
        """The rows of a portion."""
        return self.reading.read(portion)

    def light(self) -> Self:
        """Itself."""
        return self


def pack(lines: Sequence[Line]) -> bytes:
    """The lines of a shard as the ledger keeps them until it is done."""
    return zlib.compress(
        json.dumps(lines, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass"), 1
    )


def unpack(data: bytes) -> list[Line]:
    """The lines again; raises Malformed on anything else."""
    try:
        unpacking = zlib.decompressobj()
        text = unpacking.decompress(data, _MAX_ROWS).decode("utf-8", "surrogatepass")
        if not unpacking.eof:
            raise ValueError("it is cut short or too long")
        return [(int(number), [str(cell) for cell in cells]) for number, cells in json.loads(text)]
    except (zlib.error, ValueError, TypeError) as error:
        raise Malformed("", f"the rows of a shard in the ledger cannot be read: {error}") from None

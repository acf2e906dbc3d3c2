"""An exported log, read again and checked without a ledger."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from testamur.encoding import decode_base64url, encode_base64url
from testamur.errors import Malformed, OperatorError, TestamurError
from testamur.jsontext import parse_object
from testamur.store.audit.chain import FORMAT, Entry
from testamur.store.audit.checking import Findings, check_chain
from testamur.times import parse_instant

_MAX_LINE = 1_000_000
_MEMBERS = {"number": int, "at": str, "who": str, "act": str, "subject": str, "detail": dict, "why": str}


def verify_export(path: Path, *, noted: str = "") -> Findings:
    """Check an exported log; raises OperatorError where the file is none."""
    try:
        with path.open("rb") as stream:
            lines = _Lines(iter(lambda: stream.readline(_MAX_LINE + 1), b""))
            first = lines.read()
            if first.get("format") != FORMAT or not isinstance(first.get("organisation"), str):
                raise Malformed("", f"it does not begin as a {FORMAT!r}")
            found = check_chain(lines.entries(), first["organisation"], noted=noted)
            return found.with_problems(lines.end_problems(found))
    except OSError as error:
        raise OperatorError(f"{path} could not be read: {error.strerror or error}") from None
    except OperatorError:
        raise
    except TestamurError as error:
        raise OperatorError(f"{path} is no exported log: {error}") from None


class _Lines:
    """The lines of an export: entries until the one that counts them."""

    def __init__(self, lines: Iterator[bytes]) -> None:
        self._lines = lines
        self._end: dict[str, Any] = {}

    def read(self) -> dict[str, Any]:
        """The next line, {} after the last one."""
        line = next(self._lines, b"")
        return parse_object(line, max_bytes=_MAX_LINE) if line else {}

    def entries(self) -> Iterator[Entry]:
        """The entries; what ends them is kept."""
        while line := self.read():
            if "entries" in line:
                self._end = line
                return
            yield _entry(line)

    def end_problems(self, found: Findings) -> Iterator[str]:
        """What is wrong with the end of the file."""
        end = {"entries": found.head.number, "head": encode_base64url(found.head.digest)}
        if not found.problems and self._end != end:
            yield "the file was cut: its last line does not count the entries"
        elif not found.problems and self.read():
            yield "something stands after the end of the log"


def _entry(line: dict[str, Any]) -> Entry:
    for name, kind in _MEMBERS.items():
        if type(line.get(name)) is not kind:
            raise Malformed(name, "an entry lacks this")
    raw = {name: decode_base64url(str(line.get(name, ""))) for name in ("why_salt", "why_digest", "digest")}
    return Entry(
        number=line["number"],
        at=parse_instant(line["at"], "at"),
        who=line["who"],
        act=line["act"],
        subject=line["subject"],
        detail=line["detail"],
        why=line["why"],
        **raw,
    )

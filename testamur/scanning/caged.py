"""The child process that opens pictures and PDFs: native decoders meet hostile bytes here and nowhere else.

It is given a kind and a file on stdin, answers with parts as JSON on stdout, and goes on until stdin ends.
"""

from __future__ import annotations

import struct
import sys
from typing import BinaryIO

from testamur.errors import Malformed
from testamur.jsontext import parse_object, write_json
from testamur.scanning.parts import Part

MAX_MEMORY = 2_000_000_000
HEADER = struct.Struct(">cI")
LENGTH = struct.Struct(">I")
PDF, PICTURE, COMPARISON, PORTRAIT = b"P", b"I", b"C", b"F"


def main() -> None:
    """Answer until stdin ends."""
    _limit_memory()
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # nothing a library prints may get between the answers
    while header := source.read(HEADER.size):
        kind, size = HEADER.unpack(header)
        _answer(sink, _parts(kind, source.read(size)))


def _parts(kind: bytes, data: bytes) -> list[Part]:
    try:
        if kind == PDF:
            from testamur.scanning.pdf import pdf_parts

            return pdf_parts(data)
        if kind == COMPARISON:
            return _differences(data)
        if kind == PORTRAIT:
            from testamur.scanning.portraits import drawn_again

            return [Part("file", "the portrait", drawn_again(data))]
        from testamur.scanning.pictures import picture_parts

        return picture_parts(data)
    except Malformed as error:
        return [Part("file", "the file", problem=error.message)]
    except MemoryError:
        return [Part("file", "the file", problem="it needs more memory than it is given")]


def _differences(data: bytes) -> list[Part]:
    """What ``check_page`` tells of a PDF; before it stand the claims and the look as JSON, with their length."""
    from testamur.render import check_page

    (size,) = LENGTH.unpack_from(data)
    start = LENGTH.size + size
    members = parse_object(data[LENGTH.size : start], max_bytes=size)
    found = check_page(data[start:], members["claims"], members["look"])
    return [Part("file", "the page", text) for text in found]


def _answer(sink: BinaryIO, parts: list[Part]) -> None:
    text = write_json([part.to_json() for part in parts]).encode("utf-8", "replace")
    sink.write(LENGTH.pack(len(text)) + text)
    sink.flush()


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # not on Windows
        return
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))


if __name__ == "__main__":
    main()

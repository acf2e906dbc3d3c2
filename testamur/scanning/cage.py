"""Opens pictures and PDFs in child processes with bounded memory and time, started once and kept."""

from __future__ import annotations

import atexit
import subprocess
import sys
from queue import LifoQueue
from threading import Lock, Timer

from testamur.errors import Malformed
from testamur.jsontext import Json, parse_json, write_json
from testamur.pool import cores
from testamur.scanning.caged import COMPARISON, HEADER, LENGTH
from testamur.scanning.found import Sheet
from testamur.scanning.parts import MAX_FILE, MAX_TEXT, Part

SECONDS = 60.0
_MAX_ANSWER = 160_000_000
_BROKEN = "the file broke the reader that opened it"


class Cage:
    """The child process; a file that kills it or takes too long costs an error, and the next gets a new one."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self.seconds = seconds
        self._child: subprocess.Popen[bytes] | None = None
        self._lock = Lock()

    def parts(self, kind: bytes, data: bytes) -> list[Part]:
        """The parts of a picture or PDF; raises Malformed where it broke the reader."""
        if len(data) > MAX_FILE + MAX_TEXT * 2:
            raise Malformed("", f"the file is longer than {MAX_FILE:,} bytes")
        with self._lock:
            child = self._running()
            late: list[bool] = []

            def give_up() -> None:
                late.append(True)
                child.kill()

            timer = Timer(self.seconds, give_up)
            timer.start()
            try:
                answer = self._ask(child, kind, data)
            finally:
                timer.cancel()
            if answer is None:
                self._stop()
                raise Malformed(
                    "", f"the file took longer than {self.seconds:g} s to open" if late else _BROKEN
                )
        return [Part.from_json(members) for members in parse_json(answer, max_bytes=_MAX_ANSWER)]

    def differences(self, sheet: Sheet, claims: Json) -> list[str]:
        """How a PDF differs from the page that the signed claims give, a sentence each; raises Malformed."""
        members = write_json({"claims": claims, "look": sheet.look}).encode()
        found = self.parts(COMPARISON, LENGTH.pack(len(members)) + members + sheet.pdf)
        return [part.problem or part.text for part in found]

    def close(self) -> None:
        """End the child process."""
        with self._lock:
            self._stop()

    def _ask(self, child: subprocess.Popen[bytes], kind: bytes, data: bytes) -> bytes | None:
        if child.stdin is None or child.stdout is None:
            return None
        try:
            child.stdin.write(HEADER.pack(kind, len(data)) + data)
            child.stdin.flush()
        except OSError:
            return None
        head = child.stdout.read(LENGTH.size)
        if len(head) < LENGTH.size:
            return None
        (size,) = LENGTH.unpack(head)
        answer = child.stdout.read(size) if size <= _MAX_ANSWER else b""
        return answer if len(answer) == size else None

    def _running(self) -> subprocess.Popen[bytes]:
        if self._child is None or self._child.poll() is not None:
            self._child = subprocess.Popen(
                [sys.executable, "-P", "-m", "testamur.scanning.caged"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        return self._child

    def _stop(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            child.kill()
            for stream in (child.stdin, child.stdout):
                if stream is not None:
                    try:
                        stream.close()
                    except OSError:
                        continue
            child.wait()


class Cages:
    """As many cages as there are cores, for those who ask at the same time; each begins when it is needed."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._all = [Cage(seconds) for _ in range(cores())]
        self._free: LifoQueue[Cage] = LifoQueue()
        for cage in self._all:
            self._free.put(cage)

    def parts(self, kind: bytes, data: bytes) -> list[Part]:
        """The parts of a picture or PDF, in the next cage that is free; raises Malformed where it broke the reader."""
        cage = self._free.get()
        try:
            return cage.parts(kind, data)
        finally:
            self._free.put(cage)

    def differences(self, sheet: Sheet, claims: Json) -> list[str]:
        """How a PDF differs from the page that the signed claims give, a sentence each; raises Malformed."""
        cage = self._free.get()
        try:
            return cage.differences(sheet, claims)
        finally:
            self._free.put(cage)

    def limit(self, seconds: float) -> None:
        """Give each file this long from now on."""
        for cage in self._all:
            cage.seconds = seconds

    def close(self) -> None:
        """End the child processes."""
        for cage in self._all:
            cage.close()


CAGE = Cages()
atexit.register(CAGE.close)

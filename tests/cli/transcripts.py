"""Transcripts: what a person types and reads, in a file that a person can read.

    @ name            a file, its lines indented below
    $ command         what is typed; what it says stands below:
      …               a line of the product (stdout; a lone "." is an empty line, here and below)
    ! …               a line of talk (stderr)
    = 1               the exit code, where it is not 0

Everything else is prose. What differs from run to run stands as <uuid>, <today>, <key> and so on.
``python -m tests.cli.transcripts FILE…`` writes the answers anew; read the difference before you keep it.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import shutil
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from testamur.cli import run

ENVIRONMENT = {
    "TESTAMUR_HOME": "home",
    "TESTAMUR_BY": "clerk",
    "TESTAMUR_PASSPHRASE": "ስንዴ እና ማር",
    "XDG_CACHE_HOME": ".cache",
    "TESTAMUR_WALLET": "wallet.vault",
}
_ANSWER = ("  ", "! ", "= ")
_CHANGING = (
    (r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "<uuid>"),
    (r"_[0-9a-f]{8}-[0-9a-f]{4}\b", "_<id>"),
    (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", "<time>"),
    (r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", "<moment>"),
    (r"\bQm[1-9A-HJ-NP-Za-km-z]{44}\b", "<hash>"),
    (r"\bz(6Mk|Dn|UC7)[1-9A-HJ-NP-Za-km-z]{40,}", "<key>"),
    (r"thumbprint [\w-]{43}", "thumbprint <key>"),
    (r'("[xy]":)"[\w-]{43}"', r'\1"<key>"'),
    (r"\b\d+:[\w-]{43}", "<head>"),
    (r"\buEi[\w-]{43,}", "<digest>"),
    (r"\beyJ[\w-]+\.[\w-]+\.[\w-]+", "<token>"),
    (r"\d#\d+", "<index>"),
    (r"[\d,]+ bytes;", "<n> bytes;"),
    (r"[\d,]+ files? written, [\d,]+ unchanged", "<n> files written, <n> unchanged"),
)


class Stage:
    """A folder in which a transcript is played."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.days = dict(_days())
        self.verbs: dict[str, Callable[..., object]] = {
            "cp": shutil.copy,
            "mv": shutil.move,
            "rm": lambda *names: [Path(name).unlink() for name in names],
            "zip": _zip,
            "mkdir": lambda name: Path(name).mkdir(),
            "touch": lambda name: Path(name).touch(),
            "ls": lambda name: print(*sorted(path.name for path in Path(name).iterdir()), sep="\n"),
            "cat": lambda name: print(Path(name).read_text("utf-8-sig"), end=""),
            "replace": _replace,
            "cut": lambda name, size: os.truncate(name, int(size)),
            "spoil": _spoil,
        }

    def play(self, text: str) -> str:
        """The transcript with the answers that the commands give now."""
        lines = text.splitlines()
        said: list[str] = []
        while lines:
            line = lines.pop(0)
            said.append(line)
            if line.startswith(("$ ", "@ ")):
                below = [lines.pop(0) for _ in range(_answer_length(lines))]
                said += self._put(line[2:], below) if line[0] == "@" else self._answer(line[2:])
        return "\n".join(said) + "\n"

    def _put(self, name: str, below: list[str]) -> list[str]:
        (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / name).write_text("".join(f"{line[2:]}\n" for line in below), "utf-8")
        return below

    def _answer(self, command: str) -> list[str]:
        out, err = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.TextIOWrapper(io.BytesIO(), "utf-8")
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            target, code = self._type(command)
        product = _written(out)
        if target:
            (self.folder / target).write_bytes(product)
            product = b""
        lines = [f"  {line or '.'}" for line in self._steady(product.decode()).splitlines()]
        lines += [f"! {line or '.'}" for line in self._steady(_written(err).decode()).splitlines()]
        return [line.rstrip() for line in lines] + ([f"= {code}"] if code else [])

    def _type(self, command: str) -> tuple[str, int]:
        """Run the command; returns the file that its product goes to and the exit code."""
        typed, _, target = command.partition(" > ")
        words = shlex.split(typed)
        settings = {}
        while "=" in words[0]:
            name, _, settings[name] = words.pop(0).partition("=")
        words = [name for word in words for name in self._expanded(word)]
        with _environment(ENVIRONMENT | settings):
            if words[0] == "testamur":
                if words[1:2] == ["publish"]:
                    _next_second()
                return target.strip(), run(words[1:])
            self.verbs[words[0]](*words[1:])
            return target.strip(), 0

    def _expanded(self, word: str) -> list[str]:
        return sorted(str(path) for path in Path().glob(word)) or [word] if "*" in word else [word]

    def _steady(self, text: str) -> str:
        text = text.replace(str(self.folder.resolve()), "<here>")
        for pattern, name in _CHANGING:
            text = re.sub(pattern, name, text)
        for day, name in self.days.items():
            text = text.replace(day, name)
        return text


def _next_second() -> None:
    """Wait for the next second: what is published in the same one as before is the same, and not written anew."""
    now = time.time()
    time.sleep(1 - now % 1)


def _answer_length(lines: list[str]) -> int:
    return next((n for n, line in enumerate(lines) if not line.startswith(_ANSWER)), len(lines))


def _days() -> Iterator[tuple[str, str]]:
    """Today as it is written here and there; tomorrow too, for a run through midnight."""
    for day in (datetime.now(UTC), datetime.now(UTC) + timedelta(days=1)):
        yield f"{day:%Y-%m-%d}", "<today>"
        yield f"{day.day} {day:%B %Y}", "<today>"
        yield f"{day + timedelta(days=90):%Y-%m-%d}", "<in 90 days>"


def _written(stream: io.TextIOWrapper) -> bytes:
    stream.flush()
    return stream.buffer.getvalue()  # type: ignore[attr-defined]


def _replace(name: str, old: str, new: str) -> None:
    text = Path(name).read_text("utf-8")
    assert old in text, f"{name} does not say {old!r}"
    Path(name).write_text(text.replace(old, new), "utf-8")


def _zip(target: str, *names: str) -> None:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.write(name, Path(name).name)


def _spoil(name: str) -> None:
    """Change one bit in the middle."""
    data = bytearray(Path(name).read_bytes())
    data[len(data) // 2] ^= 1
    Path(name).write_bytes(data)


@contextlib.contextmanager
def _environment(settings: dict[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(settings)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def main(names: list[str]) -> None:
    """Write the answers of these transcripts anew."""
    for path in [Path(name).resolve() for name in names]:
        with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
            path.write_text(Stage(Path(folder)).play(path.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])

"""How many diplomas the verifier app answers through HTTP, and how soon a picture and a file are.

``python -m benchmarks.serving [--workers 2] [--seconds 10] [--clients 8]``: starts ``testamur serve
verifier`` as a process with its lists at hand, warms it, and asks on connections that are kept.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

from PIL import Image

from benchmarks.paper import Damage, photograph
from testamur import papercode
from testamur.trust import add_issuer
from tests.mirrors import write_mirror
from tests.scanning import papers
from tests.town import School, Town

AIM = 300  # answers a second, with the clients on the same machine
MEGAPIXELS = (4000, 3000)


@dataclass(frozen=True)
class Rate:
    """What a load brought about."""

    a_second: float
    median: float  # milliseconds
    p99: float
    failures: int
    cpu: float  # milliseconds of the app and of its readers of pictures, for each answer

    def __str__(self) -> str:
        return (
            f"{self.a_second:6.0f} a second, median {self.median:.1f} ms, p99 {self.p99:.1f} ms, "
            f"{self.cpu:.1f} ms of CPU each, {self.failures} failures"
        )


@dataclass(frozen=True)
class App:
    """A running app."""

    port: int
    process: int


def desk(folder: Path, school: School) -> None:
    """A trust file and a copy of what the school publishes."""
    write_mirror(school, folder / "public")
    (folder / "trusted.toml").write_text(add_issuer("", school.trusted()))


@contextmanager
def verifier(school: School, workers: int) -> Iterator[App]:
    """The app as a process."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        desk(folder, school)
        process = subprocess.Popen(
            [
                sys.executable, "-m", "testamur", "serve", "verifier", "--port", "0", "--rate", "0",
                "--workers", str(workers), "--trust", "trusted.toml", "--mirror", "public", "--max-age", "3650d",
            ],
            cwd=folder, stderr=subprocess.PIPE, text=True, env={**os.environ, "XDG_CACHE_HOME": name},
        )  # fmt: skip
        try:
            line = process.stderr.readline() if process.stderr else ""
            found = re.search(r"127\.0\.0\.1:(\d+)", line)
            if found is None:
                raise SystemExit(f"the app did not start: {line}")
            yield App(int(found[1]), process.pid)
        finally:
            process.terminate()
            process.wait(20)


async def _ask(port: int, body: bytes, kind: str, until: float, times: list[float], wrong: list[int]) -> None:
    """One client: the same question again and again on one connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = (
        f"POST /verify HTTP/1.1\r\nhost: here\r\ncontent-type: {kind}\r\ncontent-length: {len(body)}\r\n\r\n"
    )
    while time.perf_counter() < until:
        begun = time.perf_counter()
        writer.write(head.encode() + body)
        answer = await reader.readuntil(b"\r\n\r\n")
        length = int(answer.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
        told = await reader.readexactly(length)
        times.append(1000 * (time.perf_counter() - begun))
        if b'"headline":"genuine"' not in told:
            wrong.append(1)
    writer.close()


def cpu_of(process: int) -> float:
    """The seconds of CPU that a process and all below it have used."""
    listed = subprocess.run(
        ["ps", "-e", "-o", "pid=,ppid="], check=True, capture_output=True, text=True
    ).stdout
    parents = {int(pid): int(parent) for pid, parent in (line.split() for line in listed.splitlines())}
    family, grown = {process}, True
    while grown:
        more = {pid for pid, parent in parents.items() if parent in family} - family
        family, grown = family | more, bool(more)
    return sum(_cpu(pid) for pid in family) / os.sysconf("SC_CLK_TCK")


def _cpu(pid: int) -> int:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return int(fields[11]) + int(fields[12])


def load(app: App, body: bytes, kind: str, *, clients: int, seconds: float) -> Rate:
    """The rate at which clients at the same time are answered."""

    async def all_of_them() -> tuple[list[float], list[int]]:
        times: list[float] = []
        wrong: list[int] = []
        until = time.perf_counter() + seconds
        await asyncio.gather(*(_ask(app.port, body, kind, until, times, wrong) for _ in range(clients)))
        return times, wrong

    before, begun = cpu_of(app.process), time.perf_counter()
    times, wrong = asyncio.run(all_of_them())
    took, used = time.perf_counter() - begun, cpu_of(app.process) - before
    p99 = quantiles(times, n=100)[98] if len(times) > 1 else times[0]
    return Rate(len(times) / took, median(times), p99, len(wrong), 1000 * used / len(times))


def photo(school: School) -> bytes:
    """A twelve-megapixel photograph of a printed diploma."""
    import random

    code = papercode.encode(school.issue_paper().text, papers.HOST)
    page = papers.page(papers.code(code)).convert("L")
    held = photograph(
        page, Damage(blur=0.08, quality=70, turn=4.0, perspective=0.05, dots=150), random.Random(7)
    )
    picture = Image.open(io.BytesIO(held)) if isinstance(held, bytes) else held
    table = Image.effect_noise(MEGAPIXELS, 24).point(lambda level: level * 0.7)
    scale = min(0.94 * MEGAPIXELS[0] / picture.width, 0.94 * MEGAPIXELS[1] / picture.height)
    size = int(picture.width * scale), int(picture.height * scale)
    table.paste(picture.convert("L").resize(size, Image.Resampling.BICUBIC), (80, 60))
    return papers.saved(table.convert("RGB"), "JPEG", quality=80)


def main() -> None:
    """Print every figure."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    asked.add_argument("--workers", type=int, default=2)
    asked.add_argument("--clients", type=int, default=8)
    asked.add_argument("--seconds", type=float, default=10.0)
    options = asked.parse_args()
    school = Town().school
    diploma, picture = school.issue().text.encode(), photo(school)
    token = school.issue_paper().text.encode()
    rates: dict[str, float] = {}
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores, {options.workers} workers")
    with verifier(school, options.workers) as app:
        for name, body, kind in (("JSON", diploma, "application/vc"), ("token", token, "application/vc+jwt")):
            load(app, body, kind, clients=options.clients, seconds=2)  # every worker warm
            found = load(app, body, kind, clients=options.clients, seconds=options.seconds)
            rates[name] = found.a_second
            print(f"{name:6} {found}")
            print(f"{name:6} alone {load(app, body, kind, clients=1, seconds=3)}")
        load(app, picture, "image/jpeg", clients=options.workers, seconds=3)
        print(
            f"photo  alone ({len(picture):,} bytes) {load(app, picture, 'image/jpeg', clients=1, seconds=5)}"
        )
    for name, rate in rates.items():
        passed = "passed" if rate >= AIM else "missed"
        print(f"{name:6} {rate:.0f} answers a second by the clock, the aim is {AIM}: {passed}")


if __name__ == "__main__":
    main()

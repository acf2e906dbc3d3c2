"""Many at once: rows a second through the public acts, with one process and with two."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.diplomas import World
from benchmarks.own import AT, NOW
from benchmarks.pressing import keeping, pressing
from testamur.issuing import Draft, Issuer
from testamur.proofs import DataIntegrity, decode, open_document
from testamur.store import Ledger

Act = Callable[[int], None]

_BATCH = 500
IN_MEMORY = "a cohort, both forms, in memory"


@dataclass(frozen=True, slots=True)
class Rate:
    """How many were done in a second, all processes together."""

    what: str
    processes: int
    per_second: float


def rates(rows: int) -> Iterator[Rate]:
    """Each act with one process and two, alternating; each process works through as many rows."""
    measured: dict[tuple[str, int], list[float]] = {}
    for _ in range(2):
        for processes in (1, 2):
            for what in _ACTS:
                measured.setdefault((what, processes), []).append(rate(what, processes, rows))
    for (what, processes), found in sorted(measured.items()):
        yield Rate(what, processes, max(found))


def rate(what: str, processes: int, rows: int) -> float:
    """Rows a second between the moment when all are ready and the moment when the last is done."""
    context = get_context("spawn")
    barrier = context.Barrier(processes + 1)
    working = [context.Process(target=_work, args=(what, rows, barrier)) for _ in range(processes)]
    for process in working:
        process.start()
    barrier.wait(120)
    start = time.perf_counter()
    barrier.wait(600)
    seconds = time.perf_counter() - start
    for process in working:
        process.join()
    return processes * rows / seconds


def _work(what: str, rows: int, barrier: Barrier) -> None:
    with TemporaryDirectory() as folder:
        act = _ACTS[what](World(), Path(folder))
        act(_BATCH)
        barrier.wait()
        act(rows)
        barrier.wait()


def issuing(world: World, folder: Path) -> Act:
    ledger = Ledger.open(f"sqlite:///{folder}/ledger.sqlite")
    issuer = Issuer(world.signers["Ed25519"], ledger, "valdoria", f"https://{world.school.host}/status")
    kept = [
        {name: value for name, value in document.items() if name not in ("id", "credentialStatus")}
        for document in world.documents
    ]

    def issue(rows: int) -> None:
        drafts = (Draft(document=kept[number % len(kept)], at=AT) for number in range(rows))
        for _ in issuer.issue_many(drafts):
            pass

    return issue


def _signing(world: World, folder: Path) -> Act:
    how, signer, texts = DataIntegrity(), world.signers["Ed25519"], world.texts

    def sign(rows: int) -> None:
        for number in range(rows):
            how.secure(texts[number % len(texts)], signer, at=AT)

    return sign


def _secured(world: World) -> list[str]:
    signer = world.signers["Ed25519"]
    return [DataIntegrity().secure(text, signer, at=AT).text for text in world.texts]


def verifying(world: World, folder: Path) -> Act:
    secured = _secured(world)

    def verify(rows: int) -> None:
        for number in range(rows):
            world.employer.verify(decode(secured[number % len(secured)]), at=NOW)

    return verify


def _opening(world: World, folder: Path) -> Act:
    secured = _secured(world)

    def verify(rows: int) -> None:
        for number in range(rows):
            open_document(decode(secured[number % len(secured)]), world.resolver.method)

    return verify


def _pressing(world: World, folder: Path) -> Act:
    return pressing(world)


_ACTS: dict[str, Callable[[World, Path], Act]] = {
    IN_MEMORY: _pressing,
    "a cohort, both forms, into SQLite": keeping,
    "issue_many, one form, into SQLite": issuing,
    "signed, one form": _signing,
    "verified, every check": verifying,
    "verified, proof alone": _opening,
}

"""``python -m benchmarks``: everything in one run, alternating, on one core unless it says otherwise."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.aims import aims_table
from benchmarks.bulk import rates
from benchmarks.copies import copy_ways
from benchmarks.crossing import Crossing, crossings
from benchmarks.diplomas import World
from benchmarks.measuring import Contender, Figure, alternate
from benchmarks.memory import Peak, peaks
from benchmarks.own import own_ways
from benchmarks.peers import PEERS, LeftOut, Peer, peer_ways, start
from benchmarks.pressing import press_ways
from benchmarks.pyld_path import pyld_ways
from benchmarks.sd_jwts import sd_jwt_ways
from benchmarks.sizes import size_ways
from benchmarks.tables import Table, block_tables, size_table


class Run:
    """One run: how long its turns are, which parts of it are wanted, and what it found."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.only: list[str] = options.only
        self.rounds, self.seconds, self.rows = (3, 0.05, 1500) if options.quick else (9, 0.15, 4000)
        self.world = World()
        self.figures: list[Figure] = []
        self.tables: list[Table] = []
        self.left_out: list[str] = []
        self.refused: dict[str, None] = {}
        self.machine = machine()  # before anything of ours makes it busy

    def wants(self, name: str) -> bool:
        """Whether a part was asked for: by a piece of its name, or by asking for nothing in particular."""
        return not self.only or any(piece in name for piece in self.only)

    def suites(self) -> None:
        """Every suite and format, ours and the peers', in alternation."""
        with TemporaryDirectory() as folder, ExitStack() as stack:
            own = [*own_ways(self.world, Path(folder)), *copy_ways(self.world), *sd_jwt_ways(self.world)]
            own += press_ways(self.world)
            contenders = [*own, *pyld_ways(self.world)]
            peers = list(self._peers(stack))
            for _, ways in peers:
                contenders += ways
            wanted = [each for each in contenders if self.wants(each.block)]
            self.figures = alternate(wanted, rounds=self.rounds, seconds=self.seconds)
            self.tables += block_tables(self.figures)
            self.tables.append(aims_table(self.figures))
            if self.wants("crossing"):
                self._cross([peer for peer, _ in peers])
            if self.wants("memory"):
                self._memory([peer for peer, _ in peers])

    def sizes(self) -> None:
        """Documents of one to thirty-two kilobytes."""
        found = alternate(list(size_ways(self.world)), rounds=self.rounds, seconds=self.seconds / 3)
        self.figures += found
        self.tables.append(size_table(found))

    def bulk(self) -> None:
        """One process and two."""
        lines = [
            (rate.what, str(rate.processes), f"{rate.per_second:,.0f}", f"{1e6 / rate.per_second:,.0f} s")
            for rate in rates(self.rows)
        ]
        self.tables.append(
            Table("Bulk, eddsa-rdfc-2022", ("diplomas", "processes", "a second", "a million"), tuple(lines))
        )

    def _peers(self, stack: ExitStack) -> Iterator[tuple[Peer, list[Contender]]]:
        for kind in PEERS:
            try:
                peer, acts = start(kind, self.world)
            except LeftOut as error:
                self.left_out.append(f"{kind.name}: {error}")
                continue
            stack.enter_context(peer)
            for act in acts:
                if act.get("refuses") or act.get("refused"):
                    said = act.get("refuses") or act["refused"]
                    self.refused[f"{kind.name} does not take the diploma ({act['block']}): {said}"] = None
            yield peer, list(peer_ways(peer, acts))

    def _cross(self, peers: list[Peer]) -> None:
        found: list[Crossing] = []
        for peer in peers:
            if peer.kind.crosses:
                found += crossings(self.world, peer)
        lines = tuple((each.sentence, f"{each.held} of {each.cases}") for each in found)
        if lines:
            self.tables.append(Table("Across implementations, eddsa-rdfc-2022", ("", "held"), lines))

    def _memory(self, peers: list[Peer]) -> None:
        found = [
            *peaks(),
            *(Peak(f"{peer.kind.name}, as measured", peer.ask({"memory": 1}) / 1024) for peer in peers),
        ]
        lines = tuple((each.what, f"{each.megabytes:.0f}") for each in found)
        self.tables.append(Table("Memory, the peak of a process", ("", "MB"), lines))


def main() -> None:
    """Measure what was asked for and print it."""
    options = _options()
    run = Run(options)
    parts: dict[str, Callable[[], None]] = {"sizes": run.sizes, "bulk": run.bulk}
    if not run.only or any(piece not in part for piece in run.only for part in parts):
        run.suites()
    for name, part in parts.items():
        if run.wants(name):
            part()
    if options.json:
        print(
            json.dumps({"machine": run.machine, "figures": [asdict(each) for each in run.figures]}, indent=1)
        )
        return
    print(f"{run.machine}\n{about(run.world)}\n")
    for table in run.tables:
        print((table.markdown() if options.markdown else table.text()) + "\n")
    for line in (*run.left_out, *run.refused):
        print(f"left out: {line}" if line in run.left_out else line)


def machine() -> str:
    """When and on what, and whether it was busy with something else."""
    now = datetime.now(UTC)
    load = f", load {os.getloadavg()[0]:.1f} at the start"
    if os.getloadavg()[0] > 0.5:
        load += " (BUSY: calls of many milliseconds are interrupted and short ones are not, which flatters testamur)"
    return f"{now:%Y-%m-%d}, Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} cores{load}"


def about(world: World) -> str:
    """What the figures are of."""
    size = sum(len(text.encode()) for text in world.texts) / len(world.texts) / 1000
    return (
        f"{len(world.texts)} Open Badges 3.0 diplomas of {size:.1f} kB on average, one core, alternating; ratio: of the "
        "median to that of testamur's proof alone.\nProof alone: text to secured text, and back to a checked signature. "
        "Every check: Issuer.issue into a SQLite file; Verifier.verify with keys and lists at hand."
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a short run, for a first impression")
    parser.add_argument(
        "--only",
        action="append",
        default=[],
        metavar="NAME",
        help="suites, sizes, bulk, memory, crossing: a piece of it",
    )
    parser.add_argument("--json", action="store_true", help="every figure as JSON")
    parser.add_argument("--markdown", action="store_true", help="tables for a page")
    return parser.parse_args()


if __name__ == "__main__":
    main()
    sys.stdout.flush()

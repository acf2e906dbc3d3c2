"""``testamur worker``: signs what `testamur issue --queue` handed over, on any number of hosts."""

from __future__ import annotations

import signal
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import TYPE_CHECKING

import click

from testamur.console import ask_passphrase, complain, counted, home_option, passphrase_option, talk
from testamur.errors import OperatorError, TestamurError

if TYPE_CHECKING:
    from testamur.cohort import Issued
    from testamur.keys import Signer
    from testamur.store import Ledger


@click.command()
@click.option("--store", metavar="URL", help="The ledger in PostgreSQL [the one of the home].")
@click.option(
    "--signer",
    "uris",
    metavar="URI",
    multiple=True,
    help="The key, where there is no home: file:PATH or pkcs11:…; again for the keys of further proofs.",
)
@click.option(
    "--jobs", type=click.IntRange(1, 256), help="How many processes work [as many as there are cores]."
)
@click.option("--once", is_flag=True, help="End when nothing is left to do.")
@home_option
@passphrase_option
def worker(
    store: str | None,
    uris: tuple[str, ...],
    jobs: int | None,
    once: bool,
    home: str | None,
    passphrase_file: Path | None,
) -> int:
    """Sign the rows that `testamur issue --queue` handed over, until told to stop (SIGTERM, Ctrl-C).

    As many workers as you like, on as many hosts; each needs the ledger's address and the signing key.
    A worker may be killed at any time: another one does its shard again, and nothing is issued twice.
    """
    from testamur.pool import cores

    if uris and not store:
        raise click.UsageError("a key without a home needs the ledger's address: --store URL")
    bench = _Bench(home, store or "", uris, ask_passphrase(passphrase_file)("Passphrase for the key"))
    count = jobs or cores()
    if count == 1:
        bench.work(once=once)
        return 0
    processes = [get_context("spawn").Process(target=_work_beside, args=(bench, once)) for _ in range(count)]
    for process in processes:
        process.start()
    return _wait(processes)


@dataclass(frozen=True, slots=True)
class _Bench:
    """What a process opens before it works."""

    home: str | None
    store: str
    uris: tuple[str, ...]
    passphrase: str = field(repr=False)

    def work(self, *, once: bool) -> None:
        """Work in this process."""
        from testamur.cohort.worker import Worker

        ledger, (signer, *others) = self._open()
        with ledger:
            working = Worker(ledger, signer, others=others, told=_tell)
            talk(f"working for {working.organisation}")
            working.serve(once=once)

    def _open(self) -> tuple[Ledger, list[Signer]]:
        from testamur.home import Home
        from testamur.issuer.signing import active_key, form_keys
        from testamur.keys import open_signer
        from testamur.store import Ledger

        def ask(_: str) -> str:
            return self.passphrase

        if self.uris:
            return Ledger.open(self.store), [open_signer(uri, ask=ask) for uri in self.uris]
        school = Home.find(self.home)
        school = replace(school, store=self.store or school.store)
        ledger = school.ledger()
        entries = (active_key(school, ledger, "assertion"), *form_keys(school, ledger))
        return ledger, [school.signer(entry, ask) for entry in entries]


def _tell(plan: int, number: int, issued: Issued) -> None:
    known = f", {issued.known:,} had one" if issued.known else ""
    talk(f"shard {number + 1} of plan {plan}: {counted(issued.new, 'record')}{known}")


def _work_beside(bench: _Bench, once: bool) -> None:
    from testamur.pool import end_with_parent

    end_with_parent()
    try:
        bench.work(once=once)
    except TestamurError as error:
        complain(error)
        raise SystemExit(2) from None


def _wait(processes: Sequence[BaseProcess]) -> int:
    """Wait for all; what this process is told to do, it tells them."""

    def forward(_signal: int, _frame: object) -> None:
        for process in processes:
            process.terminate()

    signal.signal(signal.SIGTERM, forward)
    signal.signal(signal.SIGINT, forward)
    for process in processes:
        process.join()
    lost = sum(process.exitcode != 0 for process in processes)
    if lost:
        raise OperatorError(
            f"{lost} of {len(processes)} processes did not end as they should", hint="nothing is lost"
        )
    return 0


COMMANDS = {"worker": worker}

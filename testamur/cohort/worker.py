"""A worker: takes shards that were handed over, from whatever host it runs on, signs them and keeps them."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Sequence

from testamur.cohort.queue import Queue, serve
from testamur.cohort.shard import Issued, ShardWork
from testamur.cohort.task import Task, unpack
from testamur.errors import Malformed, OperatorError, Refused
from testamur.issuing import Issuer
from testamur.keys import Signer
from testamur.store import ACTIVE, ASSERTION, FORMS, Ledger
from testamur.ways import further_forms, second_proofs, terms_of

_LOOK_AGAIN = 5.0  # seconds after which shards that a lost worker had are queued once more
_MOST_FAILURES = 3

Told = Callable[[int, int, Issued], None]
"""Told of each shard (plan, number) that was done here."""


class Worker:
    """Does shards for the organisation whose keys it has; one process, one shard at a time."""

    def __init__(
        self, ledger: Ledger, signer: Signer, *, others: Sequence[Signer] = (), told: Told | None = None
    ) -> None:
        self._ledger, self._signer, self._others, self._told = ledger, signer, others, told
        self.organisation = signer.verification_method.partition("#")[0]
        self._works: dict[tuple[int, str], ShardWork] = {}
        self._failures = 0
        self.error: OperatorError | None = None
        self._refuse_other_key()

    def serve(self, *, once: bool = False) -> None:
        """Work until told to stop, or with ``once`` until nothing waits; raises OperatorError when it cannot work."""
        with Queue.opened(self._ledger.conninfo, self.organisation) as queue:
            queue.clear()
            queue.add(self._ledger.unclaimed(self.organisation))
            ended = threading.Event()
            sweeping = threading.Thread(target=self._sweep, args=(queue, ended), daemon=True)
            sweeping.start()
            try:
                serve(self._ledger.conninfo, self.organisation, self.shard, once=once)
            finally:
                ended.set()
                sweeping.join()
        if self.error:
            raise self.error

    def shard(self, plan: int, number: int) -> None:
        """Do a shard unless it is done or another worker has it; what is wrong with its rows is written beside it."""
        try:
            with self._ledger.claim(plan, number) as mine:
                data = self._ledger.handed_over(plan, number) if mine else None
                if data is None:
                    return
                try:
                    issued = self._work(plan)((number, unpack(data)))
                except (Malformed, Refused) as error:
                    self._ledger.fail_shard(plan, number, error.message)
                    return
            self._failures = 0
            if self._told:
                self._told(plan, number, issued)
        except OperatorError as error:
            self._give_up(plan, number, error)

    def _give_up(self, plan: int, number: int, error: OperatorError) -> None:
        """The shard is left to others; a worker that fails again and again ends."""
        self._failures += 1
        self.error = error
        try:
            self._ledger.note_shard(plan, number, error.message)
        except OperatorError:
            self._failures = _MOST_FAILURES  # the ledger itself is out of reach
        if self._failures >= _MOST_FAILURES:
            os.kill(os.getpid(), signal.SIGTERM)
        else:
            self.error = None

    def _work(self, plan: int) -> ShardWork:
        found = self._ledger.find_plan(plan)
        if found is None or found.organisation != self.organisation:
            raise OperatorError(f"plan {plan} is not one of {self.organisation}")
        if (plan, found.task) not in self._works:
            task = Task.parse(found.task)
            cohort = task.cohort()
            signers, template = (self._signer, *self._others), cohort.template
            forms = dict.fromkeys((*template.forms, *task.forms))
            issuer = Issuer(
                self._signer,
                self._ledger,
                self.organisation,
                task.status_url,
                second_proofs=second_proofs(template.second_proof, signers),
                forms=further_forms(tuple(forms), signers, terms_of(template, task.issuer_url)),
            )
            work = ShardWork(cohort, issuer, plan=plan, changed=task.changed)
            self._works = {(plan, found.task): work}
        return self._works[plan, found.task]

    def _sweep(self, queue: Queue, ended: threading.Event) -> None:
        while not ended.wait(_LOOK_AGAIN):
            try:
                queue.add(self._ledger.unclaimed(self.organisation))
            except OperatorError:
                continue  # the database is away; the jobs are looked for again

    def _refuse_other_key(self) -> None:
        """Only active keys of the organisation may sign; raises OperatorError for any other."""
        known = {
            (f"{self.organisation}#{key.id}", key.multikey): key.use
            for key in self._ledger.keys(self.organisation)
            if key.state == ACTIVE
        }
        for signer, use in ((self._signer, ASSERTION), *((other, FORMS) for other in self._others)):
            if known.get((signer.verification_method, signer.public_key.multikey)) != use:
                raise OperatorError(
                    f"{signer.verification_method} is no active key of the ledger for {_FOR[use]}",
                    hint="testamur key list shows them",
                )


_FOR = {ASSERTION: "diplomas", FORMS: "forms"}

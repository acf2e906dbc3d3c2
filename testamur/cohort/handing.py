"""A cohort handed to workers on other hosts: its shards are put where they can be read, and waited for."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from testamur.cohort.meter import Meter, Progress
from testamur.cohort.plan import Cohort
from testamur.cohort.queue import Queue
from testamur.cohort.run import keep_look, plan_cohort
from testamur.cohort.shard import SHARD_ROWS
from testamur.cohort.task import Task, pack
from testamur.errors import OperatorError
from testamur.issuing import Issuer
from testamur.store import DONE, FAILED, OPEN, Shard

_LOOK_AGAIN = 0.5  # seconds
_QUEUE_AGAIN = 3.0  # seconds after which shards that nobody has are queued once more
_SILENCE = 20.0  # seconds without progress after which somebody should know why

Say = Callable[[str], None]


def issue_elsewhere(
    cohort: Cohort,
    issuer: Issuer,
    task: Task,
    *,
    shard_rows: int = SHARD_ROWS,
    progress: Progress | None = None,
    say: Say | None = None,
) -> None:
    """Hand the shards that are not done to workers and wait until all are; raises OperatorError where one cannot be.

    Whoever waits may be stopped: the workers go on, and the same call waits for the rest of them.
    """
    with Queue.opened(issuer.ledger.conninfo, issuer.organisation) as queue:
        keep_look(cohort, issuer)
        plan = plan_cohort(cohort, issuer, shard_rows, anew=task.changed, task=task.text)
        wanted = {shard.number for shard in issuer.ledger.shards(plan) if shard.state == OPEN}
        for number, portion in enumerate(cohort.rows.portions(shard_rows)):
            if number in wanted:
                issuer.ledger.hand_over(plan, number, pack(portion))
                queue.add([(plan, number)])
        _Watch(issuer, queue, plan, progress, say).until_done()
        issuer.ledger.drop_rows(plan)
        queue.clear()


class _Watch:
    """Looks at the shards of a plan until they are done, and sees to it that each waits for somebody."""

    def __init__(
        self, issuer: Issuer, queue: Queue, plan: int, progress: Progress | None, say: Say | None
    ) -> None:
        self._issuer, self._queue, self._plan, self._say = issuer, queue, plan, say
        shards = issuer.ledger.shards(plan)
        self._done = _rows_done(shards)
        self._meter = Meter(sum(shard.rows for shard in shards), progress, done=self._done)
        self._moved = self._queued = time.monotonic()

    def until_done(self) -> None:
        while True:
            shards = self._issuer.ledger.shards(self._plan)
            self._tell(shards)
            for shard in shards:
                if shard.state == FAILED:
                    raise OperatorError(
                        f"shard {shard.number + 1} of {len(shards)} was not issued: {shard.note}",
                        hint="put the sheet right and run the same command again; what is issued stays",
                    )
            if all(shard.state == DONE for shard in shards):
                return
            time.sleep(_LOOK_AGAIN)

    def _tell(self, shards: Sequence[Shard]) -> None:
        now = time.monotonic()
        done = _rows_done(shards)
        if done != self._done:
            self._meter.add(done - self._done)
            self._done, self._moved = done, now
        if now - self._queued > _QUEUE_AGAIN:
            self._queue.add(self._issuer.ledger.unclaimed(self._issuer.organisation))
            self._queued = now
        if self._say and now - self._moved > _SILENCE:
            notes = [shard.note for shard in shards if shard.note and shard.state == OPEN]
            self._say(
                notes[0] if notes else "waiting for a worker: start `testamur worker` on one host or many"
            )
            self._moved = now


def _rows_done(shards: Sequence[Shard]) -> int:
    return sum(shard.rows for shard in shards if shard.state == DONE)

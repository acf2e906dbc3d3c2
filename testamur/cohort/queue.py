"""The queue of shards that wait for a worker: Procrastinate's, in the ledger's own PostgreSQL database.

A job carries the numbers of a plan and a shard and nothing else. The ledger says what is to be done
and what is done, so a job too many does no harm and a job that was lost is made again.
"""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from hashlib import blake2b

from procrastinate import App, PsycopgConnector, SyncPsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException

from testamur.errors import OperatorError

_TASK = "testamur.shard"
_LOST = (
    "DELETE FROM procrastinate_jobs WHERE queue_name = %(queue)s AND (status NOT IN ('todo', 'doing') OR status = 'doing'"
    " AND (worker_id IS NULL OR worker_id NOT IN (SELECT id FROM procrastinate_workers"
    " WHERE last_heartbeat > now() - interval '1 minute')))"
)

Shards = Iterable[tuple[int, int]]
"""Plan and number of each."""


class Queue:
    """The queue of one organisation's shards."""

    def __init__(self, app: App, name: str) -> None:
        self._app, self._name = app, name

    @classmethod
    @contextmanager
    def opened(cls, conninfo: str, organisation: str) -> Iterator[Queue]:
        """The queue, its tables made where they are not there; raises OperatorError with a ledger in SQLite."""
        if not conninfo:
            raise OperatorError(
                "work can be handed to other hosts only with a ledger in PostgreSQL",
                hint="move the ledger: testamur backup, then testamur restore --store postgresql+psycopg://…",
            )
        app = App(connector=SyncPsycopgConnector(conninfo=conninfo, min_size=1, max_size=2))
        with _explained(), app.open():
            _make_tables(app)
            yield cls(app, _queue_name(organisation))

    def add(self, shards: Shards) -> None:
        """Queue the shards that are not waiting already."""
        wanted = {f"{plan}/{number}": (plan, number) for plan, number in shards}
        if not wanted:
            return
        waiting = {
            job.queueing_lock for job in self._app.job_manager.list_jobs(queue=self._name, status="todo")
        }
        for lock, (plan, number) in wanted.items():
            if lock not in waiting:
                with contextlib.suppress(AlreadyEnqueued):
                    self._app.configure_task(_TASK, queue=self._name, queueing_lock=lock).defer(
                        plan=plan, number=number
                    )

    def clear(self) -> None:
        """Drop the jobs of workers that are gone; their shards have jobs of their own again, or are done."""
        self._app.connector.get_sync_connector().execute_query(_LOST, queue=self._name)


def serve(conninfo: str, organisation: str, work: Callable[[int, int], None], *, once: bool) -> None:
    """Do ``work(plan, number)`` for one job after the other, until we are told to stop or, with ``once``, none waits.

    SIGTERM and SIGINT end it when the job at hand is done.
    """
    logging.getLogger("procrastinate").setLevel(logging.ERROR)
    app = App(connector=PsycopgConnector(conninfo=conninfo, min_size=1, max_size=3))
    app.task(name=_TASK)(work)
    with _explained():
        app.run_worker(
            queues=[_queue_name(organisation)],
            wait=not once,
            delete_jobs="always",
            fetch_job_polling_interval=2.0,
            install_signal_handlers=threading.current_thread() is threading.main_thread(),
        )


def _make_tables(app: App) -> None:
    if app.check_connection():
        return
    try:
        app.schema_manager.apply_schema()
    except ConnectorException:
        if not app.check_connection():  # another process made them at the same time
            raise


def _queue_name(organisation: str) -> str:
    """A name that fits into a channel of PostgreSQL, which has room for 40 letters of it."""
    return f"testamur-{blake2b(organisation.encode(), digest_size=12).hexdigest()}"


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except ConnectorException as error:
        said = str(error.__cause__ or error).strip().partition("\n")[0]
        raise OperatorError(f"the queue's database reports: {said:.200}") from None

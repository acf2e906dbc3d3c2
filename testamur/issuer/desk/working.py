"""The worker: takes jobs out of the database one by one, so that a browser may be closed and a server may die."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from threading import Event, Thread

from testamur.errors import TestamurError
from testamur.issuer.desk.office import Office
from testamur.issuer.desk.school import School
from testamur.store.desk import Job, JobState, jobs

Told = Callable[[int, int], None]
"""Told how many are done, of how many."""

Work = Callable[[Office, School, Job, Told], str]
"""Does a job and gives its result; what it raises on purpose becomes the job's note."""

Round = Callable[[Office], None]
"""Looks after something again and again."""

_REST = 0.5
_ROUND = 60.0
_BEAT = 5.0
_LOG = logging.getLogger("uvicorn.error")


class Worker:
    """Does the jobs of an office in a thread of its own."""

    def __init__(
        self, office: Office, works: Mapping[str, Work], rounds: Sequence[Round] = (), *, rest: float = _REST
    ) -> None:
        self._office, self._works, self._rounds, self._rest = office, works, rounds, rest
        self._went = 0.0
        self._stopped = Event()
        self._thread = Thread(target=self._run, name="testamur-worker", daemon=True)

    def start(self) -> None:
        """Begin; what was left unfinished comes first."""
        self._thread.start()

    def stop(self) -> None:
        """End after the job at hand."""
        self._stopped.set()
        self._thread.join(60)

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                if not self._went or time.monotonic() - self._went > _ROUND:
                    self.go_round()
                worked = self.work_once()
            except TestamurError as error:  # the database does not answer: it will again
                _LOG.error("the worker waits: %s", type(error).__name__)
                worked = False
            if not worked:
                self._stopped.wait(self._rest)

    def go_round(self) -> None:
        """Look after what has to be looked after."""
        self._went = time.monotonic()
        for look_after in self._rounds:
            look_after(self._office)

    def work_once(self) -> bool:
        """Do one job, where there is one."""
        with self._office.people.reading() as connection:
            if not jobs.is_any(connection, self._office.now()):
                return False
        with self._office.people.writing() as connection:
            job = jobs.take(connection, self._office.now())
        if job is None:
            return False
        state, note, result = JobState.DONE, "", ""
        try:
            with self._alive(job):
                result = self._do(job)
        except TestamurError as error:
            state, note = JobState.FAILED, str(error)
        except Exception as error:
            _LOG.exception("a job of the kind %s", job.kind)
            state, note = JobState.FAILED, f"something is wrong with this program ({type(error).__name__})"
        with self._office.people.writing() as connection:
            jobs.finish(connection, job.id, state, self._office.now(), note=note, result=result)
        return True

    def _do(self, job: Job) -> str:
        school = self._office.school_of(job.organisation)
        if school is None:
            return ""
        last = 0.0

        def told(done: int, total: int) -> None:
            nonlocal last
            if time.monotonic() - last > 1 or done == total:
                last = time.monotonic()
                with self._office.people.writing() as connection:
                    jobs.note(connection, job.id, self._office.now(), done=done, total=total)

        return self._works[job.kind](self._office, school, job, told)

    @contextmanager
    def _alive(self, job: Job) -> Iterator[None]:
        """Keeps the lease while the job is being done."""
        over = Event()

        def beat() -> None:
            while not over.wait(_BEAT):
                with self._office.people.writing() as connection:
                    jobs.renew(connection, job.id, self._office.now())

        Thread(target=beat, daemon=True).start()
        try:
            yield
        finally:
            over.set()

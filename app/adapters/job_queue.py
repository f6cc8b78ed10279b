"""Where work goes that nobody waits for. The row in the database is the job; this only wakes it."""

from __future__ import annotations

import queue
import threading
from collections import deque
from collections.abc import Callable, Mapping
from typing import Protocol
from uuid import UUID

import structlog

log = structlog.get_logger(__name__)
Run = Callable[[str, UUID], None]


class JobQueue(Protocol):
    """Losing what was enqueued is allowed: the sweeper finds the row again."""

    def start(self, run: Run) -> None:
        """Begin to work; `run` is called with a job's name and its row's id."""

    def enqueue(self, name: str, row_id: UUID) -> None:
        """Ask for the job to be run soon. Asking twice for the same row runs it once at a time."""

    def depth(self) -> int:
        """How many jobs wait or run."""

    def stop(self) -> None:
        """Finish what runs, forget what waits."""


class ThreadJobQueue:
    """Threads of this process; where gevent has patched it, that makes them greenlets.

    Native threads would share the locks of the database pool and of the log with the greenlets,
    and wait for them for good: see native_work.

    `lanes` gives some jobs threads of their own, that long work of another kind cannot take: an
    answer must not wait for a document. Threads are started when they are first needed.
    """

    def __init__(self, threads: int, lanes: Mapping[str, int] | None = None) -> None:
        self._common = _Lane(threads)
        self._lanes = {name: _Lane(number) for name, number in (lanes or {}).items()}

    def start(self, run: Run) -> None:
        for lane in self._all():
            lane.run = run

    def enqueue(self, name: str, row_id: UUID) -> None:
        self._lanes.get(name, self._common).enqueue((name, row_id))

    def depth(self) -> int:
        return sum(lane.depth() for lane in self._all())

    def stop(self) -> None:
        for lane in self._all():
            lane.run = None
        for lane in self._all():
            lane.stop()

    def _all(self) -> list[_Lane]:
        return [self._common, *self._lanes.values()]


class _Lane:
    """A line of jobs, and at most so many threads that serve it."""

    def __init__(self, threads: int) -> None:
        self.run: Run | None = None
        self._threads = threads
        self._pending: set[tuple[str, UUID]] = set()
        self._lock = threading.Lock()
        self._waiting: queue.Queue[tuple[str, UUID] | None] = queue.Queue()
        self._workers: list[threading.Thread] = []

    def enqueue(self, job: tuple[str, UUID]) -> None:
        with self._lock:
            if self.run is None or job in self._pending:
                return
            self._pending.add(job)
            if len(self._pending) > len(self._workers) and len(self._workers) < self._threads:
                # They are daemons: a job that hangs must not keep the process from leaving.
                number = len(self._workers)
                worker = threading.Thread(target=self._serve, name=f"job-{number}", daemon=True)
                self._workers.append(worker)
                worker.start()
        self._waiting.put(job)

    def depth(self) -> int:
        return len(self._pending)

    def stop(self) -> None:
        for _ in self._workers:
            self._waiting.put(None)
        for worker in self._workers:
            worker.join()

    def _serve(self) -> None:
        while (job := self._waiting.get()) is not None:
            self._work(*job)

    def _work(self, name: str, row_id: UUID) -> None:
        run = self.run
        try:
            if run is not None:
                run(name, row_id)
        except Exception:
            # The thread must outlive any job; the row's lease brings the job back.
            log.exception("job_failed", job=name, row_id=str(row_id))
        finally:
            with self._lock:
                self._pending.discard((name, row_id))


class HeldJobQueue:
    """Keeps jobs until it is told to run them: the honest stand-in for tests and for commands."""

    def __init__(self) -> None:
        self._waiting: deque[tuple[str, UUID]] = deque()
        self._run: Run | None = None

    def start(self, run: Run) -> None:
        self._run = run

    def enqueue(self, name: str, row_id: UUID) -> None:
        if self._run is not None and (name, row_id) not in self._waiting:
            self._waiting.append((name, row_id))

    def depth(self) -> int:
        return len(self._waiting)

    def run_all(self) -> None:
        while self._waiting and self._run is not None:
            self._run(*self._waiting.popleft())

    def stop(self) -> None:
        self._run = None
        self._waiting.clear()

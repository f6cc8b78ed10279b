"""Where work goes that nobody waits for. The row in the database is the job; this only wakes it."""

from __future__ import annotations

import queue
import threading
from collections import deque
from collections.abc import Callable
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
    """

    def __init__(self, threads: int) -> None:
        self._threads = threads
        self._pending: set[tuple[str, UUID]] = set()
        self._lock = threading.Lock()
        self._run: Run | None = None
        self._waiting: queue.Queue[tuple[str, UUID] | None] = queue.Queue()
        self._workers: list[threading.Thread] = []

    def start(self, run: Run) -> None:
        self._run = run
        # They are daemons: a job that hangs must not keep the process from leaving.
        self._workers = [
            threading.Thread(target=self._serve, name=f"job-{number}", daemon=True)
            for number in range(self._threads)
        ]
        for worker in self._workers:
            worker.start()

    def enqueue(self, name: str, row_id: UUID) -> None:
        with self._lock:
            if self._run is None or (name, row_id) in self._pending:
                return
            self._pending.add((name, row_id))
        self._waiting.put((name, row_id))

    def depth(self) -> int:
        return len(self._pending)

    def stop(self) -> None:
        self._run = None
        for _ in self._workers:
            self._waiting.put(None)
        for worker in self._workers:
            worker.join()

    def _serve(self) -> None:
        while (job := self._waiting.get()) is not None:
            self._work(*job)

    def _work(self, name: str, row_id: UUID) -> None:
        run = self._run
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

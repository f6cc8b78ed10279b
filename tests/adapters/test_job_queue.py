"""Where work goes that nobody waits for; test_under_gevent.py runs all of this once more."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from uuid import UUID, uuid4

import pytest

from app.adapters.job_queue import HeldJobQueue, JobQueue, ThreadJobQueue

LONG = 10.0


class Bench:
    """A queue, the jobs that it has run, and a gate that a test may shut before them."""

    def __init__(self, queue: JobQueue) -> None:
        self.queue = queue
        self.done: list[tuple[str, UUID]] = []
        self.at_once = self.most_at_once = 0
        self.gate = threading.Event()
        self.gate.set()
        self._lock = threading.Lock()

    def run(self, name: str, row_id: UUID) -> None:
        with self._lock:
            self.at_once += 1
            self.most_at_once = max(self.at_once, self.most_at_once)
        self.gate.wait(LONG)
        with self._lock:
            self.at_once -= 1
            self.done.append((name, row_id))
        if name == "fail":
            raise RuntimeError("this job does not work")

    def let_it_work(self) -> None:
        """Wait until nothing waits or runs any more."""
        if isinstance(self.queue, HeldJobQueue):
            self.queue.run_all()
        wait_for(lambda: self.queue.depth() == 0)


@pytest.fixture
def bench() -> Iterator[Bench]:
    bench = Bench(ThreadJobQueue(2))
    bench.queue.start(bench.run)
    yield bench
    bench.gate.set()
    bench.queue.stop()


class TestContract:
    """What services rely on, of threads and of the stand-in alike."""

    @pytest.fixture(params=[HeldJobQueue, lambda: ThreadJobQueue(2)], ids=["held", "threads"])
    def queue(self, request: pytest.FixtureRequest) -> JobQueue:
        made: JobQueue = request.param()
        return made

    @pytest.fixture
    def bench(self, queue: JobQueue) -> Iterator[Bench]:
        bench = Bench(queue)
        queue.start(bench.run)
        yield bench
        queue.stop()

    def test_what_is_asked_for_before_it_starts_is_not_run(self, queue: JobQueue) -> None:
        queue.enqueue("send_mail", uuid4())
        bench = Bench(queue)
        queue.start(bench.run)
        bench.let_it_work()
        assert bench.done == []
        queue.stop()

    def test_a_job_is_run_with_its_name_and_its_row(self, bench: Bench) -> None:
        row = uuid4()
        bench.queue.enqueue("send_mail", row)
        bench.let_it_work()
        assert bench.done == [("send_mail", row)]

    def test_every_job_is_run(self, bench: Bench) -> None:
        rows = [uuid4() for _ in range(50)]
        for row in rows:
            bench.queue.enqueue("send_mail", row)
        bench.let_it_work()
        assert sorted(row for _, row in bench.done) == sorted(rows)

    def test_one_row_can_be_two_kinds_of_work(self, bench: Bench) -> None:
        row = uuid4()
        bench.queue.enqueue("send_mail", row)
        bench.queue.enqueue("something_else", row)
        bench.let_it_work()
        assert sorted(bench.done) == [("send_mail", row), ("something_else", row)]

    def test_what_is_done_can_be_asked_for_again(self, bench: Bench) -> None:
        row = uuid4()
        for _ in range(2):
            bench.queue.enqueue("send_mail", row)
            bench.let_it_work()
        assert bench.done == [("send_mail", row)] * 2

    def test_after_it_has_stopped_nothing_is_run(self, bench: Bench) -> None:
        bench.queue.stop()
        bench.queue.enqueue("send_mail", uuid4())
        bench.let_it_work()
        assert bench.done == []

    def test_it_can_be_stopped_twice(self, bench: Bench) -> None:
        bench.queue.stop()
        bench.queue.stop()


def test_asking_twice_for_the_same_row_runs_it_once_at_a_time(bench: Bench) -> None:
    bench.gate.clear()
    row = uuid4()
    for _ in range(5):
        bench.queue.enqueue("send_mail", row)
    wait_for(lambda: bench.at_once == 1)
    bench.queue.enqueue("send_mail", row)
    assert bench.queue.depth() == 1
    bench.gate.set()
    bench.let_it_work()
    assert bench.done == [("send_mail", row)]


def test_as_many_run_at_once_as_there_are_threads(bench: Bench) -> None:
    bench.gate.clear()
    for _ in range(6):
        bench.queue.enqueue("send_mail", uuid4())
    wait_for(lambda: bench.at_once == 2)
    time.sleep(0.1)
    assert bench.queue.depth() == 6
    bench.gate.set()
    bench.let_it_work()
    assert bench.most_at_once == 2


def test_nobody_waits_who_only_asks(bench: Bench) -> None:
    """A request that owes a mail must not wait for the mails before."""
    bench.gate.clear()
    began = time.monotonic()
    for _ in range(100):
        bench.queue.enqueue("send_mail", uuid4())
    assert time.monotonic() - began < LONG / 2
    assert bench.queue.depth() == 100


def test_a_job_that_fails_does_not_take_its_thread_along(bench: Bench) -> None:
    for _ in range(4):
        bench.queue.enqueue("fail", uuid4())
    bench.let_it_work()
    bench.queue.enqueue("send_mail", uuid4())
    bench.let_it_work()
    assert len(bench.done) == 5


def test_stopping_finishes_what_runs_and_forgets_what_waits(bench: Bench) -> None:
    bench.gate.clear()
    for _ in range(6):
        bench.queue.enqueue("send_mail", uuid4())
    wait_for(lambda: bench.at_once == 2)
    threading.Timer(0.1, bench.gate.set).start()
    bench.queue.stop()
    assert len(bench.done) == 2
    assert bench.queue.depth() == 0


def test_jobs_can_be_asked_for_from_many_threads(bench: Bench) -> None:
    rows = [uuid4() for _ in range(200)]

    def ask(mine: list[UUID]) -> None:
        for row in mine:
            bench.queue.enqueue("send_mail", row)

    threads = [threading.Thread(target=ask, args=(rows[start::4],)) for start in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LONG)
    bench.let_it_work()
    assert sorted(row for _, row in bench.done) == sorted(rows)


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + LONG
    while not condition():
        assert time.monotonic() < deadline, "it never came to that"
        time.sleep(0.005)

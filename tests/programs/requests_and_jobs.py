"""Requests and jobs that raise one counter through one pool, and how it went for them.

To be run as python -m gevent.monkey --module …: what is named as threads here are greenlets then.
Arguments: database address, counter, size of the pool. Prints one line of JSON.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

import gevent
from flask import Flask
from sqlalchemy import create_engine
from sqlalchemy.exc import SQLAlchemyError

from app.adapters.job_queue import ThreadJobQueue
from app.adapters.native_work import run_natively
from app.database import engine_options, install_sqlite_rules
from app.extensions import db
from tests.programs.counting import open_app, raise_counter

REQUESTS, TIMES_A_REQUEST = 50, 8
JOBS, TIMES_A_JOB = 4, 40
PAUSE = 0.001


class Writers:
    """Everybody who writes, and what they met."""

    def __init__(self, app: Flask, counter: UUID) -> None:
        self._app = app
        self._counter = counter
        self.errors: list[str] = []
        self.waits: list[float] = []

    def write(self, times: int) -> None:
        for number in range(times):
            began = time.monotonic()
            try:
                with self._app.app_context():
                    raise_counter(self._counter, think_natively if number % 4 == 0 else think)
            except SQLAlchemyError as error:
                self.errors.append(repr(error))
            self.waits.append(time.monotonic() - began)


def main(url: str, counter: str, pool_size: str) -> None:
    with TemporaryDirectory() as folder:
        app = open_app(url, Path(folder))
        if int(pool_size):
            use_small_pool(app, url, int(pool_size))
        print(json.dumps(run(Writers(app, UUID(counter)))))


def use_small_pool(app: Flask, url: str, size: int) -> None:
    """Far fewer connections than those who want one: everybody waits in the pool, too."""
    engine = create_engine(url, **{**engine_options(url), "pool_size": size, "max_overflow": 1})
    install_sqlite_rules(app, engine)
    with app.app_context():
        db.engines[None] = engine


def run(writers: Writers) -> dict[str, object]:
    began, stalls = time.monotonic(), [0.0]
    pulse = gevent.spawn(feel_pulse, stalls)
    # The very first use of the database is by all of them at once, as after a crash.
    jobs = ThreadJobQueue(JOBS)
    jobs.start(lambda _name, _row: writers.write(TIMES_A_JOB))
    for number in range(JOBS):
        jobs.enqueue("write", UUID(int=number))
    requests = [gevent.spawn(writers.write, TIMES_A_REQUEST) for _ in range(REQUESTS)]
    gevent.joinall(requests, timeout=60)
    jobs.stop()
    pulse.kill()
    return {
        "errors": writers.errors[:5],
        "finished": all(request.successful() for request in requests),
        "writes": REQUESTS * TIMES_A_REQUEST + JOBS * TIMES_A_JOB,
        "worst_stall": max(stalls),
        "longest_wait": max(writers.waits),
        "took": time.monotonic() - began,
    }


def feel_pulse(stalls: list[float]) -> None:
    """A greenlet that only wants to be woken again and again, as a socket's would."""
    while True:
        began = time.monotonic()
        gevent.sleep(0.005)
        stalls.append(time.monotonic() - began - 0.005)


def think() -> None:
    """Let the others go on in the middle of a transaction."""
    time.sleep(PAUSE)


def think_natively() -> None:
    """The same by way of a native thread, as a password is hashed."""
    run_natively(sum, range(1000))


if __name__ == "__main__":
    main(*sys.argv[1:])

"""How each database is opened, so that SQLite and PostgreSQL behave alike.

SQLite is given PostgreSQL's "read committed": a read runs outside of any transaction and sees
the newest commit; the first write begins one with BEGIN IMMEDIATE. A transaction therefore never
has to be upgraded from reader to writer, the step at which WAL alone fails under load.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

from flask import Flask
from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine.interfaces import ExecutionContext

BUSY_MILLISECONDS = 5_000
WRITE_PATIENCE_SECONDS = 20.0
POLL_SECONDS = 0.001
READS = ("SELECT", "PRAGMA", "EXPLAIN", "WITH", "VALUES")


def prepare_database_folder(url: str) -> None:
    """SQLite makes its file but not the folder above it."""
    if url.startswith("sqlite:///"):
        Path(url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)


def engine_options(url: str) -> dict[str, Any]:
    """The pool and the driver's settings for this database."""
    # What an error quotes ends in the log, and what is being stored does not belong there.
    quiet = {"hide_parameters": True}
    if url.startswith("sqlite"):
        return quiet | {
            "connect_args": {"timeout": BUSY_MILLISECONDS / 1000, "check_same_thread": False},
            "pool_size": 20,
            "max_overflow": 40,
            # Whoever wrote last has what it wrote in its cache; all others would read it anew.
            "pool_use_lifo": True,
        }
    return quiet | {
        "pool_size": 10,
        "max_overflow": 20,
        "pool_pre_ping": True,
        "pool_recycle": 1800,
        "connect_args": {"connect_timeout": 5},
    }


def install_sqlite_rules(app: Flask, engine: Engine) -> None:
    """Attach the rules above to the engine, where it is SQLite's."""
    if engine.dialect.name != "sqlite":
        return
    event.listen(engine, "connect", _open_connection)
    line = _Line()

    def begin_at_first_write(
        connection: Connection,
        _cursor: object,
        statement: str,
        _parameters: object,
        context: ExecutionContext | None,
        _executemany: bool,
    ) -> None:
        driver = cast(sqlite3.Connection, connection.connection.driver_connection)
        if not driver.in_transaction and not _is_read(statement, context):
            _begin_immediate(driver, line)

    event.listen(engine, "before_cursor_execute", begin_at_first_write)
    app.logger.debug("sqlite rules installed")


def _open_connection(connection: sqlite3.Connection, _record: object) -> None:
    # With no isolation level the driver begins nothing by itself: we do, at the first write.
    connection.isolation_level = None
    # Its own knows no letters but English ones: nobody would find Özge under "özge".
    connection.create_function("lower", 1, _lowered, deterministic=True)
    for pragma in (
        "journal_mode = WAL",
        "synchronous = NORMAL",
        "foreign_keys = ON",
        f"busy_timeout = {BUSY_MILLISECONDS}",
        "cache_size = -4000",
        "temp_store = MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _lowered(value: str | float | bytes | None) -> str | float | bytes | None:
    return value.lower() if isinstance(value, str) else value


def _is_read(statement: str, context: Any) -> bool:
    if context is not None and (context.isinsert or context.isupdate or context.isdelete):
        return False
    return statement.lstrip().upper().startswith(READS) and not _is_for_update(context)


def _is_for_update(context: Any) -> bool:
    """SQLite knows no FOR UPDATE and leaves it out, but the lock must be taken all the same."""
    statement = getattr(getattr(context, "compiled", None), "statement", None)
    return getattr(statement, "_for_update_arg", None) is not None


def _begin_immediate(driver: sqlite3.Connection, line: _Line) -> None:
    """Wait for the write lock in Python, not in SQLite.

    SQLite's own wait blocks the whole thread; under gevent the greenlet that holds the lock runs
    on that very thread and could never give it back. `time.sleep` lets it run.
    """
    deadline = time.monotonic() + WRITE_PATIENCE_SECONDS
    driver.execute("PRAGMA busy_timeout = 0")
    try:
        if not line.is_empty or not _began(driver, deadline):
            with line.stood_in():
                while not _began(driver, deadline):
                    time.sleep(POLL_SECONDS)
    finally:
        driver.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")


def _began(driver: sqlite3.Connection, deadline: float) -> bool:
    try:
        driver.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        if "locked" not in str(error) or time.monotonic() > deadline:
            raise
        return False
    return True


class _Line:
    """Those of this process who wait to write, first come first served.

    Only the first in the line tries. Were all to try as they wake, whoever writes again and again
    would keep the lock from everybody else for seconds.
    """

    def __init__(self) -> None:
        self._mutex = threading.Lock()
        self._waiting: deque[threading.Event] = deque()

    @property
    def is_empty(self) -> bool:
        return not self._waiting

    @contextmanager
    def stood_in(self) -> Iterator[None]:
        turn = threading.Event()
        with self._mutex:
            self._waiting.append(turn)
            self._waiting[0].set()
        try:
            turn.wait(WRITE_PATIENCE_SECONDS)
            yield
        finally:
            with self._mutex:
                self._waiting.remove(turn)
                if self._waiting:
                    self._waiting[0].set()

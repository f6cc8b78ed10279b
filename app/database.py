"""How each database is opened, so that SQLite and PostgreSQL behave alike.

SQLite is given PostgreSQL's "read committed": a read runs outside of any transaction and sees
the newest commit; the first write begins one with BEGIN IMMEDIATE. A transaction therefore never
has to be upgraded from reader to writer, the step at which WAL alone fails under load.
"""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path
from typing import Any, cast

from flask import Flask
from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine.interfaces import ExecutionContext

BUSY_MILLISECONDS = 5_000
WRITE_PATIENCE_SECONDS = 20.0
READS = ("SELECT", "PRAGMA", "EXPLAIN", "WITH", "VALUES")


def prepare_database_folder(url: str) -> None:
    """SQLite makes its file but not the folder above it."""
    if url.startswith("sqlite:///"):
        Path(url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)


def engine_options(url: str) -> dict[str, Any]:
    """The pool and the driver's settings for this database."""
    if url.startswith("sqlite"):
        return {
            "connect_args": {"timeout": BUSY_MILLISECONDS / 1000, "check_same_thread": False},
            "pool_size": 20,
            "max_overflow": 40,
        }
    return {
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
    event.listen(engine, "before_cursor_execute", _begin_at_first_write)
    app.logger.debug("sqlite rules installed")


def _open_connection(connection: sqlite3.Connection, _record: object) -> None:
    # With no isolation level the driver begins nothing by itself: we do, at the first write.
    connection.isolation_level = None
    for pragma in (
        "journal_mode = WAL",
        "synchronous = NORMAL",
        "foreign_keys = ON",
        f"busy_timeout = {BUSY_MILLISECONDS}",
        "cache_size = -8000",
        "temp_store = MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_at_first_write(
    connection: Connection,
    _cursor: object,
    statement: str,
    _parameters: object,
    context: ExecutionContext | None,
    _executemany: bool,
) -> None:
    driver = cast(sqlite3.Connection, connection.connection.driver_connection)
    if driver.in_transaction or _is_read(statement, context):
        return
    _begin_immediate(driver)


def _is_read(statement: str, context: Any) -> bool:
    writes = context is not None and (context.isinsert or context.isupdate or context.isdelete)
    return not writes and statement.lstrip().upper().startswith(READS)


def _begin_immediate(driver: sqlite3.Connection) -> None:
    """Wait for the write lock in Python, not in SQLite.

    SQLite's own wait blocks the whole thread; under gevent the greenlet that holds the lock runs
    on that very thread and could never give it back. `time.sleep` lets it run.
    """
    deadline = time.monotonic() + WRITE_PATIENCE_SECONDS
    pause = 0.001
    driver.execute("PRAGMA busy_timeout = 0")
    try:
        while True:
            try:
                driver.execute("BEGIN IMMEDIATE")
                return
            except sqlite3.OperationalError as error:
                if "locked" not in str(error) or time.monotonic() > deadline:
                    raise
            time.sleep(pause)
            pause = min(pause * 1.5, 0.02)
    finally:
        driver.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")

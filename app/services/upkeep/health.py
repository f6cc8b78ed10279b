"""Whether everything that we depend on answers, in words that hold no secret."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import psutil
import structlog
from flask import current_app
from sqlalchemy import text

from app.adapters import adapters
from app.extensions import db

log = structlog.get_logger(__name__)
LEAST_FREE_BYTES = 500 * 1024 * 1024


@dataclass(frozen=True)
class Part:
    """One thing that we depend on."""

    ok: bool
    detail: str
    milliseconds: float
    figures: dict[str, Any] = field(default_factory=dict)


def examine() -> dict[str, Part]:
    """Look at every part. A part that fails says so; it does not take the others along."""
    return {
        "database": _timed(_database),
        "vectors": _timed(lambda: (adapters.vector_store.check(), {})),
        "queue": _timed(lambda: ("running", {"waiting": adapters.job_queue.depth()})),
        "bus": _timed(lambda: (adapters.event_bus.check(), {})),
        "disk": _timed(_disk),
        "memory": _timed(_memory),
        "sockets": _timed(_sockets),
    }


def _timed(look: Callable[[], tuple[str, dict[str, Any]]]) -> Part:
    started = time.perf_counter()
    try:
        detail, figures = look()
        ok = True
    except Exception as error:
        # The text of an error can hold an address or a password: it goes to the log, not out.
        log.warning("health_part_failed", exc_info=error)
        detail, figures, ok = f"does not work ({type(error).__name__})", {}, False
    return Part(ok, detail, round((time.perf_counter() - started) * 1000, 1), figures)


def _sockets() -> tuple[str, dict[str, Any]]:
    return "counted", {"connected": len(current_app.extensions["open_lines"])}


def _database() -> tuple[str, dict[str, Any]]:
    db.session.execute(text("SELECT 1"))
    return db.engine.dialect.name, {}


def _disk() -> tuple[str, dict[str, Any]]:
    folder = current_app.config["FRONTDESK"].data_dir
    free = shutil.disk_usage(folder if folder.exists() else folder.parent).free
    if free < LEAST_FREE_BYTES:
        raise OSError("The disk is nearly full.")
    return "has room", {"free_megabytes": free // 1024**2}


def _memory() -> tuple[str, dict[str, Any]]:
    own = psutil.Process().memory_info().rss
    return "measured", {"resident_megabytes": own // 1024**2}

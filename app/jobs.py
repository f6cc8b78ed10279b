"""The named jobs, and the sweeper that wakes what a crash left lying."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

import structlog
from flask import Flask
from sqlalchemy import ColumnElement, update

from app.adapters import adapters
from app.extensions import db
from app.models import (
    Asking,
    Document,
    EmbeddingMove,
    OrganizationRemoval,
    OutboxMessage,
    Removal,
    Sitemap,
    Turn,
)
from app.models.work import WorkRow
from app.services import removals
from app.services.conversation import continuation, conversations, turns
from app.services.inbox import overdue, snoozing
from app.services.knowledge import askings, embedding_moves, learning, sitemaps
from app.services.mail import mail
from app.services.team import assigning, screens
from app.services.upkeep import leaving
from app.services.work import due_ids

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Job:
    """A kind of work: the table whose rows it is, which of them are ready, what to do with one."""

    table: type[WorkRow]
    ready: Callable[[], ColumnElement[bool]]
    run: Callable[[UUID], None]


JOBS = {
    mail.JOB: Job(OutboxMessage, mail.ready, mail.deliver),
    learning.JOB: Job(Document, learning.ready, learning.learn),
    conversations.JOB: Job(Turn, turns.ready, turns.deal_with),
    removals.JOB: Job(Removal, removals.ready, removals.clean_up),
    embedding_moves.JOB: Job(EmbeddingMove, embedding_moves.ready, embedding_moves.move),
    sitemaps.JOB: Job(Sitemap, sitemaps.ready, sitemaps.take_in),
    leaving.JOB: Job(OrganizationRemoval, leaving.ready, leaving.go_on),
    askings.JOB: Job(Asking, askings.ready, askings.ask_all),
}


# What is due by the clock, and has no row of its own to be woken.
STEPS: tuple[Callable[[], object], ...] = (
    embedding_moves.plan,
    snoozing.wake_due,
    assigning.deal_out,
    overdue.notice,
    continuation.mail_unread,
    screens.forget_old,
)


def install_jobs(app: Flask) -> None:
    """Connect the queue with the jobs; each runs in an app context of its own."""

    def run(name: str, row_id: UUID) -> None:
        with app.app_context():
            JOBS[name].run(row_id)

    app.extensions["adapters"].job_queue.start(run)


def sweep() -> int:
    """Wake every row that is due and that nobody works on. Says how many."""
    for step in STEPS:
        _do(step)
    woken = 0
    for name, job in JOBS.items():
        for row_id in due_ids(job.table, job.ready()):
            adapters.job_queue.enqueue(name, row_id)
            woken += 1
    db.session.rollback()
    return woken


def _do(step: Callable[[], object]) -> None:
    """What one step stumbles over must not keep everything after it from being woken, ever."""
    try:
        step()
    except Exception:
        db.session.rollback()
        log.exception("sweep_step_failed", step=step.__module__)


def forget_leases() -> None:
    """Let every row go at once: only for the start of an installation that is one process.

    What held them died with the process before; waiting for the leases to end helps nobody.
    """
    for job in JOBS.values():
        db.session.execute(update(job.table).values(lease_until=None))
    db.session.commit()


class Sweeper:
    """Sweeps at start, since that is when a crash has just been, and then again and again."""

    def __init__(self, app: Flask, seconds: float) -> None:
        self._app = app
        self._seconds = seconds
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._go_round, name="sweeper", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        self._thread.join(timeout=5)

    def _go_round(self) -> None:
        while True:
            try:
                with self._app.app_context():
                    sweep()
            except Exception:
                # A database that is away for a moment must not end the sweeping for good.
                log.exception("sweep_failed")
            if self._stopped.wait(self._seconds):
                return

"""Rows that are jobs: waking them after the commit, claiming them, giving them back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, TypeVar, cast
from uuid import UUID

import structlog
from flask import current_app
from sqlalchemy import ColumnElement, Update, and_, bindparam, event, or_, select, update
from sqlalchemy.orm import Session

from app.adapters import adapters
from app.extensions import db
from app.models import now
from app.models.base import UtcDateTime
from app.models.work import WorkRow

log = structlog.get_logger(__name__)
Row = TypeVar("Row", bound=WorkRow)
Each = TypeVar("Each")
WAKE = "wake_after_commit"


def wake_after_commit(name: str, row_id: UUID) -> None:
    """Ask the queue to run the job, once the row is really there for it to find."""
    db.session.info.setdefault(WAKE, []).append((name, row_id))


def claim(model: type[Row], row_id: UUID, ready: ColumnElement[bool]) -> Row | None:
    """Take the row for one lease, or nothing when another worker has it or it is not due."""
    # The id alone: a row with a text that cannot be opened is taken like any other.
    if _taken(_claiming(cast(Any, model), ready, whole=False), row_id) is None:
        return None
    return db.session.get(model, row_id, populate_existing=True)


def claimed(model: type[WorkRow], row_id: UUID, ready: ColumnElement[bool]) -> Any:
    """The same as a plain row of all columns, for work that is done for every message."""
    return _taken(_claiming(cast(Any, model), ready, whole=True), row_id)


def _taken(claiming: Update, row_id: UUID) -> Any:
    lease: timedelta = current_app.config["FRONTDESK"].job_lease
    moment = now()
    values = {"row_id": row_id, "moment": moment, "until": moment + lease}
    row = db.session.execute(claiming, values).one_or_none()
    db.session.commit()
    return row


@lru_cache(maxsize=32)
def _claiming(model: Any, ready: ColumnElement[bool], *, whole: bool) -> Update:
    """Put together once for a condition that stays the same."""
    table: Any = cast(Any, model).__table__
    moment = bindparam("moment", type_=UtcDateTime)
    return (
        update(table)
        .where(table.c.id == bindparam("row_id"), ready, table.c.due_at <= moment)
        .where(or_(table.c.lease_until.is_(None), table.c.lease_until < moment))
        .values(lease_until=bindparam("until"), tries=table.c.tries + 1)
        .returning(*(table.c if whole else (table.c.id,)))
    )


def due_ids(model: type[WorkRow], ready: ColumnElement[bool], limit: int = 500) -> Sequence[UUID]:
    """The rows that nobody works on although they are due: what the sweeper wakes."""
    table: Any = model
    query = select(table.id).where(ready, _free(table)).order_by(table.due_at).limit(limit)
    return db.session.scalars(query).all()


def one_by_one(found: Iterable[Each], deal_with: Callable[[Each], int]) -> int:
    """Each by itself: what one stumbles over must not keep all others waiting, ever."""
    done = 0
    for each in found:
        try:
            done += deal_with(each)
        except Exception:
            db.session.rollback()
            log.exception("not_dealt_with", by=f"{deal_with.__module__}.{deal_with.__name__}")
    return done


def back_off(tries: int) -> datetime:
    """When to try again: after 15 seconds, then twice as long each time, an hour at most."""
    seconds: int = min(15 * 2 ** max(tries - 1, 0), 3_600)
    return now() + timedelta(seconds=seconds)


def _free(table: Any) -> ColumnElement[bool]:
    moment = now()
    return and_(
        table.due_at <= moment,
        or_(table.lease_until.is_(None), table.lease_until < moment),
    )


@event.listens_for(Session, "after_commit")
def _wake(session: Session) -> None:
    # A savepoint is "committed" too, but nobody else can see the row yet.
    if session.in_nested_transaction():
        return
    for name, row_id in session.info.pop(WAKE, []):
        adapters.job_queue.enqueue(name, row_id)


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    # To wake for a row that a savepoint undid does no harm; to forget the others would.
    if not session.in_nested_transaction():
        session.info.pop(WAKE, None)

"""On which sites an organization's widget has been seen: whether installing it has worked."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import structlog
from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError

from app.extensions import db
from app.models import WidgetOrigin, now

log = structlog.get_logger(__name__)
SECONDS = 60.0
EVERY = timedelta(seconds=SECONDS)
LATELY = timedelta(days=7)
LONGEST = 300
# A list with a wildcard may stand for any number of sites.
MOST_ORIGINS = 50
MOST_REMEMBERED = 10_000
# When this process has last written an origin down: thousands of visitors come from one site.
_noted: dict[tuple[UUID, str], float] = {}


def note(organization_id: UUID, origin: str) -> None:
    """Remember that the widget was asked for by this site, with one write a minute at most."""
    seen, moment = (organization_id, origin), time.monotonic()
    if len(origin) > LONGEST or moment - _noted.get(seen, -SECONDS) < SECONDS:
        return
    if len(_noted) >= MOST_REMEMBERED:
        _noted.clear()
    _noted[seen] = moment
    try:
        _note(organization_id, origin)
    except SQLAlchemyError as error:
        # No visitor is to go without an answer because this could not be written down.
        db.session.rollback()
        log.warning("origin_not_noted", reason=type(error).__name__)


def seen_on(organization_id: UUID) -> Sequence[WidgetOrigin]:
    """The sites, the last one seen first."""
    query = (
        select(WidgetOrigin)
        .where(WidgetOrigin.organization_id == organization_id)
        .order_by(WidgetOrigin.last_seen_at.desc(), WidgetOrigin.origin)
    )
    return db.session.scalars(query).all()


def is_quiet(sites: Sequence[WidgetOrigin]) -> bool:
    """Whether none of them has shown the widget lately: somebody may have taken it out unawares."""
    return bool(sites) and now() - sites[0].last_seen_at > LATELY


def _note(organization_id: UUID, origin: str) -> None:
    known = db.session.get(WidgetOrigin, (organization_id, origin), populate_existing=True)
    if known is None and _count(organization_id) >= MOST_ORIGINS:
        return
    # Another worker may have written it down a moment ago.
    if known is None or now() - known.last_seen_at >= EVERY:
        _write(organization_id, origin)
    db.session.commit()


def _count(organization_id: UUID) -> int:
    query = select(func.count()).where(WidgetOrigin.organization_id == organization_id)
    return db.session.scalar(query) or 0


def _write(organization_id: UUID, origin: str) -> None:
    """Two workers may do so at once."""
    insert = sqlite.insert if db.engine.dialect.name == "sqlite" else postgresql.insert
    moment = now()
    db.session.execute(
        insert(WidgetOrigin)
        .values(organization_id=organization_id, origin=origin, last_seen_at=moment)
        .on_conflict_do_update(
            index_elements=["organization_id", "origin"], set_={"last_seen_at": moment}
        )
    )

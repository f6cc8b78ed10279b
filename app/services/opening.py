"""Whether somebody is there for visitors, and how soon they may expect an answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from app.extensions import db
from app.models import Availability, Organization, User, now

# Longer ago than this, somebody who has not said that they are away is away.
HERE_WITHIN = timedelta(minutes=5)


@dataclass(frozen=True)
class Presence:
    """What a visitor is told."""

    open: bool
    people_online: bool
    reply_time: str
    reopens_at: datetime | None = None


def availability(organization: Organization) -> Presence:
    """As things are at this moment."""
    here = db.session.scalar(
        select(User.id)
        .where(
            User.organization_id == organization.id,
            User.active,
            User.availability == Availability.ONLINE,
            User.last_seen_at > now() - HERE_WITHIN,
        )
        .limit(1)
    )
    online = here is not None
    return Presence(
        open=True, people_online=online, reply_time="a few minutes" if online else "one day"
    )

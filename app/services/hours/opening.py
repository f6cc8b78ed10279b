"""Whether somebody is there for visitors, how soon to expect an answer, and how that is said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, select

from app.extensions import db
from app.models import Availability, Organization, Priority, User, now
from app.services.hours.deadlines import targets_of
from app.services.hours.hours import DAY, MINUTES_A_DAY, is_open, next_closing, next_opening
from app.services.hours.schedules import DAYS, hours_of, offline_of, schedule_of
from app.services.wording import say

# Longer ago than this, somebody who has not said that they are away is away.
HERE_WITHIN = timedelta(minutes=5)
# Within these days a weekday says enough.
NEAR = 6
MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
REPLY_TIMES = (
    (30, "a few minutes"),
    (60, "one hour"),
    (MINUTES_A_DAY // 2, "a few hours"),
    (MINUTES_A_DAY, "one day"),
)


@dataclass(frozen=True)
class Presence:
    """What a visitor is told. `assistant` says whether at least the assistant answers."""

    open: bool
    people_online: bool
    reply_time: str = ""
    reopens_at: datetime | None = None
    assistant: bool = True
    message: str = ""


def availability(organization: Organization) -> Presence:
    """As things are at this moment."""
    return _presence(organization, bool(_manned([organization.id])))


def availabilities(organization_ids: Sequence[UUID]) -> dict[UUID, Presence]:
    """The same for many at once."""
    query = select(Organization).where(Organization.id.in_(organization_ids))
    manned = _manned(organization_ids)
    return {each.id: _presence(each, each.id in manned) for each in db.session.scalars(query)}


def is_here() -> list[ColumnElement[bool]]:
    """Which people can see to something now."""
    return [
        User.active.is_(True),
        User.availability == Availability.ONLINE,
        User.last_seen_at > now() - HERE_WITHIN,
    ]


def standing(organization: Organization) -> dict[str, Any]:
    """The whole schedule, and how it stands at this moment."""
    hours, moment = hours_of(organization), now()
    opened = is_open(hours, moment)
    return schedule_of(organization) | {
        "now": {
            "open": opened,
            "closes_at": next_closing(hours, moment) if opened else None,
            "reopens_at": None if opened else next_opening(hours, moment),
        }
    }


def only_takes_messages(organization: Organization) -> bool:
    """Whether the assistant is not to answer either, since the desk is closed."""
    return not offline_of(organization).assistant and not is_open(hours_of(organization), now())


def expectation(organization: Organization, locale: str) -> str:
    """What a visitor who waits for a person may count on, as a sentence or two."""
    presence = availability(organization)
    if presence.open:
        return say("next_here_soon" if presence.people_online else "next_when_back", locale)
    if presence.reopens_at is None:
        said = say("next_when_back", locale)
    else:
        zone = hours_of(organization).zone
        reopens = moment_in_words(presence.reopens_at, zone, now(), locale)
        said = say("next_when_open", locale, reopens=reopens)
    return f"{said} {presence.message}".strip()


def moment_in_words(at: datetime, zone: ZoneInfo, moment: datetime, locale: str) -> str:
    """In the organization's own time, and saying so: nobody knows where a visitor's clock is."""
    wall, today = at.astimezone(zone), moment.astimezone(zone).date()
    clock = f"{wall.hour}:{wall.minute:02}"
    day = say(DAYS[wall.weekday()], locale)
    if wall.date() == today:
        words = say("moment_today", locale, time=clock)
    elif wall.date() - today <= DAY * NEAR:
        words = say("moment_on_day", locale, day=day, time=clock)
    else:
        month = say(MONTHS[wall.month - 1], locale)
        words = say(
            "moment_on_date", locale, day=day, number=str(wall.day), month=month, time=clock
        )
    place = zone.key.rpartition("/")[2].replace("_", " ")
    return say("moment_in_zone", locale, moment=words, place=place)


def _presence(organization: Organization, online: bool) -> Presence:
    hours, moment = hours_of(organization), now()
    if is_open(hours, moment):
        return Presence(True, online, _reply_time(organization, online))
    offline = offline_of(organization)
    return Presence(
        open=False,
        people_online=online,
        reopens_at=next_opening(hours, moment),
        assistant=offline.assistant,
        message=offline.message,
    )


def _manned(organization_ids: Sequence[UUID]) -> set[UUID]:
    """Those of which somebody is there."""
    query = (
        select(User.organization_id)
        .where(
            User.organization_id.in_(organization_ids),
            *is_here(),
        )
        .distinct()
    )
    return set(db.session.scalars(query))


def _reply_time(organization: Organization, online: bool) -> str:
    """What the team has promised itself; the widget says each of these in its own language."""
    promised = targets_of(organization).minutes(Priority.MEDIUM, "first_reply")
    if promised is None:
        return "a few minutes" if online else "one day"
    return next((words for most, words in REPLY_TIMES if promised <= most), "a few days")

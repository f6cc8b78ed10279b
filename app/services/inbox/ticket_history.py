"""What happened to a ticket, in words: what people changed, and what the clock had to say."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.extensions import db
from app.models import Organization, Ticket, User
from app.services.hours.schedules import zone_of
from app.services.inbox.tickets import history_of

NAMES = {"assignee_id": "whose", "due_at": "due"}
STATUSES = {"open": "open", "pending": "waiting for the customer", "solved": "solved"}
SOMEBODY = "somebody who has left"


@dataclass(frozen=True)
class Happened:
    """One line of it; `changes` are pairs of before and after."""

    at: datetime
    summary: str
    changes: dict[str, list[str | None]] = field(default_factory=dict)


def lines_of(ticket: Ticket) -> list[Happened]:
    """From its beginning on. Moments stand in the organization's own time."""
    zone = zone_of(db.session.get_one(Organization, ticket.organization_id))
    entries = history_of(ticket)
    people = _names(ticket.organization_id)
    lines = [
        Happened(each.created_at, each.summary, _spoken(each.changes, people, zone))
        for each in entries
    ]
    if not any(each.action == "ticket.opened" for each in entries):
        lines.append(Happened(ticket.created_at, "Opened by the assistant."))
    if ticket.due_warned_at is not None:
        lines.append(Happened(ticket.due_warned_at, "The team was warned that it is due soon."))
    if ticket.breached_at is not None:
        lines.append(Happened(ticket.breached_at, "The deadline passed."))
    return sorted(lines, key=lambda each: each.at)


def wall_clock(moment: datetime, zone: ZoneInfo) -> str:
    """As somebody of the organization would say it."""
    local = moment.astimezone(zone)
    return f"{local:%a} {local.day} {local:%b %Y, %H:%M}"


def _names(organization_id: UUID) -> dict[str, str]:
    query = select(User.id, User.name).where(User.organization_id == organization_id)
    return {str(user_id): name for user_id, name in db.session.execute(query)}


def _spoken(
    changes: dict[str, Any] | None, people: dict[str, str], zone: ZoneInfo
) -> dict[str, list[str | None]]:
    return {
        NAMES.get(name, name): [_value(name, each, people, zone) for each in pair]
        for name, pair in (changes or {}).items()
    }


def _value(name: str, value: str | None, people: dict[str, str], zone: ZoneInfo) -> str | None:
    if value is None:
        return None
    if name == "assignee_id":
        return people.get(value, SOMEBODY)
    if name == "due_at":
        moment = datetime.fromisoformat(value)
        return wall_clock(moment if moment.tzinfo else moment.replace(tzinfo=UTC), zone)
    return STATUSES.get(value, value) if name == "status" else value

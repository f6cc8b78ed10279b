"""What the figures of the overview count, and the conversations behind each of them.

A figure and its list are made from the same conditions, so that they cannot disagree.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from app.extensions import db
from app.models import Conversation, ConversationStatus, Event, Organization, Turn, now
from app.services.hours.schedules import zone_of
from app.services.inbox import desk
from app.services.inbox.desk import Case
from app.services.inbox.lists import ORDERS, Sort
from app.services.ordered_paging import rows_of
from app.services.states import COLUMNS, State

POOR = 2


class Figure(StrEnum):
    """Of this moment, of today, and of what went wrong."""

    WAITING = "waiting"
    UNASSIGNED = "unassigned"
    OVERDUE = "overdue"
    HELD = "held"
    BEGUN = "begun"
    ANSWERED = "answered"
    HANDED_OVER = "handed_over"
    CLOSED = "closed"
    THUMBS_UP = "thumbs_up"
    THUMBS_DOWN = "thumbs_down"
    LATE = "late"
    POOR_RATING = "poor_rating"
    MODEL_FAILED = "model_failed"
    FALSE_ALARM = "false_alarm"


@dataclass(frozen=True)
class Source:
    """Rows of one table, and the conversation that each of them belongs to."""

    row: Any
    conversation_id: Any
    where: Sequence[ColumnElement[bool]]


def count(source: Source) -> int:
    return db.session.scalar(select(func.count(source.row)).where(*source.where)) or 0


def list_behind(
    organization_id: UUID, source: Source, cursor: str | None, limit: int
) -> tuple[list[Case], str | None]:
    """The conversations behind a figure, what moved last first."""
    found = select(source.conversation_id).where(*source.where)
    query = select(*COLUMNS).where(
        Conversation.organization_id == organization_id, Conversation.id.in_(found)
    )
    rows, next_cursor = rows_of(query, Sort.NEWEST.value, ORDERS[Sort.NEWEST], cursor, limit)
    return desk.cases_of([State(*row) for row in rows]), next_cursor


def sources(organization_id: UUID, since: datetime) -> dict[Figure, Source]:
    """Each figure with what it counts; `since` is when today began."""
    return (
        _at_this_moment(organization_id)
        | _of_conversations(organization_id, since)
        | _of_events(organization_id, since)
    )


def held_by(organization_id: UUID, user_id: UUID) -> Source:
    """What is on somebody's table."""
    return _conversations(*_open_ones(organization_id), Conversation.person_id == user_id)


def midnight(organization: Organization) -> datetime:
    """When today began, by the organization's own clock."""
    zone = zone_of(organization)
    return datetime.combine(now().astimezone(zone).date(), time(), zone).astimezone(UTC)


def first_id(moment: datetime) -> UUID:
    """Ids sort by age: what was made since then is found by an index that is there anyway."""
    milliseconds = int(moment.timestamp() * 1000)
    return UUID(int=milliseconds << 80)


def _at_this_moment(organization_id: UUID) -> dict[Figure, Source]:
    is_open = _open_ones(organization_id)
    waits = [*is_open, Conversation.escalated_at.is_not(None)]
    return {
        Figure.WAITING: _conversations(*waits),
        Figure.UNASSIGNED: _conversations(*waits, Conversation.person_id.is_(None)),
        Figure.OVERDUE: _conversations(*is_open, Conversation.due_at < now()),
        Figure.HELD: _conversations(*is_open, Conversation.person_id.is_not(None)),
    }


def _of_conversations(organization_id: UUID, since: datetime) -> dict[Figure, Source]:
    ours = Conversation.organization_id == organization_id
    return {
        Figure.BEGUN: _conversations(ours, Conversation.id >= first_id(since)),
        Figure.LATE: _conversations(ours, Conversation.breached_at >= since),
        Figure.FALSE_ALARM: _conversations(ours, Conversation.mood_overruled_at >= since),
    }


def _of_events(organization_id: UUID, since: datetime) -> dict[Figure, Source]:
    told = [Event.organization_id == organization_id, Event.id >= first_id(since)]
    turns = [Turn.organization_id == organization_id, Turn.id >= first_id(since)]
    degraded = Event.body["degraded"].as_string().in_(("fallback", "quoted"))
    poor = Event.body["score"].as_integer() <= POOR
    return {
        Figure.ANSWERED: Source(
            Turn.id, Turn.conversation_id, [*turns, Turn.outcome == "answered"]
        ),
        Figure.HANDED_OVER: _events(*told, Event.kind == "escalated"),
        Figure.CLOSED: _events(*told, Event.kind == "closed"),
        Figure.THUMBS_UP: _events(*told, Event.feedback == "up"),
        Figure.THUMBS_DOWN: _events(*told, Event.feedback == "down"),
        Figure.POOR_RATING: _events(*told, Event.kind == "rated", poor),
        Figure.MODEL_FAILED: _events(*told, Event.author == "assistant", degraded),
    }


def _open_ones(organization_id: UUID) -> list[ColumnElement[bool]]:
    return [
        Conversation.organization_id == organization_id,
        Conversation.status == ConversationStatus.OPEN,
    ]


def _conversations(*where: ColumnElement[bool]) -> Source:
    return Source(Conversation.id, Conversation.id, where)


def _events(*where: ColumnElement[bool]) -> Source:
    return Source(Event.number, Event.conversation_id, where)

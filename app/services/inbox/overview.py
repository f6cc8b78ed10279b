"""What a team wants to know when it comes in: what waits, who is there, what went wrong today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, select

from app.extensions import db
from app.models import (
    Conversation,
    ConversationStatus,
    Document,
    DocumentStatus,
    Event,
    MailStatus,
    Organization,
    OutboxMessage,
    Turn,
    User,
    Viewing,
    now,
)
from app.services.people import organizations
from app.services.states import COLUMNS, State
from app.services.team import team
from app.services.team.screens import OVER_AFTER

MOST_WAITING = 5
MOST_QUESTIONS = 5
LONGEST_QUESTION = 160
POOR = 2


@dataclass(frozen=True)
class Waiting:
    """Who waits for a person; the first of them is the one who has waited longest."""

    for_person: int
    unassigned: int
    overdue: int
    first: Sequence[State]

    @property
    def longest_since(self) -> datetime | None:
        return self.first[0].waiting_since if self.first else None


@dataclass(frozen=True)
class Colleague:
    """Somebody of the team, and how much is on their table."""

    user: User
    is_here: bool
    open_conversations: int


@dataclass(frozen=True)
class Today:
    """Since midnight, by the organization's own clock."""

    conversations: int
    answered: int
    handed_over: int
    closed: int
    thumbs_up: int
    thumbs_down: int


@dataclass(frozen=True)
class Unanswered:
    """A question that the documents do not answer."""

    question: str
    conversation_id: UUID
    at: datetime


@dataclass(frozen=True)
class Trouble:
    """Something that somebody should look at; `kind` says where."""

    kind: str
    count: int


@dataclass(frozen=True)
class Overview:
    waiting: Waiting
    colleagues: Sequence[Colleague]
    today: Today
    unanswered: Sequence[Unanswered]
    troubles: Sequence[Trouble]


def overview_of(organization_id: UUID) -> Overview:
    """As things are at this moment."""
    organization = organizations.get_organization(organization_id)
    midnight = _midnight(organization)
    return Overview(
        waiting=_waiting(organization_id),
        colleagues=_colleagues(organization_id),
        today=_today(organization_id, midnight),
        unanswered=_unanswered(organization_id, midnight),
        troubles=_troubles(organization_id, midnight),
    )


def _midnight(organization: Organization) -> datetime:
    zone = ZoneInfo(organization.time_zone)
    return datetime.combine(now().astimezone(zone).date(), time(), zone).astimezone(UTC)


def _first_id(moment: datetime) -> UUID:
    """Ids sort by age: what was made since then is found by an index that is there anyway."""
    milliseconds = int(moment.timestamp() * 1000)
    return UUID(int=milliseconds << 80)


def _waiting(organization_id: UUID) -> Waiting:
    is_open = [
        Conversation.organization_id == organization_id,
        Conversation.status == ConversationStatus.OPEN,
    ]
    waits = [*is_open, Conversation.escalated_at.is_not(None)]
    longest = (
        select(*COLUMNS)
        .where(*waits)
        .order_by(func.coalesce(Conversation.waiting_since, Conversation.escalated_at))
        .limit(MOST_WAITING)
    )
    return Waiting(
        for_person=_count(Conversation.id, *waits),
        unassigned=_count(Conversation.id, *waits, Conversation.person_id.is_(None)),
        overdue=_count(Conversation.id, *is_open, Conversation.due_at < now()),
        first=[State(*row) for row in db.session.execute(longest)],
    )


def _colleagues(organization_id: UUID) -> list[Colleague]:
    here = set(
        db.session.scalars(
            select(Viewing.user_id).where(
                Viewing.organization_id == organization_id,
                Viewing.seen_at > now() - OVER_AFTER,
            )
        )
    )
    tables = select(Conversation.person_id, func.count()).where(
        Conversation.organization_id == organization_id,
        Conversation.status == ConversationStatus.OPEN,
        Conversation.person_id.is_not(None),
    )
    busy = {row[0]: row[1] for row in db.session.execute(tables.group_by(Conversation.person_id))}
    found = [
        Colleague(user, user.id in here, busy.get(user.id, 0))
        for user in team.list_team(organization_id)
        if user.active
    ]
    return sorted(found, key=lambda each: (not each.is_here, each.user.name.casefold()))


def _today(organization_id: UUID, midnight: datetime) -> Today:
    begun = [
        Conversation.organization_id == organization_id,
        Conversation.id >= _first_id(midnight),
    ]
    told = [Event.organization_id == organization_id, Event.id >= _first_id(midnight)]
    return Today(
        conversations=_count(Conversation.id, *begun),
        answered=_count(
            Turn.id,
            Turn.organization_id == organization_id,
            Turn.id >= _first_id(midnight),
            Turn.outcome == "answered",
        ),
        handed_over=_count(Event.number, *told, Event.kind == "escalated"),
        closed=_count(Event.number, *told, Event.kind == "closed"),
        thumbs_up=_count(Event.number, *told, Event.feedback == "up"),
        thumbs_down=_count(Event.number, *told, Event.feedback == "down"),
    )


def _unanswered(organization_id: UUID, midnight: datetime) -> list[Unanswered]:
    """The newest questions that ended in "I couldn't find that"."""
    query = (
        select(Event.text, Turn.conversation_id, Turn.created_at)
        .join(Event, (Event.conversation_id == Turn.conversation_id) & (Event.seq == Turn.seq))
        .where(
            Turn.organization_id == organization_id,
            Turn.id >= _first_id(midnight),
            Turn.outcome == "unknown",
        )
        .order_by(Turn.id.desc())
        .limit(MOST_QUESTIONS)
    )
    return [
        Unanswered(text[:LONGEST_QUESTION], conversation_id, at)
        for text, conversation_id, at in db.session.execute(query)
    ]


def _troubles(organization_id: UUID, midnight: datetime) -> list[Trouble]:
    """Only what there is: an empty list is good news."""
    conversations = Conversation.organization_id == organization_id
    degraded = Event.body["degraded"].as_string()
    counted = {
        "late": _count(Conversation.id, conversations, Conversation.breached_at >= midnight),
        "poor_rating": _count(
            Event.number,
            Event.organization_id == organization_id,
            Event.id >= _first_id(midnight),
            Event.kind == "rated",
            Event.body["score"].as_integer() <= POOR,
        ),
        "model_failed": _count(
            Event.number,
            Event.organization_id == organization_id,
            Event.id >= _first_id(midnight),
            Event.author == "assistant",
            degraded.in_(("fallback", "quoted")),
        ),
        "false_alarm": _count(
            Conversation.id, conversations, Conversation.mood_overruled_at >= midnight
        ),
        "document_failed": _count(
            Document.id,
            Document.organization_id == organization_id,
            Document.status == DocumentStatus.FAILED,
        ),
        "mail_failed": _count(
            OutboxMessage.id,
            OutboxMessage.organization_id == organization_id,
            OutboxMessage.status == MailStatus.FAILED,
            OutboxMessage.id >= _first_id(midnight),
        ),
    }
    return [Trouble(kind, count) for kind, count in counted.items() if count]


def _count(column: Any, *conditions: ColumnElement[bool]) -> int:
    return db.session.scalar(select(func.count(column)).where(*conditions)) or 0

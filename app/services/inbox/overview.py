"""What a team wants to know when it comes in: what waits, who is there, what went wrong today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from app.extensions import db
from app.models import (
    Conversation,
    ConversationStatus,
    Document,
    DocumentStatus,
    Event,
    MailStatus,
    OutboxMessage,
    Turn,
    User,
)
from app.services.inbox import counted
from app.services.inbox.counted import Figure, Source, count
from app.services.people import organizations
from app.services.states import COLUMNS, State
from app.services.team import team
from app.services.team.screens import team_here

MOST_WAITING = 5
MOST_QUESTIONS = 5
LONGEST_QUESTION = 160
WRONG = (Figure.LATE, Figure.POOR_RATING, Figure.MODEL_FAILED, Figure.FALSE_ALARM)
Sources = dict[Figure, Source]


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
    midnight = counted.midnight(organizations.get_organization(organization_id))
    sources = counted.sources(organization_id, midnight)
    return Overview(
        waiting=_waiting(sources),
        colleagues=_colleagues(organization_id),
        today=_today(sources),
        unanswered=_unanswered(organization_id, midnight),
        troubles=_troubles(organization_id, midnight, sources),
    )


def _waiting(sources: Sources) -> Waiting:
    longest = (
        select(*COLUMNS)
        .where(*sources[Figure.WAITING].where)
        .order_by(func.coalesce(Conversation.waiting_since, Conversation.escalated_at))
        .limit(MOST_WAITING)
    )
    return Waiting(
        for_person=count(sources[Figure.WAITING]),
        unassigned=count(sources[Figure.UNASSIGNED]),
        overdue=count(sources[Figure.OVERDUE]),
        first=[State(*row) for row in db.session.execute(longest)],
    )


def _colleagues(organization_id: UUID) -> list[Colleague]:
    here = team_here(organization_id)
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


def _today(sources: Sources) -> Today:
    return Today(
        conversations=count(sources[Figure.BEGUN]),
        answered=count(sources[Figure.ANSWERED]),
        handed_over=count(sources[Figure.HANDED_OVER]),
        closed=count(sources[Figure.CLOSED]),
        thumbs_up=count(sources[Figure.THUMBS_UP]),
        thumbs_down=count(sources[Figure.THUMBS_DOWN]),
    )


def _unanswered(organization_id: UUID, midnight: datetime) -> list[Unanswered]:
    """The newest questions that ended in "I couldn't find that"."""
    query = (
        select(Event.text, Turn.conversation_id, Turn.created_at)
        .join(Event, (Event.conversation_id == Turn.conversation_id) & (Event.seq == Turn.seq))
        .where(
            Turn.organization_id == organization_id,
            Turn.id >= counted.first_id(midnight),
            Turn.outcome == "unknown",
        )
        .order_by(Turn.id.desc())
        .limit(MOST_QUESTIONS)
    )
    return [
        Unanswered(text[:LONGEST_QUESTION], conversation_id, at)
        for text, conversation_id, at in db.session.execute(query)
    ]


def _troubles(organization_id: UUID, midnight: datetime, sources: Sources) -> list[Trouble]:
    """Only what there is: an empty list is good news."""
    failed_documents = select(func.count(Document.id)).where(
        Document.organization_id == organization_id, Document.status == DocumentStatus.FAILED
    )
    failed_mail = select(func.count(OutboxMessage.id)).where(
        OutboxMessage.organization_id == organization_id,
        OutboxMessage.status == MailStatus.FAILED,
        OutboxMessage.id >= counted.first_id(midnight),
    )
    numbers = {each.value: count(sources[each]) for each in WRONG}
    numbers["document_failed"] = db.session.scalar(failed_documents) or 0
    numbers["mail_failed"] = db.session.scalar(failed_mail) or 0
    return [Trouble(kind, number) for kind, number in numbers.items() if number]

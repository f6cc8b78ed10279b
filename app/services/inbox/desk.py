"""The team's side of conversations: what lies on the desk, one of them, who takes care of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, false, func, or_, select

from app.errors import Invalid
from app.extensions import db
from app.models import (
    AuthorKind,
    Contact,
    Conversation,
    ConversationStatus,
    Deadline,
    Event,
    Priority,
    Speaker,
    Ticket,
    TicketStatus,
    User,
    Visitor,
)
from app.services.actors import Actor
from app.services.inbox import lists, message_search
from app.services.inbox.lists import Filters, Sort
from app.services.inbox.message_search import Found
from app.services.log import event_log, telling
from app.services.log.event_log import Logged
from app.services.log.telling import Hint
from app.services.log.threads import Thread
from app.services.states import State, get_state
from app.services.team import drafts, mentions
from app.services.team.drafts import Draft

__all__ = ["ConversationStatus", "Deadline", "Filters", "Priority", "Sort", "Speaker"]
MOST_MOODS = 200
MOST_EARLIER = 999
EARLIER_NAMED = 5


@dataclass(frozen=True)
class Case:
    """A conversation with the people it belongs to."""

    state: State
    contact: Contact | None
    person: User | None

    @property
    def unread(self) -> int:
        return max(self.state.last_seq - self.state.team_read_seq, 0)


@dataclass(frozen=True)
class Merged:
    """A conversation that goes on in another one; it can still be read."""

    id: UUID
    number: int


@dataclass(frozen=True)
class Other:
    """Another conversation with the same person."""

    id: UUID
    number: int
    status: ConversationStatus
    preview: str
    last_event_at: datetime


@dataclass(frozen=True)
class WholeCase:
    """All that the team may know about a conversation beside what was said."""

    case: Case
    conversation: Conversation
    visitor: Visitor | None
    moods: Sequence[Logged]
    ticket: Ticket | None
    drafts: Sequence[Draft]
    earlier: int
    others: Sequence[Other]
    merged_from: Sequence[Merged]


def list_cases(
    organization_id: UUID, filters: Filters, sort: Sort, cursor: str | None, limit: int
) -> tuple[list[Case], str | None]:
    """The organization's conversations, in the order that is asked for."""
    states, next_cursor = lists.list_states(organization_id, filters, sort, cursor, limit)
    return cases_of(states), next_cursor


def search(
    organization_id: UUID, filters: Filters, asked: str, cursor: str | None, limit: int
) -> tuple[list[Found], str | None]:
    """By what was said, by whom, by number; among what the filters let through."""
    narrowed = [] if filters == Filters() else lists.conditions(organization_id, filters)
    return message_search.search(organization_id, asked, cursor, limit, narrowed)


def cases_of(states: Sequence[State]) -> list[Case]:
    """Each with its contact and its person, by one look-up for all of them."""
    contacts = _by_id(Contact, (each.contact_id for each in states))
    people = _by_id(User, (each.person_id for each in states))
    return [
        Case(each, contacts.get(each.contact_id), people.get(each.person_id)) for each in states
    ]


def get_case(organization_id: UUID, conversation_id: UUID) -> Case:
    return cases_of([get_state(organization_id, conversation_id)])[0]


def get_whole_case(
    organization_id: UUID, conversation_id: UUID, user_id: UUID | None = None
) -> WholeCase:
    """One conversation with everything around it, and what this person has begun to write."""
    found = get_case(organization_id, conversation_id)
    visitor_id = found.state.visitor_id
    return WholeCase(
        case=found,
        conversation=db.session.get_one(Conversation, conversation_id, populate_existing=True),
        visitor=db.session.get(Visitor, visitor_id) if visitor_id else None,
        moods=_moods(conversation_id),
        ticket=_open_ticket(conversation_id),
        drafts=drafts.begun_in(conversation_id, user_id) if user_id else (),
        earlier=_earlier(found.state),
        others=_others(found.state),
        merged_from=_merged_into(found.state),
    )


def lines_of(
    organization_id: UUID,
    conversation_id: UUID,
    *,
    after_seq: int | None = None,
    before_seq: int | None = None,
    around_seq: int | None = None,
    limit: int = 100,
) -> Thread:
    """A part of the log, notes included: after a number, before or around one, or the newest."""
    state = get_state(organization_id, conversation_id)
    if [after_seq, before_seq, around_seq].count(None) < 2:
        message = "Please ask for what is before a number, after one, or around one."
        raise Invalid(message, fields={"after_seq": message})
    if after_seq is not None:
        lines = event_log.lines_after(state.id, after_seq, limit)
        return Thread(state, lines, more=bool(lines) and lines[-1].seq < state.last_seq)
    if around_seq is not None:
        middle, half = max(around_seq, 1), limit // 2
        before = event_log.lines_before(state.id, middle, half)
        lines = [*before, *event_log.lines_after(state.id, middle - 1, limit - half)]
        return Thread(state, lines, more=bool(lines) and lines[0].seq > 1)
    lines = event_log.lines_before(state.id, before_seq, limit)
    return Thread(state, lines, more=bool(lines) and lines[0].seq > 1)


def note_read(actor: Actor, conversation_id: UUID, seq: int) -> None:
    """How far the team has read; it never goes back, and not beyond what is there."""
    state = get_state(actor.organization_id, conversation_id)
    seq = min(seq, state.last_seq)
    changed = event_log.change(state.id, {"team_read_seq": seq}, [Conversation.team_read_seq < seq])
    # What others of the team have read is news to whoever was called, all the same.
    is_news = actor.user_id is not None and mentions.note_read(actor.user_id, state.id, seq)
    if changed or is_news:
        stands = changed or state
        telling.after_commit(stands, Hint.READ, who="team", seq=stands.team_read_seq)
    db.session.commit()


def _by_id(model: Any, ids: Iterable[UUID | None]) -> dict[UUID | None, Any]:
    wanted = {each for each in ids if each is not None}
    if not wanted:
        return {}
    return {row.id: row for row in db.session.scalars(select(model).where(model.id.in_(wanted)))}


def _moods(conversation_id: UUID) -> list[Logged]:
    """The visitor's messages that were read for how they sound, oldest first."""
    query = (
        select(*event_log.FIELDS)
        .where(
            Event.conversation_id == conversation_id,
            Event.author == AuthorKind.VISITOR,
            Event.reading.is_not(None),
        )
        .order_by(Event.seq.desc())
        .limit(MOST_MOODS)
    )
    return [Logged(*row) for row in db.session.execute(query)][::-1]


def _open_ticket(conversation_id: UUID) -> Ticket | None:
    return db.session.scalars(
        select(Ticket).where(
            Ticket.conversation_id == conversation_id, Ticket.status != TicketStatus.SOLVED
        )
    ).first()


def _earlier(state: State) -> int:
    """How many other conversations the same person has had, as far as one knows who it is."""
    others = select(Conversation.id).where(*_of_the_same(state)).limit(MOST_EARLIER)
    return db.session.scalar(select(func.count()).select_from(others.subquery())) or 0


def _others(state: State) -> list[Other]:
    """The newest of them, by what they are known by."""
    columns = [getattr(Conversation, name) for name in Other.__dataclass_fields__]
    newest = Conversation.last_event_at.desc(), Conversation.id.desc()
    query = select(*columns).where(*_of_the_same(state)).order_by(*newest).limit(EARLIER_NAMED)
    return [Other(*row) for row in db.session.execute(query)]


def _of_the_same(state: State) -> list[ColumnElement[bool]]:
    if state.contact_id:
        whose = Conversation.contact_id == state.contact_id
    elif state.visitor_id:
        whose = Conversation.visitor_id == state.visitor_id
    else:
        whose = false()
    # What was merged is told of as that.
    merged = Conversation.merged_into_id
    return [
        Conversation.organization_id == state.organization_id,
        whose,
        Conversation.id.not_in([state.id, state.merged_into_id or state.id]),
        or_(merged.is_(None), merged != state.id),
    ]


def _merged_into(state: State) -> list[Merged]:
    query = (
        select(Conversation.id, Conversation.number)
        .where(Conversation.merged_into_id == state.id)
        .order_by(Conversation.number)
    )
    return [Merged(*row) for row in db.session.execute(query)]

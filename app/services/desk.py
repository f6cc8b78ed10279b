"""The team's side of conversations: what lies on the desk, one of them, who takes care of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, case, func, select

from app.errors import Invalid
from app.extensions import db
from app.models import (
    AuthorKind,
    Contact,
    Conversation,
    ConversationStatus,
    Event,
    EventKind,
    Priority,
    Speaker,
    Ticket,
    TicketStatus,
    User,
    Visitor,
)
from app.services import event_log, message_search, telling, transcripts
from app.services.actors import Actor
from app.services.event_log import Author, Logged
from app.services.ordered_paging import Key, moment, number, rows_of
from app.services.states import COLUMNS, State, get_state
from app.services.team import get_member
from app.services.telling import Hint
from app.services.threads import Thread

__all__ = ["ConversationStatus", "Priority", "Speaker"]
NOBODY = "none"
MOST_MOODS = 200
RANK = case({each.value: place for place, each in enumerate(Priority)}, value=Conversation.priority)
WAITED_SINCE = func.coalesce(Conversation.waiting_since, Conversation.last_event_at)
LAST = Key(Conversation.id, UUID)


class Sort(StrEnum):
    """`waiting` begins with whoever has waited longest, `priority` with what is most urgent."""

    NEWEST = "newest"
    OLDEST = "oldest"
    WAITING = "waiting"
    PRIORITY = "priority"


ORDERS: dict[Sort, list[Key]] = {
    Sort.NEWEST: [
        Key(Conversation.last_event_at, moment, descending=True),
        Key(Conversation.id, UUID, descending=True),
    ],
    Sort.OLDEST: [Key(Conversation.last_event_at, moment), LAST],
    Sort.WAITING: [
        Key(case((Conversation.waiting_since.is_(None), 1), else_=0), number),
        Key(WAITED_SINCE, moment),
        LAST,
    ],
    Sort.PRIORITY: [Key(RANK, number, descending=True), Key(WAITED_SINCE, moment), LAST],
}


@dataclass(frozen=True)
class Filters:
    """What is left out narrows nothing. `assignee` is somebody's id, or NOBODY."""

    status: ConversationStatus | None = None
    speaker: Speaker | None = None
    assignee: UUID | str | None = None
    escalated: bool | None = None
    waiting: bool | None = None
    priority: Priority | None = None
    contact_id: UUID | None = None
    asked: str = ""


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
class WholeCase:
    """All that the team may know about a conversation beside what was said."""

    case: Case
    conversation: Conversation
    visitor: Visitor | None
    moods: Sequence[Logged]
    ticket: Ticket | None


def list_cases(
    organization_id: UUID, filters: Filters, sort: Sort, cursor: str | None, limit: int
) -> tuple[list[Case], str | None]:
    """The organization's conversations, in the order that is asked for."""
    query = select(*COLUMNS).where(
        Conversation.organization_id == organization_id, *_conditions(organization_id, filters)
    )
    rows, next_cursor = rows_of(query, sort.value, ORDERS[sort], cursor, limit)
    return cases_of([State(*row) for row in rows]), next_cursor


def cases_of(states: Sequence[State]) -> list[Case]:
    """Each with its contact and its person, by one look-up for all of them."""
    contacts = _by_id(Contact, (each.contact_id for each in states))
    people = _by_id(User, (each.person_id for each in states))
    return [
        Case(each, contacts.get(each.contact_id), people.get(each.person_id)) for each in states
    ]


def get_case(organization_id: UUID, conversation_id: UUID) -> Case:
    return cases_of([get_state(organization_id, conversation_id)])[0]


def get_whole_case(organization_id: UUID, conversation_id: UUID) -> WholeCase:
    """One conversation with everything around it."""
    found = get_case(organization_id, conversation_id)
    visitor_id = found.state.visitor_id
    return WholeCase(
        case=found,
        conversation=db.session.get_one(Conversation, conversation_id, populate_existing=True),
        visitor=db.session.get(Visitor, visitor_id) if visitor_id else None,
        moods=_moods(conversation_id),
        ticket=_open_ticket(conversation_id),
    )


def lines_of(
    organization_id: UUID,
    conversation_id: UUID,
    *,
    after_seq: int | None = None,
    before_seq: int | None = None,
    limit: int = 100,
) -> Thread:
    """A part of the log, notes included: after a number, before one, or the newest."""
    state = get_state(organization_id, conversation_id)
    if after_seq is not None and before_seq is not None:
        message = "Please ask for what is before a number or for what is after one."
        raise Invalid(message, fields={"after_seq": message})
    if after_seq is not None:
        lines = event_log.lines_after(state.id, after_seq, limit)
        return Thread(state, lines, more=bool(lines) and lines[-1].seq < state.last_seq)
    lines = event_log.lines_before(state.id, before_seq, limit)
    return Thread(state, lines, more=bool(lines) and lines[0].seq > 1)


def change(actor: Actor, conversation_id: UUID, changes: dict[str, Any]) -> Case:
    """Set the priority by hand, or say who takes care of it; the log says who did so."""
    state = get_state(actor.organization_id, conversation_id)
    if "priority" in changes:
        _set_priority(actor, state, changes["priority"])
    if "assignee_id" in changes:
        _assign(actor, state, changes["assignee_id"])
    db.session.commit()
    return get_case(actor.organization_id, conversation_id)


def assignable(organization_id: UUID, user_id: UUID) -> User:
    """One of the organization's own people who can take care of something (T2)."""
    person = get_member(organization_id, user_id)
    if not person.active:
        message = f"{person.name} is suspended."
        raise Invalid(message, fields={"assignee_id": message})
    return person


def note_read(actor: Actor, conversation_id: UUID, seq: int) -> None:
    """How far the team has read; it never goes back, and not beyond what is there."""
    state = get_state(actor.organization_id, conversation_id)
    seq = min(seq, state.last_seq)
    changed = event_log.change(state.id, {"team_read_seq": seq}, [Conversation.team_read_seq < seq])
    if changed:
        telling.after_commit(changed, Hint.READ, who="team", seq=seq)
    db.session.commit()


def tell_typing(actor: Actor, conversation_id: UUID, *, typing: bool) -> None:
    """The visitor sees that somebody is writing."""
    state = get_state(actor.organization_id, conversation_id)
    facts = {"who": "person", "name": actor.name, "typing": typing}
    telling.at_once(state.organization_id, state.id, state.visitor_id, Hint.TYPING, **facts)


def transcript(organization_id: UUID, conversation_id: UUID, *, notes: bool) -> tuple[State, str]:
    """Everything that was said, and on demand what was noted beside it."""
    state = get_state(organization_id, conversation_id)
    lines = event_log.lines_before(state.id, limit=transcripts.MOST_LINES)
    kept = [line for line in lines if notes or line.is_for_visitor]
    return state, transcripts.written(state, kept)


def _conditions(organization_id: UUID, filters: Filters) -> list[ColumnElement[bool]]:
    equal = {
        Conversation.status: filters.status,
        Conversation.speaker: filters.speaker,
        Conversation.priority: filters.priority,
        Conversation.contact_id: filters.contact_id,
    }
    there = {
        Conversation.escalated_at: filters.escalated,
        Conversation.waiting_since: filters.waiting,
    }
    wanted = [column == value for column, value in equal.items() if value is not None]
    for column, value in there.items():
        if value is not None:
            wanted.append(column.is_not(None) if value else column.is_(None))
    if filters.assignee is not None:
        nobody = filters.assignee == NOBODY
        wanted.append(
            Conversation.person_id.is_(None)
            if nobody
            else Conversation.person_id == filters.assignee
        )
    if filters.asked:
        wanted.append(message_search.fits(organization_id, filters.asked))
    return wanted


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


def _set_priority(actor: Actor, state: State, priority: Priority | None) -> None:
    """Nothing, and the assistant decides again from the next message on."""
    changes: dict[str, Any] = {"priority_is_set": priority is not None}
    if priority is None or priority is state.priority:
        event_log.change(state.id, changes)
        return
    changes |= {"priority": priority, "priority_reasons": [f"{actor.name} has set it."]}
    _log(actor, state, f"set the priority to {priority.value}.", {"priority": priority}, changes)


def _assign(actor: Actor, state: State, assignee_id: UUID | None) -> None:
    """Who has the word hands it over with the conversation; the assistant goes on speaking."""
    if assignee_id is None:
        words = "put this back for anybody to take."
    else:
        words = f"assigned this to {assignable(actor.organization_id, assignee_id).name}."
    if assignee_id != state.person_id:
        assigned = {"assignee_id": str(assignee_id) if assignee_id else None}
        _log(actor, state, words, assigned, {"person_id": assignee_id})


def _log(
    actor: Actor, state: State, words: str, what: dict[str, Any], changes: dict[str, Any]
) -> None:
    author = Author(AuthorKind.PERSON, actor.user_id, actor.name)
    event_log.append(
        state.id,
        EventKind.NOTE,
        author,
        text=f"{actor.name} {words}",
        inside={"changed": what},
        changes=changes,
    )

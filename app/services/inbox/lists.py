"""Which conversations a list shows, and in which order: what every view is made of."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, func, select

from app.models import (
    Conversation,
    ConversationStatus,
    Mention,
    Priority,
    Speaker,
    Tagging,
)
from app.services.inbox import message_search
from app.services.ordered_paging import Key, moment, number, rows_of
from app.services.states import COLUMNS, State

__all__ = ["Priority", "Speaker"]
NOBODY = "none"
RANK = case({each.value: place for place, each in enumerate(Priority)}, value=Conversation.priority)
WAITED_SINCE = func.coalesce(Conversation.waiting_since, Conversation.last_event_at)
LAST = Key(Conversation.id, UUID)


class Pile(StrEnum):
    """Where a conversation lies: what is snoozed is open too, but out of the way."""

    OPEN = "open"
    SNOOZED = "snoozed"
    CLOSED = "closed"


class Sort(StrEnum):
    """`waiting` begins with whoever has waited longest, `priority` with what is most urgent.

    `deadline` begins with what is due first; what has no deadline comes last.
    """

    NEWEST = "newest"
    OLDEST = "oldest"
    WAITING = "waiting"
    PRIORITY = "priority"
    DEADLINE = "deadline"


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
    Sort.DEADLINE: [
        Key(case((Conversation.due_at.is_(None), 1), else_=0), number),
        Key(func.coalesce(Conversation.due_at, Conversation.last_event_at), moment),
        LAST,
    ],
}


@dataclass(frozen=True)
class Filters:
    """What is left out narrows nothing. `assignee` is somebody's id, or NOBODY.

    `mentioned` is whoever has been called in a note.
    """

    status: Pile | None = None
    speaker: Speaker | None = None
    assignee: UUID | str | None = None
    escalated: bool | None = None
    waiting: bool | None = None
    priority: Priority | None = None
    contact_id: UUID | None = None
    tag: str | None = None
    mentioned: UUID | None = None
    asked: str = ""


def list_states(
    organization_id: UUID, filters: Filters, sort: Sort, cursor: str | None, limit: int
) -> tuple[list[State], str | None]:
    """A page of the organization's conversations, and the cursor of the next one."""
    query = select(*COLUMNS).where(*conditions(organization_id, filters))
    rows, next_cursor = rows_of(query, sort.value, ORDERS[sort], cursor, limit)
    return [State(*row) for row in rows], next_cursor


def conditions(organization_id: UUID, filters: Filters) -> list[ColumnElement[bool]]:
    """What holds for the conversations that these filters let through."""
    equal = {
        Conversation.speaker: filters.speaker,
        Conversation.priority: filters.priority,
        Conversation.contact_id: filters.contact_id,
    }
    there = {
        Conversation.escalated_at: filters.escalated,
        Conversation.waiting_since: filters.waiting,
    }
    wanted: list[ColumnElement[bool]] = [Conversation.organization_id == organization_id]
    wanted += [column == value for column, value in equal.items() if value is not None]
    for column, value in there.items():
        if value is not None:
            wanted.append(column.is_not(None) if value else column.is_(None))
    if filters.status is not None:
        wanted.append(lies_in(filters.status))
    if filters.assignee is not None:
        nobody = filters.assignee == NOBODY
        wanted.append(
            Conversation.person_id.is_(None)
            if nobody
            else Conversation.person_id == filters.assignee
        )
    return wanted + _looked_up(organization_id, filters)


def lies_in(pile: Pile) -> ColumnElement[bool]:
    if pile is Pile.CLOSED:
        return Conversation.status == ConversationStatus.CLOSED
    snoozed = Conversation.snoozed_until
    return and_(
        Conversation.status == ConversationStatus.OPEN,
        snoozed.is_not(None) if pile is Pile.SNOOZED else snoozed.is_(None),
    )


def _looked_up(organization_id: UUID, filters: Filters) -> list[ColumnElement[bool]]:
    """What other tables know of them."""
    wanted: list[ColumnElement[bool]] = []
    if filters.tag is not None:
        tagged = select(Tagging.conversation_id).where(
            Tagging.organization_id == organization_id, Tagging.name == filters.tag
        )
        wanted.append(Conversation.id.in_(tagged))
    if filters.mentioned is not None:
        called = select(Mention.conversation_id).where(Mention.user_id == filters.mentioned)
        wanted.append(Conversation.id.in_(called))
    if filters.asked:
        wanted.append(message_search.fits(organization_id, filters.asked))
    return wanted

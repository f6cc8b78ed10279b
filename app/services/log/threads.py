"""A visitor's conversations, to read: coming back to one, scrolling back, listing them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Table, and_, bindparam, func, or_, select

from app.errors import NotFound
from app.extensions import db
from app.models import AuthorKind, Conversation, ConversationStatus, Event, EventKind
from app.services.languages import language_of
from app.services.log import event_log
from app.services.log.event_log import LONGEST_PART, Logged
from app.services.log.visitors import Guest
from app.services.states import COLUMNS, NO_CONVERSATION, State, find_state

MOST_LISTED = 50
LONGEST_CHAIN = 20
_table = cast(Table, Conversation.__table__)


@dataclass(frozen=True)
class Thread:
    """A conversation as it stands, and what has happened since the number that was asked for."""

    state: State | None = None
    lines: Sequence[Logged] = ()
    more: bool = False


def resume(
    guest: Guest, conversation_id: UUID | None, last_seq: int = 0, *, fresh: bool = False
) -> Thread:
    """Come back to a conversation, or to the newest that is open."""
    if conversation_id is not None:
        state = _found(THEIRS, guest, conversation=conversation_id)
        # An id that is not theirs is as good as none: it opens nothing, and says nothing.
        return since(state, last_seq) if state else Thread()
    if fresh:
        return Thread()
    state = _found(_newest_open(by_contact=_goes_by_contact(guest)), guest)
    return since(state, last_seq) if state else Thread()


def since(state: State, last_seq: int) -> Thread:
    """What happened after a number; of a long gap, the newest part."""
    behind = state.last_seq - last_seq
    if last_seq > state.last_seq or behind > LONGEST_PART:
        lines = event_log.lines_before(state.id)
        return Thread(state, lines, more=bool(lines and lines[0].seq > max(last_seq, 0) + 1))
    return Thread(state, event_log.lines_after(state.id, max(last_seq, 0)))


def earlier(guest: Guest, conversation_id: UUID, before_seq: int) -> Thread:
    """What was said before: for scrolling back."""
    state = theirs(guest, conversation_id)
    lines = event_log.lines_before(state.id, before_seq)
    return Thread(state, lines, more=bool(lines and lines[0].seq > 1))


def language_in(lines: Sequence[Logged], locale: str) -> str:
    """The one that the visitor writes in; the browser's where that does not tell."""
    written = [
        line.text
        for line in lines
        if line.kind is EventKind.MESSAGE and line.author is AuthorKind.VISITOR
    ]
    return language_of(written[-1] if written else "", locale[:2] or "en")


def theirs(guest: Guest, conversation_id: UUID) -> State:
    """The visitor's own conversation; anybody else's does not exist (T7)."""
    state = _found(THEIRS, guest, conversation=conversation_id)
    if state is None:
        raise NotFound(NO_CONVERSATION)
    return state


def goes_on_in(guest: Guest, state: State) -> State | None:
    """Where a merged conversation goes on, if the visitor may read that."""
    at: State | None = state
    for _ in range(LONGEST_CHAIN):
        if at is None or at.merged_into_id is None:
            break
        at = find_state(
            Conversation.id == at.merged_into_id,
            Conversation.organization_id == guest.organization_id,
        )
    return _found(THEIRS, guest, conversation=at.id) if at else None


def list_theirs(guest: Guest) -> list[State]:
    """The visitor's conversations, the liveliest first."""
    query = _listed(by_contact=_goes_by_contact(guest))
    return [State(*row) for row in db.session.execute(query, whose(guest))]


def unread_in(listed: Sequence[State]) -> dict[UUID, int]:
    """What was said to the visitor and not read yet; what the team noted meanwhile is no news."""
    behind = [each.id for each in listed if each.last_seq > each.visitor_read_seq]
    if not behind:
        return {}
    query = (
        select(Event.conversation_id, func.count())
        .join(Conversation, Conversation.id == Event.conversation_id)
        .where(Event.conversation_id.in_(behind), Event.seq > Conversation.visitor_read_seq)
        .where(Event.kind == EventKind.MESSAGE, Event.author != AuthorKind.VISITOR)
        .group_by(Event.conversation_id)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def whose(guest: Guest) -> dict[str, Any]:
    """The values that IS_THEIRS names. A contact that is not vouched for opens nothing."""
    contact_id = guest.contact_id if guest.identified else None
    return {"organization": guest.organization_id, "guest": guest.id, "guests_contact": contact_id}


def _found(query: Any, guest: Guest, **values: Any) -> State | None:
    row = db.session.execute(query, whose(guest) | values).one_or_none()
    return None if row is None else State(*row)


# By the browser that began it; by the contact only where both sides were vouched for. Put together
# once, as all statements of a message are.
BY_BROWSER: ColumnElement[bool] = and_(
    _table.c.organization_id == bindparam("organization"),
    _table.c.visitor_id == bindparam("guest"),
)
IS_THEIRS: ColumnElement[bool] = and_(
    _table.c.organization_id == bindparam("organization"),
    or_(
        _table.c.visitor_id == bindparam("guest"),
        and_(_table.c.contact_id == bindparam("guests_contact"), _table.c.identified),
    ),
)
OPEN_AND_THEIRS = (IS_THEIRS, _table.c.status == ConversationStatus.OPEN)
THEIRS = select(*COLUMNS).where(_table.c.id == bindparam("conversation"), IS_THEIRS)


@cache
def _newest_open(*, by_contact: bool) -> Select[Any]:
    """With a choice of two columns a database may rather walk through the organization's rows."""
    return (
        select(*COLUMNS)
        .where(IS_THEIRS if by_contact else BY_BROWSER)
        .where(_table.c.status == ConversationStatus.OPEN)
        .order_by(_table.c.id.desc())
        .limit(1)
    )


@cache
def _listed(*, by_contact: bool) -> Select[Any]:
    return (
        select(*COLUMNS)
        .where(IS_THEIRS if by_contact else BY_BROWSER, _table.c.last_seq > 0)
        .order_by(_table.c.last_event_at.desc())
        .limit(MOST_LISTED)
    )


def _goes_by_contact(guest: Guest) -> bool:
    return guest.identified and guest.contact_id is not None

"""A visitor's conversations, to read: coming back to one, scrolling back, listing them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select

from app.errors import NotFound
from app.extensions import db
from app.models import Conversation, ConversationStatus
from app.services import event_log
from app.services.event_log import LONGEST_PART, Logged
from app.services.states import COLUMNS, NO_CONVERSATION, State, find_state
from app.services.visitors import Guest

MOST_LISTED = 50
LONGEST_CHAIN = 20


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
        state = find_state(Conversation.id == conversation_id, _is_theirs(guest))
        # An id that is not theirs is as good as none: it opens nothing, and says nothing.
        return since(state, last_seq) if state else Thread()
    if fresh:
        return Thread()
    state = find_state(_is_theirs(guest), Conversation.status == ConversationStatus.OPEN)
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


def theirs(guest: Guest, conversation_id: UUID) -> State:
    """The visitor's own conversation; anybody else's does not exist (T7)."""
    state = find_state(Conversation.id == conversation_id, _is_theirs(guest))
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
    return find_state(Conversation.id == at.id, _is_theirs(guest)) if at else None


def list_theirs(guest: Guest) -> list[State]:
    """The visitor's conversations, the liveliest first."""
    query = (
        select(*COLUMNS)
        .where(_is_theirs(guest), Conversation.last_seq > 0)
        .order_by(Conversation.last_event_at.desc())
        .limit(MOST_LISTED)
    )
    return [State(*row) for row in db.session.execute(query)]


def _is_theirs(guest: Guest) -> ColumnElement[bool]:
    """By the browser that began it; by the contact only where both sides were vouched for."""
    by_browser = Conversation.visitor_id == guest.id
    if guest.identified and guest.contact_id:
        by_contact = and_(Conversation.contact_id == guest.contact_id, Conversation.identified)
        by_browser = or_(by_browser, by_contact)
    return and_(Conversation.organization_id == guest.organization_id, by_browser)

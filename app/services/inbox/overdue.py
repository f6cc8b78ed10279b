"""What the sweeper notices about deadlines: that one comes near, and that it was missed.

The row is the job: `due_watch_at` says when to look next, and whoever moves it on is the one who
tells. So each warning is given once, however many workers sweep.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from app.extensions import db
from app.models import Conversation, Organization, Ticket, TicketStatus, now
from app.services.hours.schedules import zone_of
from app.services.log import event_log
from app.services.log.remarks import remark_by_itself
from app.services.states import get_state
from app.services.team.notifications import Happening, Notice, concerned, notify
from app.services.work import one_by_one

MOST_AT_ONCE = 200
WORDS = {"first_reply": "The first reply", "next_reply": "The next reply"}


@dataclass(frozen=True)
class _Found:
    """A deadline that is near or missed, as plain values."""

    id: UUID
    organization_id: UUID
    number: int
    watch_at: datetime
    due_at: datetime
    what: str
    person_id: UUID | None
    conversation_id: UUID | None

    @property
    def is_missed(self) -> bool:
        return self.due_at <= now()


def notice() -> int:
    """Tell the team what is due now. Says how much there was to tell."""
    told = one_by_one(_conversations(), _tell_of_conversation)
    return told + one_by_one(_tickets(), _tell_of_ticket)


def _conversations() -> Sequence[_Found]:
    query: Any = (
        select(
            *(Conversation.id, Conversation.organization_id, Conversation.number),
            *(Conversation.due_watch_at, Conversation.due_at, Conversation.due_kind),
            *(Conversation.person_id, Conversation.id),
        )
        .where(Conversation.due_watch_at <= now(), Conversation.due_at.is_not(None))
        .order_by(Conversation.due_watch_at)
        .limit(MOST_AT_ONCE)
    )
    return [_Found(*row) for row in db.session.execute(query)]


def _tickets() -> Sequence[_Found]:
    query: Any = (
        select(
            *(Ticket.id, Ticket.organization_id, Ticket.number, Ticket.due_watch_at),
            *(Ticket.due_at, Ticket.status, Ticket.assignee_id, Ticket.conversation_id),
        )
        .where(Ticket.due_watch_at <= now(), Ticket.due_at.is_not(None))
        .where(Ticket.status != TicketStatus.SOLVED)
        .order_by(Ticket.due_watch_at)
        .limit(MOST_AT_ONCE)
    )
    return [_Found(*row) for row in db.session.execute(query)]


def _tell_of_conversation(found: _Found) -> bool:
    words = f"{WORDS[found.what]} {_spoken(found)}"
    added = remark_by_itself(
        found.id,
        words,
        {"deadline": _facts(found)},
        _moved_on(found),
        [Conversation.due_watch_at == found.watch_at, Conversation.due_at == found.due_at],
    )
    if added is None:
        db.session.rollback()
        return False
    _notify(found, words)
    db.session.commit()
    return True


def _tell_of_ticket(found: _Found) -> bool:
    if found.conversation_id is not None:
        # Locked before its ticket, as everywhere.
        event_log.lock(found.conversation_id)
    moved = db.session.scalar(
        update(Ticket)
        .where(Ticket.id == found.id, Ticket.due_watch_at == found.watch_at)
        # To be late is no change that somebody has made.
        .values(updated_at=Ticket.updated_at, **_moved_on(found))
        .returning(Ticket.id)
        .execution_options(synchronize_session=False)
    )
    if moved is None:
        db.session.rollback()
        return False
    words = f"Ticket {found.number} {_spoken(found)}"
    if found.conversation_id is not None:
        remark_by_itself(found.conversation_id, words, {"deadline": _facts(found)})
    _notify(found, words)
    db.session.commit()
    return True


def _moved_on(found: _Found) -> dict[str, Any]:
    if found.is_missed:
        return {"due_watch_at": None, "breached_at": now()}
    return {"due_watch_at": found.due_at, "due_warned_at": now()}


def _facts(found: _Found) -> dict[str, Any]:
    kind = found.what if found.what in WORDS else "resolution"
    return {"kind": kind, "late": found.is_missed, "due_at": found.due_at.isoformat()}


def _spoken(found: _Found) -> str:
    """In the organization's zone, since everybody of the team reads it."""
    organization = db.session.get_one(Organization, found.organization_id)
    moment = now()
    due, today = (each.astimezone(zone_of(organization)) for each in (found.due_at, moment))
    near = abs(due - today) < timedelta(days=1) and due.date() == today.date()
    at = f"{due:%H:%M}" if near else f"{due:%H:%M} on {due:%Y-%m-%d}"
    return f"was due at {at} and is late." if found.is_missed else f"is due at {at}."


def _notify(found: _Found, words: str) -> None:
    title = words.rstrip(".")
    if found.what in WORDS:
        title += f" (conversation {found.number})"
    conversation_id = found.conversation_id
    notice = Notice(
        Happening.DEADLINE,
        found.organization_id,
        title,
        state=get_state(found.organization_id, conversation_id) if conversation_id else None,
        number=found.number,
    )
    notify(notice, concerned(found.organization_id, found.person_id))

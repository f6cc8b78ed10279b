"""Snoozing: a conversation is out of the way until a moment, or until the visitor writes."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from app.errors import Conflict, Invalid
from app.extensions import db
from app.models import Conversation, ConversationStatus, now
from app.services.actors import Actor
from app.services.log.remarks import remark, remark_by_itself
from app.services.states import State
from app.services.work import one_by_one

LONGEST = timedelta(days=366)
MOST_WOKEN = 200
IS_OPEN = Conversation.status == ConversationStatus.OPEN


def snooze(actor: Actor, state: State, until: datetime | None) -> None:
    """Put it away until then, or take it back out; inside the caller's transaction."""
    if until is None:
        remark(
            actor,
            state.id,
            "ended the snooze.",
            {"snoozed_until": None},
            {"snoozed_until": None},
            only_if=[Conversation.snoozed_until.is_not(None)],
        )
        return
    if not state.is_open:
        raise Conflict("Only an open conversation can be snoozed.", code="closed")
    until = _checked(until)
    if until == state.snoozed_until:
        return
    remark(
        actor,
        state.id,
        "snoozed this.",
        {"snoozed_until": until.isoformat()},
        {"snoozed_until": until},
        # Closed at this very moment, it is out of the way already.
        only_if=[IS_OPEN],
    )


def wake_due() -> int:
    """Bring back whatever has been away long enough. Says how many."""
    due = (
        select(Conversation.id)
        .where(Conversation.snoozed_until <= now(), IS_OPEN)
        .order_by(Conversation.snoozed_until)
        .limit(MOST_WOKEN)
    )
    return one_by_one(db.session.scalars(due).all(), _wake)


def _wake(conversation_id: UUID) -> bool:
    added = remark_by_itself(
        conversation_id,
        "The snooze is over.",
        {"snoozed_until": None},
        # It comes back on top, as if it had just come in.
        {"snoozed_until": None, "last_event_at": now()},
        # Somebody else may have been quicker, or have snoozed it again.
        only_if=[Conversation.snoozed_until <= now(), IS_OPEN],
    )
    db.session.commit()
    return added is not None


def _checked(until: datetime) -> datetime:
    if until.tzinfo is None:
        message = "Please say the time zone too."
    elif until <= now():
        message = "Please choose a moment that is still to come."
    elif until > now() + LONGEST:
        message = "Please choose a moment within a year."
    else:
        return until
    raise Invalid(message, fields={"snoozed_until": message})

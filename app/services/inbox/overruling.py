"""Overruling the mood: somebody of the team says that the visitor was not angry.

What was said up to then counts as calm from then on; what the visitor writes later is read anew.
Why a person was called stays in the log: it is what the false alarms are counted by.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from app.extensions import db
from app.models import AuthorKind, Conversation, Event, now
from app.services.actors import Actor
from app.services.log import event_log
from app.services.log.remarks import remark
from app.services.moods import sentiment
from app.services.moods.sentiment import Reading, Standing
from app.services.states import State, get_state

MOST_READ = 200


def overrule(actor: Actor, conversation_id: UUID) -> State:
    """A false alarm: the priority is what it would have been without the anger."""
    state = get_state(actor.organization_id, conversation_id)
    if state.mood_overruled_at is None:
        facts = {"mood_overruled_at": now(), "mood_overruled_by_id": actor.user_id}
        _remark(actor, state, "says that this visitor is not angry.", facts, calmly=True)
        db.session.commit()
    return get_state(actor.organization_id, conversation_id)


def undo(actor: Actor, conversation_id: UUID) -> State:
    """The mood as it was read counts again."""
    state = get_state(actor.organization_id, conversation_id)
    if state.mood_overruled_at is not None:
        facts = {"mood_overruled_at": None, "mood_overruled_by_id": None}
        _remark(actor, state, "lets the mood count as it was read.", facts, calmly=False)
        db.session.commit()
    return get_state(actor.organization_id, conversation_id)


def standing_of(conversation_id: UUID, overruled_at: datetime | None) -> Standing | None:
    """How it stands by what has been read of it, if anything has."""
    readings = _readings(conversation_id)
    if not readings:
        return None
    return sentiment.assess(
        [each.calmed if overruled_at and at <= overruled_at else each for each, at in readings]
    )


def count_false_alarms(organization_id: UUID, since: datetime, until: datetime) -> int:
    """How many moods the team has overruled in this time."""
    return (
        db.session.scalar(
            select(func.count()).where(
                Conversation.organization_id == organization_id,
                Conversation.mood_overruled_at >= since,
                Conversation.mood_overruled_at < until,
            )
        )
        or 0
    )


def _remark(actor: Actor, state: State, words: str, facts: dict[str, Any], *, calmly: bool) -> None:
    # Locked first: a message that is being read right now is weighed before or after, not beside.
    event_log.lock(state.id)
    standing = standing_of(state.id, now() if calmly else None) or sentiment.assess([])
    changes: dict[str, Any] = facts | {"mood": standing.mood}
    is_set = db.session.scalar(
        select(Conversation.priority_is_set).where(Conversation.id == state.id)
    )
    if not is_set:
        changes |= {"priority": standing.priority, "priority_reasons": list(standing.reasons)}
    remark(actor, state.id, words, {"mood_overruled": calmly}, changes)


def _readings(conversation_id: UUID) -> Sequence[tuple[Reading, datetime]]:
    """How the visitor's messages were read and when they were written, oldest first."""
    query = (
        select(Event.reading, Event.created_at)
        .where(
            Event.conversation_id == conversation_id,
            Event.author == AuthorKind.VISITOR,
            Event.reading.is_not(None),
        )
        .order_by(Event.seq.desc())
        .limit(MOST_READ)
    )
    rows = db.session.execute(query).all()
    return [(Reading.from_json(heard), at) for heard, at in rows if heard][::-1]

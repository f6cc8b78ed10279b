"""What a person decides about a conversation: its priority, whose it is, its tags, until when."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_

from app.errors import AppError
from app.extensions import db
from app.models import Conversation, Priority
from app.services.actors import Actor
from app.services.conversation import speaking
from app.services.inbox import overruling, snoozing, tags
from app.services.inbox.lists import Pile
from app.services.log.remarks import remark
from app.services.states import State, get_state
from app.services.team import assigning

MOST_AT_ONCE = 100


@dataclass(frozen=True)
class Failed:
    """One of many that could not be changed, and why."""

    id: UUID
    message: str


def change(actor: Actor, conversation_id: UUID, changes: dict[str, Any]) -> State:
    """Change what was sent; the log says who did so."""
    state = get_state(actor.organization_id, conversation_id)
    steps: dict[str, Callable[[Actor, State, Any], None]] = {
        "priority": _set_priority,
        "assignee_id": assigning.assign,
        "tags": tags.put,
        "snoozed_until": snoozing.snooze,
    }
    for key, step in steps.items():
        if key in changes:
            step(actor, state, changes[key])
    added, removed = changes.get("add_tags") or (), changes.get("remove_tags") or ()
    if added or removed:
        tags.add_and_remove(actor, state, added, removed)
    db.session.commit()
    return get_state(actor.organization_id, conversation_id)


def change_many(
    actor: Actor, ids: Sequence[UUID], changes: dict[str, Any]
) -> tuple[list[State], list[Failed]]:
    """The same for many, one after the other: what fails stops nothing else."""
    done: list[State] = []
    failed: list[Failed] = []
    for conversation_id in dict.fromkeys(ids):
        try:
            done.append(_change_one_of_many(actor, conversation_id, changes))
        except AppError as error:
            db.session.rollback()
            failed.append(Failed(conversation_id, error.message))
    return done, failed


def _change_one_of_many(actor: Actor, conversation_id: UUID, changes: dict[str, Any]) -> State:
    status = changes.get("status")
    if status == Pile.OPEN:
        speaking.reopen(actor, conversation_id)
    state = change(actor, conversation_id, changes)
    return speaking.close(actor, conversation_id) if status == Pile.CLOSED else state


def _set_priority(actor: Actor, state: State, priority: Priority | None) -> None:
    """Nothing, and the assistant decides again, by what it has read so far."""
    is_set: ColumnElement[bool] = Conversation.priority_is_set.is_(True)
    changes: dict[str, Any] = {"priority_is_set": priority is not None}
    words, is_news = "lets the assistant decide on the priority.", is_set
    if priority is not None:
        words = f"set the priority to {priority.value}."
        changes |= {"priority": priority, "priority_reasons": [f"{actor.name} has set it."]}
        is_news = or_(~is_set, Conversation.priority != priority)
    elif standing := overruling.standing_of(state.id, state.mood_overruled_at):
        changes |= {"priority": standing.priority, "priority_reasons": list(standing.reasons)}
    remark(actor, state.id, words, {"priority": priority}, changes, only_if=[is_news])

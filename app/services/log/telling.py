"""What the workers tell each other about conversations, on one topic of the event bus.

A hint is a small JSON object. Durable ones repeat what the log holds; the others (sentences of an
answer in the making, who is typing) are told once, and are gone for whoever is not listening.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

from sqlalchemy import event as on
from sqlalchemy.orm import Session

from app.adapters import adapters
from app.extensions import db
from app.json_text import json_text

if TYPE_CHECKING:
    from app.services.log.event_log import Logged
    from app.services.states import State

TOPIC = "conversations"
TELL = "tell_after_commit"


class Hint(StrEnum):
    EVENT = "event"
    DELTA = "delta"
    TYPING = "typing"
    READ = "read"
    READING = "reading"
    FEEDBACK = "feedback"
    STOP = "stop"
    GONE = "gone"
    BLOCKED = "blocked"
    CONTACT = "contact"
    # For the team alone.
    WITHHELD = "withheld"
    NOTING = "noting"
    VIEWERS = "viewers"
    PERSON = "person"
    NOTIFY = "notify"
    VIEWS = "views"


def everybody_of(organization_id: UUID) -> UUID:
    """What every visitor of an organization listens to: told once, it reaches all their sockets."""
    return uuid5(organization_id, "everybody")


def event(state: State, line: Logged) -> None:
    """A line was added; told after the caller's commit."""
    _after_commit(state, Hint.EVENT, line=line, seq=line.seq)


def after_commit(state: State, hint: Hint, **facts: Any) -> None:
    """Something that belongs to the caller's transaction."""
    _after_commit(state, hint, **facts)


def at_once(
    organization_id: UUID,
    conversation_id: UUID | None,
    visitor_id: UUID | None,
    hint: Hint,
    **facts: Any,
) -> None:
    """Something that is in no table."""
    subjects = {
        "organization_id": organization_id,
        "conversation_id": conversation_id,
        "visitor_id": visitor_id,
    }
    adapters.event_bus.publish(TOPIC, _written(subjects, hint, facts))


def _after_commit(state: State, hint: Hint, **facts: Any) -> None:
    subjects = {
        "organization_id": state.organization_id,
        "conversation_id": state.id,
        "visitor_id": state.visitor_id,
    }
    facts["state"] = state
    db.session.info.setdefault(TELL, []).append(_written(subjects, hint, facts))


def _written(subjects: dict[str, Any], hint: Hint, facts: dict[str, Any]) -> str:
    return json_text({"hint": hint} | subjects | facts)


@on.listens_for(Session, "after_commit")
def _tell(session: Session) -> None:
    if session.in_nested_transaction():
        return
    for written in session.info.pop(TELL, []):
        adapters.event_bus.publish(TOPIC, written)


@on.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    if not session.in_nested_transaction():
        session.info.pop(TELL, None)

"""Who may speak: the lease of a conversation, and speaking under it.

A conversation is either the assistant's or a person's. Each change of hands counts `epoch` up.
Whatever the assistant says is put into the log by a statement that demands the epoch under which
it was asked, so nothing late can ever be heard after a person has taken over.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from app.errors import Conflict, Invalid, NotFound
from app.extensions import db
from app.models import AuthorKind, Conversation, ConversationStatus, EventKind, Speaker, now
from app.services import event_log
from app.services.actors import Actor
from app.services.event_log import ASSISTANT, Author, Logged
from app.services.states import NO_CONVERSATION, State, get_state

LONGEST_REPLY = 8_000
USED_ELSEWHERE = "This client_id was used in another conversation. Please make a new one."
CLOSED = "This conversation is closed. Reopen it first."


def take_over(actor: Actor, conversation_id: UUID) -> State:
    """A person has the word from now on, and what the assistant was saying is void."""
    state = get_state(actor.organization_id, conversation_id)
    if state.speaker is Speaker.PERSON and state.person_id == actor.user_id:
        return state
    added = event_log.append(
        state.id,
        EventKind.JOINED,
        _author(actor),
        body={"before": str(state.person_id) if state.person_id else None},
        changes={
            "speaker": Speaker.PERSON,
            "person_id": actor.user_id,
            "epoch": Conversation.epoch + 1,
            "escalated_at": None,
            **_open(),
        },
    )
    db.session.commit()
    return _stood(added)


def hand_back(actor: Actor, conversation_id: UUID) -> State:
    """The assistant has the word again, from the next message on."""
    state = get_state(actor.organization_id, conversation_id)
    if state.speaker is Speaker.ASSISTANT:
        return state
    added = event_log.append(
        state.id,
        EventKind.HANDED_BACK,
        _author(actor),
        changes={
            "speaker": Speaker.ASSISTANT,
            "person_id": None,
            "epoch": Conversation.epoch + 1,
            "waiting_since": None,
        },
        only_if=[Conversation.speaker == Speaker.PERSON],
    )
    db.session.commit()
    return _stood(added) if added else get_state(actor.organization_id, conversation_id)


def reply(actor: Actor, conversation_id: UUID, text: str, client_id: str) -> tuple[State, Logged]:
    """A person speaks; whoever speaks has the word."""
    if known := _sent_already(actor, conversation_id, client_id):
        return known
    state = get_state(actor.organization_id, conversation_id)
    if not state.is_open:
        raise Conflict(CLOSED, code="closed")
    _check_length(text)
    if state.speaker is not Speaker.PERSON or state.person_id != actor.user_id:
        take_over(actor, conversation_id)
    changes = {"waiting_since": None, "team_read_seq": Conversation.last_seq + 1}
    return _put(
        actor, conversation_id, EventKind.MESSAGE, text=text, client_id=client_id, changes=changes
    )


def note(actor: Actor, conversation_id: UUID, text: str, client_id: str) -> tuple[State, Logged]:
    """Something for the team alone; the visitor's socket never carries it."""
    if known := _sent_already(actor, conversation_id, client_id):
        return known
    get_state(actor.organization_id, conversation_id)
    _check_length(text)
    return _put(actor, conversation_id, EventKind.NOTE, text=text, client_id=client_id, changes={})


def close(actor: Actor, conversation_id: UUID) -> State:
    """Done with. The visitor opens it again by writing."""
    state = get_state(actor.organization_id, conversation_id)
    if not state.is_open:
        return state
    added = event_log.append(
        state.id,
        EventKind.CLOSED,
        _author(actor),
        body={"by": AuthorKind.PERSON},
        changes={
            "status": ConversationStatus.CLOSED,
            "closed_at": now(),
            "waiting_since": None,
            "escalated_at": None,
        },
        only_if=[Conversation.status == ConversationStatus.OPEN],
    )
    db.session.commit()
    return _stood(added) if added else get_state(actor.organization_id, conversation_id)


def reopen(actor: Actor, conversation_id: UUID) -> State:
    """Take a closed conversation up again."""
    state = get_state(actor.organization_id, conversation_id)
    if state.is_open:
        return state
    added = event_log.append(
        state.id,
        EventKind.REOPENED,
        _author(actor),
        changes=_open(),
        only_if=[Conversation.status == ConversationStatus.CLOSED],
    )
    db.session.commit()
    return _stood(added) if added else get_state(actor.organization_id, conversation_id)


def say_as_assistant(
    conversation_id: UUID,
    epoch: int,
    *,
    text: str,
    body: dict[str, Any],
    inside: dict[str, Any],
    changes: dict[str, Any],
) -> tuple[State, Logged] | None:
    """Put an answer into the log, inside the caller's transaction, if it may still be said."""
    return event_log.append(
        conversation_id,
        EventKind.MESSAGE,
        ASSISTANT,
        text=text,
        body=body,
        inside=inside,
        changes=changes,
        only_if=[
            Conversation.speaker == Speaker.ASSISTANT,
            Conversation.epoch == epoch,
            Conversation.status == ConversationStatus.OPEN,
        ],
    )


def _put(
    actor: Actor,
    conversation_id: UUID,
    kind: EventKind,
    *,
    text: str,
    client_id: str,
    changes: dict[str, Any],
) -> tuple[State, Logged]:
    try:
        added = event_log.append(
            conversation_id,
            kind,
            _author(actor),
            text=text.strip(),
            client_id=client_id,
            changes=changes,
        )
        db.session.commit()
    except IntegrityError as error:
        db.session.rollback()
        known = _sent_already(actor, conversation_id, client_id)
        if known is None:
            raise Conflict(USED_ELSEWHERE, code="client_id_used") from error
        return known
    if added is None:
        raise NotFound(NO_CONVERSATION)
    return added


def _sent_already(
    actor: Actor, conversation_id: UUID, client_id: str
) -> tuple[State, Logged] | None:
    known = event_log.sent_before(actor.user_id, client_id) if actor.user_id else None
    if known is None or known.conversation_id != conversation_id:
        return None
    return get_state(actor.organization_id, conversation_id), known


def _check_length(text: str) -> None:
    if not text.strip():
        raise Invalid("Please write something first.", code="empty")
    if len(text) > LONGEST_REPLY:
        raise Invalid(f"Please keep it under {LONGEST_REPLY:,} characters.", code="too_long")


def _author(actor: Actor) -> Author:
    return Author(AuthorKind.PERSON, actor.user_id, actor.name)


def _open() -> dict[str, Any]:
    return {"status": ConversationStatus.OPEN, "closed_at": None}


def _stood(added: tuple[State, Logged] | None) -> State:
    if added is None:
        raise NotFound(NO_CONVERSATION)
    return added[0]

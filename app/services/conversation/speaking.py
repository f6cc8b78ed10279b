"""Who may speak: the lease of a conversation, and speaking under it.

A conversation is either the assistant's or a person's. Each change of hands counts `epoch` up.
Whatever the assistant says is put into the log by a statement that demands the epoch under which
it was asked, so nothing late can ever be heard after a person has taken over.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func

from app.errors import Conflict, Invalid, NotFound
from app.extensions import db
from app.models import AuthorKind, Conversation, ConversationStatus, EventKind, Speaker, now
from app.services.actors import Actor
from app.services.conversation import closing, continuation
from app.services.log import event_log, sent_once
from app.services.log.event_log import ASSISTANT, Logged
from app.services.log.remarks import READ_ON, author_of
from app.services.states import MAY_SPEAK, NO_CONVERSATION, State, get_state
from app.services.team import drafts, mentions, outgoing_files

LONGEST_REPLY = 8_000
IS_OPEN = (Conversation.status == ConversationStatus.OPEN,)


def take_over(actor: Actor, conversation_id: UUID) -> State:
    """A person has the word from now on, and what the assistant was saying is void."""
    state = get_state(actor.organization_id, conversation_id)
    if _has_the_word(actor, state):
        return state
    held = _take_over(actor, conversation_id)
    db.session.commit()
    return held or get_state(actor.organization_id, conversation_id)


def hand_back(actor: Actor, conversation_id: UUID) -> State:
    """The assistant has the word again, from the next message on."""
    state = get_state(actor.organization_id, conversation_id)
    if state.speaker is Speaker.ASSISTANT:
        return state
    added = event_log.append(
        state.id,
        EventKind.HANDED_BACK,
        author_of(actor),
        changes={
            "speaker": Speaker.ASSISTANT,
            "person_id": None,
            "epoch": Conversation.epoch + 1,
            "waiting_since": None,
            "escalated_at": None,
            "team_read_seq": READ_ON,
        },
        only_if=[Conversation.speaker == Speaker.PERSON],
    )
    db.session.commit()
    return _stood(added) if added else get_state(actor.organization_id, conversation_id)


def reply(
    actor: Actor,
    conversation_id: UUID,
    text: str,
    client_id: str,
    *,
    attached: Sequence[UUID] = (),
    and_close: bool = False,
    keep_draft: bool = False,
) -> tuple[State, Logged]:
    """A person speaks; whoever speaks has the word. With `and_close` it was the last word."""
    if known := sent_once.sent_already(actor, conversation_id, client_id):
        return known
    state = get_state(actor.organization_id, conversation_id)
    if not state.is_open:
        raise Conflict(sent_once.CLOSED, code="closed")
    _check_length(text, attached)

    def put() -> tuple[State, Logged] | None:
        held = _take_over(actor, state.id, IS_OPEN)
        if held is None:
            return None
        files = outgoing_files.claim(actor, state.id, attached, for_team=False)
        said = _add(
            actor,
            state.id,
            EventKind.MESSAGE,
            text=text,
            client_id=client_id,
            files=files,
            changes=_answered(held),
            keep_draft=keep_draft,
            only_if=IS_OPEN,
        )
        closed = _close(actor, state.id) if said and and_close else None
        return (closed[0], said[1]) if said and closed else said

    return sent_once.put(actor, conversation_id, client_id, put)


def note(
    actor: Actor,
    conversation_id: UUID,
    text: str,
    client_id: str,
    *,
    called: Sequence[UUID] = (),
    attached: Sequence[UUID] = (),
    keep_draft: bool = False,
) -> tuple[State, Logged]:
    """Something for the team alone; the visitor's socket never carries it."""
    if known := sent_once.sent_already(actor, conversation_id, client_id):
        return known
    state = get_state(actor.organization_id, conversation_id)
    _check_length(text, attached)
    people = mentions.people(actor.organization_id, called)

    def put() -> tuple[State, Logged] | None:
        files = outgoing_files.claim(actor, state.id, attached, for_team=True)
        said = _add(
            actor,
            state.id,
            EventKind.NOTE,
            text=text,
            client_id=client_id,
            files=files,
            changes={"team_read_seq": READ_ON},
            inside=mentions.as_inside(people),
            keep_draft=keep_draft,
        )
        if said is not None:
            mentions.put(*said, people)
        return said

    return sent_once.put(actor, conversation_id, client_id, put)


def close(actor: Actor, conversation_id: UUID) -> State:
    """Done with. The visitor opens it again by writing."""
    state = get_state(actor.organization_id, conversation_id)
    if not state.is_open:
        return state
    added = _close(actor, state.id)
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
        author_of(actor),
        changes=closing.opened_again(state.id),
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
    given: dict[str, Any] | None = None,
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
        only_if=MAY_SPEAK,
        given={"asked_under": epoch} | (given or {}),
    )


def _has_the_word(actor: Actor, state: State) -> bool:
    return state.speaker is Speaker.PERSON and state.person_id == actor.user_id


def _take_over(
    actor: Actor, conversation_id: UUID, only_if: Sequence[ColumnElement[bool]] = ()
) -> State | None:
    """Locked first: it may have changed hands since it was looked at. Then it cannot any more."""
    state = event_log.lock(conversation_id, only_if)
    if state is None or _has_the_word(actor, state):
        return state
    added = event_log.append(
        state.id,
        EventKind.JOINED,
        author_of(actor),
        body={"before": str(state.person_id) if state.person_id else None},
        changes={
            "speaker": Speaker.PERSON,
            "person_id": actor.user_id,
            "assigned_at": now(),
            "epoch": Conversation.epoch + 1,
            # Whoever was promised a person waits until that person has said something.
            "waiting_since": func.coalesce(Conversation.waiting_since, Conversation.escalated_at),
            "escalated_at": None,
            "team_read_seq": READ_ON,
            **closing.OPEN,
        },
    )
    return added[0] if added else None


def _answered(state: State) -> dict[str, Any]:
    return {
        "waiting_since": None,
        "escalated_at": None,
        "team_read_seq": Conversation.last_seq + 1,
        "mail_due_at": continuation.due_after_reply(state),
    }


def _close(actor: Actor, conversation_id: UUID) -> tuple[State, Logged] | None:
    state = event_log.lock(conversation_id, IS_OPEN)
    if state is None:
        return None
    return event_log.append(
        conversation_id,
        EventKind.CLOSED,
        author_of(actor),
        body={"by": AuthorKind.PERSON},
        inside=closing.waited(state),
        changes=closing.CLOSED
        | {
            "status": ConversationStatus.CLOSED,
            "closed_at": now(),
            "team_read_seq": READ_ON,
        },
        only_if=IS_OPEN,
    )


def _add(
    actor: Actor,
    conversation_id: UUID,
    kind: EventKind,
    *,
    text: str,
    client_id: str,
    files: list[dict[str, Any]],
    changes: dict[str, Any],
    keep_draft: bool,
    inside: dict[str, Any] | None = None,
    only_if: Sequence[ColumnElement[bool]] = (),
) -> tuple[State, Logged] | None:
    """The line itself; what was being written is no draft any more."""
    if actor.user_id is not None and not keep_draft:
        drafts.forget(actor.user_id, conversation_id, is_note=kind is EventKind.NOTE)
    return event_log.append(
        conversation_id,
        kind,
        author_of(actor),
        text=text.strip(),
        body={"attachments": files} if files else {},
        inside=inside,
        client_id=client_id,
        changes=changes,
        only_if=only_if,
    )


def _check_length(text: str, attached: Sequence[UUID]) -> None:
    if not text.strip() and not attached:
        raise Invalid("Please write something first.", code="empty")
    if len(text) > LONGEST_REPLY:
        raise Invalid(f"Please keep it under {LONGEST_REPLY:,} characters.", code="too_long")


def _stood(added: tuple[State, Logged] | None) -> State:
    if added is None:
        raise NotFound(NO_CONVERSATION)
    return added[0]

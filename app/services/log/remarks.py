"""What the team reads as one grey line: who changed what about a conversation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, case

from app.models import AuthorKind, Conversation, EventKind
from app.services.actors import Actor
from app.services.log import event_log
from app.services.log.event_log import SYSTEM, Author, Logged
from app.services.states import State

# Whoever writes it has seen it: where all was read before, all is read after it.
READ_ON = case(
    (Conversation.team_read_seq >= Conversation.last_seq, Conversation.last_seq + 1),
    else_=Conversation.team_read_seq,
)


def author_of(actor: Actor) -> Author:
    return Author(AuthorKind.PERSON, actor.user_id, actor.name)


def remark(
    actor: Actor,
    conversation_id: UUID,
    words: str,
    what: dict[str, Any],
    changes: dict[str, Any] | None = None,
    *,
    only_if: Sequence[ColumnElement[bool]] = (),
) -> tuple[State, Logged] | None:
    """Add the line and what it changes, inside the caller's transaction.

    It does not move the conversation up in the list: nothing was said.
    """
    return event_log.append(
        conversation_id,
        EventKind.NOTE,
        author_of(actor),
        text=f"{actor.name} {words}",
        inside={"changed": what},
        changes={
            "last_event_at": Conversation.last_event_at,
            "team_read_seq": READ_ON,
            **(changes or {}),
        },
        only_if=only_if,
    )


def remark_by_itself(
    conversation_id: UUID,
    sentence: str,
    what: dict[str, Any],
    changes: dict[str, Any] | None = None,
    only_if: Sequence[ColumnElement[bool]] = (),
) -> tuple[State, Logged] | None:
    """The same where nobody did it; the team has not seen it yet."""
    return event_log.append(
        conversation_id,
        EventKind.NOTE,
        SYSTEM,
        text=sentence,
        inside={"changed": what},
        changes={"last_event_at": Conversation.last_event_at, **(changes or {})},
        only_if=only_if,
    )

"""Several replies at once: a page that is left has one request for what it still held."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from app.services.actors import Actor
from app.services.conversation import speaking
from app.services.log.event_log import Logged
from app.services.states import State


@dataclass(frozen=True)
class Reply:
    text: str
    client_id: str
    attached: Sequence[UUID] = ()
    keep_draft: bool = False


def reply_in_turn(
    actor: Actor, conversation_id: UUID, earlier: Sequence[Reply], last: Reply, *, and_close: bool
) -> tuple[State, Logged]:
    """One after the other, as they were written; what has been said already is not said again."""
    for each in earlier:
        _say(actor, conversation_id, each)
    return _say(actor, conversation_id, last, and_close=and_close)


def _say(
    actor: Actor, conversation_id: UUID, each: Reply, *, and_close: bool = False
) -> tuple[State, Logged]:
    return speaking.reply(
        actor,
        conversation_id,
        each.text,
        each.client_id,
        attached=each.attached,
        and_close=and_close,
        keep_draft=each.keep_draft,
    )

"""Files that people of the team send along: kept like visitors' files, claimed by one message."""

from __future__ import annotations

from collections.abc import Sequence
from typing import IO, Any
from uuid import UUID

from sqlalchemy import select

from app.errors import Conflict, Invalid
from app.extensions import db
from app.models import Attachment
from app.services.actors import Actor
from app.services.log import attachments

MOST_AT_ONCE = 5
IS_GONE = "One of the files is no longer there. Please add it again."


def take(actor: Actor, name: str, source: IO[bytes]) -> Attachment:
    """Keep a file for a reply or a note that is about to be sent."""
    return attachments.keep(actor.organization_id, name, source, user_id=actor.user_id)


def claim(
    actor: Actor, conversation_id: UUID, ids: Sequence[UUID], *, for_team: bool
) -> list[dict[str, Any]]:
    """One's own uploads that no message has taken yet (T2), inside the caller's transaction.

    What comes with a note is marked: no visitor may ever fetch it.
    """
    if not ids:
        return []
    if len(ids) > MOST_AT_ONCE:
        raise Invalid(f"Please send at most {MOST_AT_ONCE} files at once.", code="too_many")
    found = {
        row.id: row
        for row in db.session.scalars(
            select(Attachment).where(
                Attachment.id.in_(ids),
                Attachment.organization_id == actor.organization_id,
                Attachment.user_id == actor.user_id,
                Attachment.conversation_id.is_(None),
            )
        )
    }
    if len(found) != len(set(ids)):
        raise Conflict(IS_GONE)
    for row in found.values():
        row.conversation_id, row.for_team = conversation_id, for_team
    return [attachments.as_body(found[each]) for each in dict.fromkeys(ids)]

"""Files that people of the team send along: kept like visitors' files, claimed by one message."""

from __future__ import annotations

from collections.abc import Sequence
from typing import IO, Any
from uuid import UUID

from sqlalchemy import and_

from app.errors import Invalid
from app.models import Attachment
from app.services.actors import Actor
from app.services.log import attachments

MOST_AT_ONCE = 5


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
    own = and_(
        Attachment.organization_id == actor.organization_id, Attachment.user_id == actor.user_id
    )
    return attachments.claim(conversation_id, ids, own, for_team=for_team)

"""What closing takes from a conversation, and what opening it again gives back.

Who closes the wrong one notices it at once. Then the visitor still waits for what they waited for,
as long as nothing was said meanwhile; whoever opens it again a day later begins anew.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from app.models import ConversationStatus, EventKind, now
from app.services.log import event_log
from app.services.states import State

A_SLIP = timedelta(minutes=5)
WAITED = ("waiting_since", "escalated_at", "snoozed_until")
CLOSED: dict[str, Any] = dict.fromkeys(WAITED)
OPEN: dict[str, Any] = {
    "status": ConversationStatus.OPEN,
    "closed_at": None,
    "snoozed_until": None,
    "merged_into_id": None,
}


def waited(state: State) -> dict[str, Any]:
    """For the line that says that it was closed."""
    moments = {name: getattr(state, name) for name in WAITED}
    return {"waited": {name: at.isoformat() for name, at in moments.items() if at is not None}}


def opened_again(conversation_id: UUID) -> dict[str, Any]:
    """What changes when the team opens it again."""
    newest = event_log.lines_before(conversation_id, limit=1)
    if not newest or newest[0].kind is not EventKind.CLOSED:
        return OPEN
    if now() - newest[0].created_at > A_SLIP:
        return OPEN
    kept = newest[0].inside.get("waited", {})
    return OPEN | {name: datetime.fromisoformat(at) for name, at in kept.items()}

"""Calling a colleague in a note."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from app.errors import NotFound
from app.extensions import db
from app.models import Mention, User, now
from app.services.log.event_log import Logged
from app.services.states import State
from app.services.team.notifications import Happening, Notice, notify

MOST = 20
NOBODY_HERE = "There is nobody here by this id."
SUSPENDED = "{} is suspended, and cannot be called."


def people(organization_id: UUID, ids: Sequence[UUID]) -> list[User]:
    """The organization's own people with these ids (T2)."""
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        return []
    found = {
        user.id: user
        for user in db.session.scalars(
            select(User).where(User.id.in_(wanted), User.organization_id == organization_id)
        )
    }
    if len(found) != len(wanted):
        raise NotFound(NOBODY_HERE)
    for user in found.values():
        if not user.active:
            raise NotFound(SUSPENDED.format(user.name))
    return [found[each] for each in wanted]


def as_inside(called: Sequence[User]) -> dict[str, Any]:
    """What the note's line carries of them."""
    if not called:
        return {}
    return {"mentions": [{"id": str(user.id), "name": user.name} for user in called]}


def put(state: State, line: Logged, called: Sequence[User]) -> None:
    """Remember who was called, inside the caller's transaction."""
    db.session.add_all(
        Mention(
            organization_id=state.organization_id,
            user_id=user.id,
            conversation_id=state.id,
            event_id=line.id,
            seq=line.seq,
            # Whoever calls themselves has read it.
            read_at=now() if user.id == line.author_id else None,
        )
        for user in called
    )
    title = f"{line.author_name} mentioned you in conversation {state.number}"
    notice = Notice(
        Happening.MENTIONED, state.organization_id, title, line.text, state, seq=line.seq
    )
    notify(notice, [user.id for user in called if user.id != line.author_id])


def note_read(user_id: UUID, conversation_id: UUID, seq: int) -> bool:
    """They have read that far; inside the caller's transaction. Says whether that is news."""
    changed = db.session.execute(
        update(Mention)
        .where(
            Mention.user_id == user_id,
            Mention.conversation_id == conversation_id,
            Mention.seq <= seq,
            Mention.read_at.is_(None),
        )
        .values(read_at=now())
        .execution_options(synchronize_session=False)
    )
    return bool(changed.rowcount)  # type: ignore[attr-defined]

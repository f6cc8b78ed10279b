"""Tags: words that a team puts on its conversations."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, insert, select

from app.errors import Invalid
from app.extensions import db
from app.models import Tagging
from app.services.actors import Actor
from app.services.log import event_log
from app.services.log.remarks import remark
from app.services.states import State

LONGEST = 40
MOST = 20
MOST_LISTED = 200


def list_tags(organization_id: UUID) -> list[dict[str, Any]]:
    """The organization's tags, the most used first, each with how often it is used."""
    count = func.count()
    query = (
        select(Tagging.name, count)
        .where(Tagging.organization_id == organization_id)
        .group_by(Tagging.name)
        .order_by(count.desc(), Tagging.name)
        .limit(MOST_LISTED)
    )
    return [{"name": name, "count": number} for name, number in db.session.execute(query)]


def cleaned(names: Iterable[str]) -> list[str]:
    """As they are kept: small, without surplus space, each once."""
    kept = list(dict.fromkeys(" ".join(name.lower().split()).lstrip("#") for name in names))
    kept = [name for name in kept if name]
    if any(len(name) > LONGEST for name in kept):
        message = f"Please keep a tag under {LONGEST} characters."
        raise Invalid(message, fields={"tags": message})
    return kept


def put(actor: Actor, state: State, names: Sequence[str]) -> None:
    """Let these be the tags, inside the caller's transaction."""
    # Locked first: of two that tag at once, the second sees what the first has done.
    locked = event_log.lock(state.id) or state
    _put(actor, locked, cleaned(names))


def add_and_remove(
    actor: Actor, state: State, added: Sequence[str], removed: Sequence[str]
) -> None:
    """Leave the other tags as they are."""
    locked = event_log.lock(state.id) or state
    gone = set(cleaned(removed))
    kept = [name for name in locked.tags if name not in gone]
    _put(actor, locked, cleaned([*kept, *added]))


def _put(actor: Actor, state: State, names: Sequence[str]) -> None:
    if len(names) > MOST:
        message = f"Please keep to {MOST} tags."
        raise Invalid(message, fields={"tags": message})
    new = [name for name in names if name not in state.tags]
    gone = [name for name in state.tags if name not in names]
    if not new and not gone:
        return
    if gone:
        db.session.execute(
            delete(Tagging)
            .where(Tagging.conversation_id == state.id, Tagging.name.in_(gone))
            .execution_options(synchronize_session=False)
        )
    if new:
        rows = [
            {
                "conversation_id": state.id,
                "name": name,
                "organization_id": state.organization_id,
            }
            for name in new
        ]
        db.session.execute(insert(Tagging), rows)
    remark(actor, state.id, _words(new, gone), {"tags": list(names)}, {"tags": list(names)})


def _words(new: Sequence[str], gone: Sequence[str]) -> str:
    parts = [
        f"{verb} {', '.join(names)}" for verb, names in (("added", new), ("removed", gone)) if names
    ]
    return f"{' and '.join(parts)}."

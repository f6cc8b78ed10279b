"""The open screens of a team: who is there, and which conversation is on whose screen.

A screen is a row that is renewed for as long as its socket is open. What is not renewed is over,
so a process that dies takes nobody's place for long.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from app.extensions import db
from app.models import User, Viewing, now
from app.services.actors import Actor
from app.services.log import telling
from app.services.log.telling import Hint
from app.services.states import get_state

RENEWED_EVERY = timedelta(seconds=30)
OVER_AFTER = timedelta(seconds=90)


def show(actor: Actor, screen_id: UUID, conversation_id: UUID | None) -> None:
    """This is on the screen from now on; nothing stands for the list alone."""
    if conversation_id is not None:
        get_state(actor.organization_id, conversation_id)
    left = db.session.scalar(select(Viewing.conversation_id).where(Viewing.screen_id == screen_id))
    if not _put(actor, screen_id, conversation_id):
        return
    _tell(actor.organization_id, {left, conversation_id} if left != conversation_id else set())


def close(actor: Actor, screen_id: UUID) -> None:
    """The screen is gone."""
    left = db.session.scalar(
        delete(Viewing)
        .where(Viewing.screen_id == screen_id, Viewing.user_id == actor.user_id)
        .returning(Viewing.conversation_id)
        .execution_options(synchronize_session=False)
    )
    db.session.commit()
    _tell(actor.organization_id, {left})


def team_here(organization_id: UUID) -> set[UUID]:
    """Whose inbox is open on some screen."""
    query = select(Viewing.user_id).where(
        Viewing.organization_id == organization_id, Viewing.seen_at > now() - OVER_AFTER
    )
    return set(db.session.scalars(query))


def renew(screen_ids: Collection[UUID], user_ids: Collection[UUID]) -> set[UUID]:
    """They are still open, and whoever sits before them is there. Says which are known."""
    moment = now()
    known = db.session.scalars(
        update(Viewing)
        .where(Viewing.screen_id.in_(screen_ids))
        .values(seen_at=moment)
        .returning(Viewing.screen_id)
        .execution_options(synchronize_session=False)
    ).all()
    db.session.execute(
        update(User)
        .where(User.id.in_(user_ids))
        .values(last_seen_at=moment)
        .execution_options(synchronize_session=False)
    )
    db.session.commit()
    return set(known)


def forget_old() -> None:
    """What nobody has renewed for long; part of the sweeping."""
    db.session.execute(delete(Viewing).where(Viewing.seen_at < now() - 10 * OVER_AFTER))
    db.session.commit()


def viewers_of(conversation_id: UUID) -> list[UUID]:
    """Who has this conversation on a screen."""
    query = (
        select(Viewing.user_id)
        .where(Viewing.conversation_id == conversation_id, Viewing.seen_at > now() - OVER_AFTER)
        .distinct()
        .order_by(Viewing.user_id)
    )
    return list(db.session.scalars(query))


def all_viewers(organization_id: UUID) -> dict[UUID, list[UUID]]:
    """Every conversation that is on a screen, and on whose."""
    query = (
        select(Viewing.conversation_id, Viewing.user_id)
        .where(
            Viewing.organization_id == organization_id,
            Viewing.seen_at > now() - OVER_AFTER,
        )
        .distinct()
        .order_by(Viewing.user_id)
    )
    found: dict[UUID, list[UUID]] = defaultdict(list)
    for conversation_id, user_id in db.session.execute(query):
        if conversation_id is not None:
            found[conversation_id].append(user_id)
    return dict(found)


def who_is_here(user_ids: Collection[UUID]) -> set[UUID]:
    """Which of these people have the inbox open somewhere."""
    query = select(Viewing.user_id).where(
        Viewing.user_id.in_(user_ids), Viewing.seen_at > now() - OVER_AFTER
    )
    return set(db.session.scalars(query.distinct()))


def tell_typing(actor: Actor, conversation_id: UUID, *, typing: bool, note: bool) -> None:
    """Colleagues see it in any case; the visitor only what is written to them."""
    state = get_state(actor.organization_id, conversation_id)
    facts = {"user_id": actor.user_id, "name": actor.name, "typing": typing, "who": "person"}
    hint = Hint.NOTING if note else Hint.TYPING
    telling.at_once(state.organization_id, state.id, state.visitor_id, hint, **facts)


def _put(actor: Actor, screen_id: UUID, conversation_id: UUID | None) -> bool:
    """In one statement: a line that was cut may end, and take the row, at this very moment.

    Says no where the screen is somebody else's.
    """
    insert = sqlite.insert if db.engine.dialect.name == "sqlite" else postgresql.insert
    seen = {"conversation_id": conversation_id, "seen_at": now()}
    whose = {"organization_id": actor.organization_id, "user_id": actor.user_id}
    put = db.session.scalar(
        insert(Viewing)
        .values(screen_id=screen_id, **whose, **seen)
        .on_conflict_do_update(
            index_elements=["screen_id"], set_=seen, where=Viewing.user_id == actor.user_id
        )
        .returning(Viewing.screen_id)
    )
    db.session.commit()
    return put is not None


def _tell(organization_id: UUID, conversation_ids: Collection[UUID | None]) -> None:
    for conversation_id in conversation_ids:
        if conversation_id is None:
            continue
        viewers = [str(each) for each in viewers_of(conversation_id)]
        telling.at_once(organization_id, conversation_id, None, Hint.VIEWERS, viewers=viewers)

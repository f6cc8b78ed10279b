"""Sign-ins: opening, renewing, listing and ending them.

A session is a family of refresh tokens. Each renewal spends the token it was asked with; a spent
one that comes back means that two parties hold the family, so all of it ends.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask import current_app
from sqlalchemy import select, update

from app.errors import NotFound, NotSignedIn
from app.extensions import db
from app.models import Role, SignInSession, User, now
from app.services import audit
from app.services.actors import Actor, person
from app.services.paging import all_of

SEEN_EVERY = timedelta(seconds=60)


def open_session(user: User, user_agent: str, ip_address: str) -> SignInSession:
    """Sign this person in on a device."""
    moment = now()
    session = SignInSession(
        user=user,
        user_agent="".join(filter(str.isprintable, user_agent))[:300],
        ip_address=ip_address,
        expires_at=moment + current_app.config["FRONTDESK"].refresh_lifetime,
    )
    user.last_seen_at = moment
    db.session.add(session)
    db.session.commit()
    return session


def find_open_session(session_id: UUID, user_id: UUID) -> SignInSession:
    """The session if it still opens anything; a suspended person's does not."""
    session = db.session.get(SignInSession, session_id)
    if session is None or session.user_id != user_id:
        raise NotSignedIn(code="bad_token")
    if not session.is_open or not session.user.active:
        raise NotSignedIn("You have been signed out. Please sign in again.", code="signed_out")
    return session


def roles_of(session_ids: Collection[UUID]) -> dict[UUID, Role]:
    """What each of these sessions still opens; one that opens nothing is left out."""
    query = (
        select(SignInSession.id, User.role)
        .join(User)
        .where(
            SignInSession.id.in_(session_ids),
            SignInSession.ended_at.is_(None),
            SignInSession.expires_at > now(),
            User.active,
        )
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def note_use(session: SignInSession) -> None:
    """Remember when the session was last used, to the minute."""
    moment = now()
    if moment - session.last_seen_at < SEEN_EVERY:
        return
    session.last_seen_at = session.user.last_seen_at = moment
    db.session.commit()


def renew_session(session_id: UUID, user_id: UUID, generation: int) -> SignInSession:
    """Spend one refresh token of the family and make the next one good.

    Two tabs that renew at the same moment hold the same token. The one that comes second within
    the leeway is given the newest generation instead of being taken for a thief.
    """
    session = find_open_session(session_id, user_id)
    if _advance(session, generation):
        return session
    db.session.refresh(session)
    leeway = current_app.config["FRONTDESK"].refresh_leeway
    just_spent = generation == session.generation - 1 and now() - session.rotated_at <= leeway
    if just_spent and session.is_open:
        return session
    _end_reused(session)
    raise NotSignedIn("You have been signed out. Please sign in again.", code="signed_out")


def end_session(session: SignInSession, reason: str = "signed out") -> None:
    _close([session.id], reason)
    db.session.commit()


def end_sessions_of(user_id: UUID, reason: str, keep: UUID | None = None) -> None:
    """End every session of a person, as part of the caller's change."""
    query = select(SignInSession.id).where(
        SignInSession.user_id == user_id, SignInSession.ended_at.is_(None)
    )
    _close([row for row in db.session.scalars(query) if row != keep], reason)


def sign_out_everywhere(actor: Actor, user: User) -> None:
    end_sessions_of(user.id, "signed out everywhere")
    audit.record(actor, "session.all_ended", f"{actor.name} signed out everywhere")
    db.session.commit()


def list_open_sessions(user_id: UUID) -> list[SignInSession]:
    """The devices on which a person is signed in, the last used first."""
    return all_of(
        select(SignInSession)
        .where(
            SignInSession.user_id == user_id,
            SignInSession.ended_at.is_(None),
            SignInSession.expires_at > now(),
        )
        .order_by(SignInSession.last_seen_at.desc())
    )


def end_own_session(actor: Actor, session_id: UUID) -> None:
    """End one of one's own sessions; somebody else's does not exist."""
    session = db.session.get(SignInSession, session_id)
    if session is None or session.user_id != actor.user_id or not session.is_open:
        raise NotFound("This session has ended already.")
    _close([session.id], "ended from another device")
    audit.record(actor, "session.ended", f"{actor.name} signed out {session.device}")
    db.session.commit()


def _advance(session: SignInSession, generation: int) -> bool:
    moment = now()
    # Compare and set in one statement: of two racing tabs exactly one advances the family.
    result: Any = db.session.execute(
        update(SignInSession)
        .where(
            SignInSession.id == session.id,
            SignInSession.generation == generation,
            SignInSession.ended_at.is_(None),
        )
        .values(
            generation=generation + 1,
            rotated_at=moment,
            last_seen_at=moment,
            expires_at=_expiry(moment),
        )
    )
    db.session.commit()
    return bool(result.rowcount)


def _expiry(moment: datetime) -> datetime:
    lifetime: timedelta = current_app.config["FRONTDESK"].refresh_lifetime
    return moment + lifetime


def _end_reused(session: SignInSession) -> None:
    _close([session.id], "a spent token was used again")
    audit.record(
        person(session.user),
        "session.reuse_detected",
        f"A session of {session.user.name} ended: its spent refresh token was used again",
        target=session.user.email,
    )
    db.session.commit()


def _close(session_ids: list[UUID], reason: str) -> None:
    db.session.execute(
        update(SignInSession)
        .where(SignInSession.id.in_(session_ids), SignInSession.ended_at.is_(None))
        .values(ended_at=now(), end_reason=reason)
    )

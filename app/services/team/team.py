"""The people of an organization, and what they may do to each other.

The owner is touched by nobody but the owner; nobody changes their own role or access.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import case, func, select

from app.errors import Conflict, Forbidden, NotFound
from app.extensions import db
from app.models import Availability, Conversation, Role, User
from app.services import audit
from app.services.actors import Actor
from app.services.log import telling
from app.services.log.telling import Hint
from app.services.paging import all_of
from app.services.people import google_sign_in, sessions, shutting_out
from app.services.people.google_sign_in import SignInAttempt
from app.services.team import assigning, notifications

__all__ = [
    "Availability",
    "change_member",
    "get_member",
    "list_team",
    "sign_in_with_google",
    "sign_out_member",
]
RANK = case({role.value: rank for rank, role in enumerate(Role)}, value=User.role)


def list_team(organization_id: UUID) -> list[User]:
    """Everybody, the owner first."""
    return all_of(
        select(User).where(User.organization_id == organization_id).order_by(RANK, User.name)
    )


def loads_of(organization_id: UUID) -> dict[UUID, int]:
    """How many conversations lie on each table, as the automatic counts them."""
    query = (
        select(Conversation.person_id, func.count())
        .where(Conversation.organization_id == organization_id, assigning.IS_LYING_THERE)
        .group_by(Conversation.person_id)
    )
    rows = db.session.execute(query).all()
    return {user_id: count for user_id, count in rows if user_id is not None}


def get_member(organization_id: UUID, user_id: UUID) -> User:
    """One of the organization's own people; another organization's do not exist."""
    user = db.session.get(User, user_id)
    if user is None or user.organization_id != organization_id:
        raise NotFound("There is nobody here by this id.")
    return user


def change_member(actor: Actor, user_id: UUID, changes: dict[str, Any]) -> User:
    """Change oneself, or as an admin somebody else; each kind of change has its own rule."""
    user = get_member(actor.organization_id, user_id)
    if user.id != actor.user_id:
        _refuse_unless_in_charge_of(actor, user)
    was_there, was_active = user.availability is Availability.ONLINE, user.active
    if "name" in changes:
        _rename(actor, user, changes["name"])
    if "availability" in changes:
        user.availability = Availability(changes["availability"])
    if "role" in changes:
        _change_role(actor, user, Role(changes["role"]))
    if "active" in changes:
        _change_access(actor, user, changes["active"])
    if "capacity" in changes:
        _change_capacity(actor, user, changes["capacity"])
    if "notifications" in changes:
        _change_wishes(actor, user, changes["notifications"])
    db.session.commit()
    _tell_colleagues(user)
    # Who was away already still held what they were in the middle of.
    if (was_there and user.availability is Availability.AWAY) or (was_active and not user.active):
        assigning.leave(user)
    return user


def sign_out_member(actor: Actor, user_id: UUID) -> None:
    """End every session of a colleague."""
    user = get_member(actor.organization_id, user_id)
    if user.id != actor.user_id:
        _refuse_unless_in_charge_of(actor, user)
    sessions.end_sessions_of(user.id, "signed out by an admin")
    audit.record(
        actor,
        "user.signed_out",
        f"{actor.name} signed {user.name} out everywhere",
        target=user.email,
    )
    db.session.commit()


def sign_in_with_google(attempt: SignInAttempt, code: str) -> User:
    """Whoever is shut out thereby leaves what they had, as after any suspension."""
    arrival = google_sign_in.finish(attempt, code)
    for each in arrival.shut_out:
        _tell_colleagues(each)
        assigning.leave(each)
    return arrival.user


def _tell_colleagues(user: User) -> None:
    facts = {
        "id": user.id,
        "name": user.name,
        "role": user.role,
        "active": user.active,
        "availability": user.availability,
        "capacity": user.capacity,
        "picture_url": user.picture_url,
    }
    telling.at_once(user.organization_id, None, None, Hint.PERSON, person=facts)


def _refuse_unless_in_charge_of(actor: Actor, user: User) -> None:
    if not actor.role.includes(Role.ADMIN):
        raise Forbidden("Only an admin can change other people.")
    if user.role is Role.OWNER:
        raise Forbidden("Only the owner can change the owner.")


def _rename(actor: Actor, user: User, name: str) -> None:
    if name == user.name:
        return
    audit.record(
        actor,
        "user.renamed",
        f"{actor.name} changed the name of {user.name} to {name}",
        target=user.email,
        changes={"name": [user.name, name]},
    )
    user.name = name


def _change_capacity(actor: Actor, user: User, capacity: int) -> None:
    if capacity == user.capacity:
        return
    audit.record(
        actor,
        "user.capacity_changed",
        f"{actor.name} lets {user.name} have {capacity} conversations at once",
        target=user.email,
        changes={"capacity": [user.capacity, capacity]},
    )
    user.capacity = capacity


def _change_wishes(actor: Actor, user: User, changes: dict[str, Any]) -> None:
    if user.id != actor.user_id:
        raise Forbidden("Everybody chooses what they are told of.")
    notifications.set_wishes(user, changes)


def _change_role(actor: Actor, user: User, role: Role) -> None:
    if role is user.role:
        return
    if user.id == actor.user_id:
        raise Forbidden("You cannot change your own role. Ask somebody else who is in charge.")
    if role is Role.OWNER:
        _hand_over(actor, user)
        return
    before, user.role = user.role, role
    if before.includes(Role.ADMIN) and not role.includes(Role.ADMIN):
        shutting_out.take_back_what_an_admin_left(user)
    _record_role(actor, user, before)


def _hand_over(actor: Actor, user: User) -> None:
    if actor.role is not Role.OWNER:
        raise Forbidden("Only the owner can make somebody else the owner.")
    if not user.active:
        raise Conflict(f"{user.name} is suspended. Let them in again first.")
    # Locked and looked at again: of two hand-overs at once only one may find its owner.
    query = select(User).where(User.id == actor.user_id).with_for_update()
    former = db.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if former is None or former.role is not Role.OWNER:
        raise Forbidden("Only the owner can make somebody else the owner.")
    before, user.role = user.role, Role.OWNER
    former.role = Role.ADMIN
    _record_role(actor, user, before)


def _record_role(actor: Actor, user: User, before: Role) -> None:
    audit.record(
        actor,
        "user.role_changed",
        f"{actor.name} made {user.name} {_with_article(user.role)}",
        target=user.email,
        changes={"role": [before.value, user.role.value]},
    )


def _change_access(actor: Actor, user: User, active: bool) -> None:
    if active == user.active:
        return
    if user.id == actor.user_id:
        raise Forbidden("You cannot suspend yourself.")
    if active:
        user.active = True
    else:
        shutting_out.shut_out(user, "suspended")
    verb = "let {} in again" if active else "suspended {}"
    audit.record(
        actor,
        "user.restored" if active else "user.suspended",
        f"{actor.name} {verb.format(user.name)}",
        target=user.email,
        changes={"active": [not active, active]},
    )


def _with_article(role: Role) -> str:
    return {Role.OWNER: "the owner", Role.ADMIN: "an admin", Role.AGENT: "an agent"}[role]

"""Bringing people into a team."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import current_app
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from app.errors import Conflict, Forbidden, Invalid, NotFound
from app.extensions import db
from app.models import Invitation, Role, User, now
from app.services import audit
from app.services.actors import Actor, person
from app.services.mail import mail
from app.services.paging import all_of
from app.services.people import organizations
from app.services.people.passwords import hash_password, refuse_weak_password
from app.services.secret_tokens import hash_of, new_secret

STALE = "This invitation has been used, withdrawn or has expired. Please ask for a new one."
ELSEWHERE = (
    "This address signs in to another organization already. "
    "Please ask to be invited under another address."
)
MOST_OPEN = 200


def invite(actor: Actor, email: str, role: Role) -> Invitation:
    """Invite somebody by mail. A second invitation to the same address replaces the first."""
    _refuse_role(actor, role)
    email = email.lower()
    # Of two invitations to one address at once the second has to see, and to replace, the first.
    organizations.lock(actor.organization_id)
    _refuse_member(actor.organization_id, email)
    earlier = [row for row in list_invitations(actor.organization_id) if row.email == email]
    if len(list_invitations(actor.organization_id)) - len(earlier) >= MOST_OPEN:
        raise Conflict(f"{MOST_OPEN} invitations are open. Withdraw some that are not needed.")
    for row in earlier:
        row.revoked_at = now()
    invitation = _make(actor, email, role)
    audit.record(
        actor,
        "invitation.sent",
        f"{actor.name} invited {email} as {role.value}",
        target=email,
        changes={"role": role.value},
    )
    db.session.commit()
    return invitation


def list_invitations(organization_id: UUID) -> list[Invitation]:
    """What has neither been accepted nor withdrawn; an expired one is shown as such."""
    return all_of(
        select(Invitation)
        .where(
            Invitation.organization_id == organization_id,
            Invitation.accepted_at.is_(None),
            Invitation.revoked_at.is_(None),
        )
        .order_by(Invitation.id.desc())
    )


def send_again(actor: Actor, invitation_id: UUID) -> Invitation:
    """The same invitation with a fresh link and a fresh deadline."""
    earlier = _own(actor.organization_id, invitation_id)
    return invite(actor, earlier.email, earlier.role)


def withdraw(actor: Actor, invitation_id: UUID) -> None:
    invitation = _own(actor.organization_id, invitation_id)
    invitation.revoked_at = now()
    audit.record(
        actor,
        "invitation.withdrawn",
        f"{actor.name} withdrew the invitation of {invitation.email}",
        target=invitation.email,
    )
    db.session.commit()


def revoke_invitations_of(user_id: UUID) -> None:
    """Withdraw what a person sent, as part of the caller's change."""
    db.session.execute(
        update(Invitation)
        .where(
            Invitation.invited_by_id == user_id,
            Invitation.accepted_at.is_(None),
            Invitation.revoked_at.is_(None),
        )
        .values(revoked_at=now())
    )


def look_at(secret: str) -> Invitation:
    """The invitation behind a mailed link, if it is still open."""
    query = select(Invitation).where(Invitation.secret_hash == hash_of(secret))
    invitation = db.session.scalars(query).unique().one_or_none()
    if invitation is None or not invitation.is_open or not invitation.inviter.active:
        raise Invalid(STALE, code="stale_link", fields={"token": STALE})
    return invitation


def find_open_for(email: str) -> Invitation | None:
    """The newest open invitation to an address that has been proven otherwise."""
    query = (
        select(Invitation)
        .where(Invitation.email == email, Invitation.expires_at > now())
        .where(Invitation.accepted_at.is_(None), Invitation.revoked_at.is_(None))
        .order_by(Invitation.id.desc())
    )
    rows = all_of(query)
    return next((row for row in rows if row.inviter.active), None)


def accept(secret: str, name: str, password: str) -> User:
    """Join the team. The link came by mail, so the address is proven with it."""
    refuse_weak_password(password)
    invitation = look_at(secret)
    hashed = hash_password(password)
    return join(invitation, name, password_hash=hashed)


def join(
    invitation: Invitation,
    name: str,
    *,
    password_hash: str | None = None,
    google_subject: str | None = None,
) -> User:
    """Spend the invitation and make the person, in one transaction."""
    _spend(invitation)
    user = User(
        organization_id=invitation.organization_id,
        email=invitation.email,
        name=name,
        role=invitation.role,
        password_hash=password_hash,
        google_subject=google_subject,
        email_verified_at=now(),
    )
    try:
        db.session.add(user)
        db.session.flush()
    except IntegrityError as error:
        db.session.rollback()
        raise Conflict(ELSEWHERE, code="email_taken", fields={"email": ELSEWHERE}) from error
    audit.record(
        person(user),
        "invitation.accepted",
        f"{name} joined as {user.role.value}",
        target=user.email,
    )
    db.session.commit()
    return user


def _make(actor: Actor, email: str, role: Role) -> Invitation:
    config = current_app.config["FRONTDESK"]
    secret = new_secret()
    invitation = Invitation(
        organization_id=actor.organization_id,
        email=email,
        role=role,
        secret_hash=hash_of(secret),
        invited_by_id=actor.user_id,
        expires_at=now() + config.invitation_lifetime,
    )
    db.session.add(invitation)
    db.session.flush()
    facts = {
        "inviter": actor.name,
        "organization": invitation.organization.name,
        "role": role.value,
        "days": config.invitation_lifetime.days,
        "link": mail.link("/invite", secret),
        "public_url": config.public_url,
    }
    mail.post(
        "invitation",
        email,
        facts,
        organization_id=actor.organization_id,
        on_behalf_of_id=actor.user_id,
    )
    return invitation


def _spend(invitation: Invitation) -> None:
    spent: Any = db.session.execute(
        update(Invitation)
        .where(Invitation.id == invitation.id, Invitation.accepted_at.is_(None))
        .values(accepted_at=now())
    )
    if spent.rowcount != 1:
        db.session.rollback()
        raise Invalid(STALE, code="stale_link", fields={"token": STALE})


def _own(organization_id: UUID, invitation_id: UUID) -> Invitation:
    invitation = db.session.get(Invitation, invitation_id)
    gone = invitation is None or invitation.organization_id != organization_id
    if invitation is None or gone or invitation.accepted_at or invitation.revoked_at:
        raise NotFound("This invitation has been accepted or withdrawn already.")
    return invitation


def _refuse_role(actor: Actor, role: Role) -> None:
    if not actor.role.includes(Role.ADMIN):
        raise Forbidden("Only an admin can invite people.")
    if role is Role.OWNER:
        message = "Nobody is invited as the owner. Invite them, then hand the ownership over."
        raise Invalid(message, fields={"role": message})


def _refuse_member(organization_id: UUID, email: str) -> None:
    query = select(User).where(User.email == email, User.organization_id == organization_id)
    if db.session.scalars(query).one_or_none():
        message = "This person is in your team already."
        raise Conflict(message, code="already_member", fields={"email": message})

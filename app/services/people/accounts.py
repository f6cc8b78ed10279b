"""A person's own account: registering, signing in, proving an address, passwords."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from app.errors import Conflict, Forbidden, Invalid, NotSignedIn
from app.extensions import db
from app.models import LinkPurpose, Role, User, now
from app.services import audit
from app.services.actors import Actor, person
from app.services.mail import mail
from app.services.people import api_keys, links, sessions
from app.services.people.organizations import make_organization
from app.services.people.passwords import hash_password, password_matches, refuse_weak_password

TAKEN = "There is an account with this address already. Sign in, or reset its password."
WRONG = "The e-mail address and the password do not belong together."


def find_by_email(email: str) -> User | None:
    query = select(User).where(User.email == email.strip().lower())
    return db.session.scalars(query).one_or_none()


def register(email: str, password: str, name: str, organization_name: str) -> User:
    """Make an organization and its owner, and write to them."""
    if not current_app.config["FRONTDESK"].registration_open:
        raise Forbidden("New organizations cannot be made here. Ask to be invited instead.")
    refuse_weak_password(password, email)
    if find_by_email(email):
        raise Conflict(TAKEN, code="email_taken", fields={"email": TAKEN})
    hashed = hash_password(password)
    return make_owner(email, name, organization_name, password_hash=hashed)


def make_owner(
    email: str,
    name: str,
    organization_name: str,
    *,
    password_hash: str | None = None,
    google_subject: str | None = None,
) -> User:
    """The part of registering that is the same with a password and with Google."""
    try:
        user = User(
            organization=make_organization(organization_name),
            email=email.lower(),
            name=name,
            role=Role.OWNER,
            password_hash=password_hash,
            google_subject=google_subject,
            email_verified_at=now() if google_subject else None,
        )
        db.session.add(user)
        db.session.flush()
    except IntegrityError as error:
        db.session.rollback()
        raise Conflict(TAKEN, code="email_taken", fields={"email": TAKEN}) from error
    audit.record(person(user), "organization.created", f"{name} registered {organization_name}")
    _post_to(user, "welcome")
    if not user.email_verified:
        _post_verification(user)
    db.session.commit()
    return user


def sign_in(email: str, password: str) -> User:
    """The person, if the password is theirs. Unknown people get the same answer, as slowly."""
    user = find_by_email(email)
    matches = password_matches(password, user.password_hash if user else None)
    if user is None or not matches or not user.active:
        raise NotSignedIn(WRONG, code="bad_credentials")
    return user


def request_password_reset(email: str) -> None:
    """Mail a reset link, if there is anybody to mail it to. Nothing outside shows which."""
    with _same_time_for_everybody():
        user = find_by_email(email)
        if user is None or not user.active:
            return
        lifetime = current_app.config["FRONTDESK"].reset_link_lifetime
        secret = links.issue(user, LinkPurpose.RESET_PASSWORD, lifetime)
        _post_to(user, "reset_password", link=mail.link("/reset-password", secret))
        db.session.commit()


def reset_password(secret: str, password: str, ip_address: str = "") -> User:
    """Set a new password by a mailed link, and end every access that the old one opened."""
    refuse_weak_password(password)
    user = links.redeem(secret, LinkPurpose.RESET_PASSWORD)
    # The link came by mail, so it proves the address as well.
    user.email_verified_at = user.email_verified_at or now()
    _set_password(person(user, ip_address), user, password, "password.reset")
    sessions.end_sessions_of(user.id, "password reset")
    api_keys.revoke_keys_of(user.id)
    db.session.commit()
    return user


def change_password(actor: Actor, user: User, current: str, new: str, session_id: object) -> None:
    """Change one's own password; the other devices have to sign in again."""
    refuse_weak_password(new, user.email, field="new_password")
    if user.has_password and not password_matches(current, user.password_hash):
        message = "This is not your current password."
        raise Invalid(message, code="bad_credentials", fields={"current_password": message})
    _set_password(actor, user, new, "password.changed")
    for session in sessions.list_open_sessions(user.id):
        if session.id != session_id:
            session.ended_at, session.end_reason = now(), "password changed"
    db.session.commit()


def verify_email(secret: str) -> User:
    """Take the mailed link as proof of the address."""
    user = links.redeem(secret, LinkPurpose.VERIFY_EMAIL)
    user.email_verified_at = now()
    audit.record(person(user), "user.email_verified", f"{user.name} confirmed {user.email}")
    db.session.commit()
    return user


def send_verification_again(user: User) -> None:
    if not user.email_verified:
        _post_verification(user)
        db.session.commit()


def count_people() -> int:
    return db.session.scalar(select(func.count()).select_from(User)) or 0


def _set_password(actor: Actor, user: User, password: str, action: str) -> None:
    user.password_hash = hash_password(password)
    links.withdraw(user, LinkPurpose.RESET_PASSWORD)
    verb = "reset" if action.endswith("reset") else "changed"
    audit.record(actor, action, f"{user.name} {verb} their password", target=user.email)
    _post_to(user, "password_changed")


def _post_verification(user: User) -> None:
    lifetime = current_app.config["FRONTDESK"].verify_link_lifetime
    secret = links.issue(user, LinkPurpose.VERIFY_EMAIL, lifetime)
    _post_to(user, "verify_email", link=mail.link("/verify-email", secret))


def _post_to(user: User, template: str, **facts: str) -> None:
    public_url = current_app.config["FRONTDESK"].public_url
    organization = user.organization.name
    mail.post(
        template,
        user.email,
        {"name": user.name, "organization": organization, "public_url": public_url, **facts},
        organization_id=user.organization_id,
        on_behalf_of_id=user.id,
    )


@contextmanager
def _same_time_for_everybody() -> Iterator[None]:
    """Wait out a fixed time, so that the clock does not tell who has an account."""
    started = time.monotonic()
    try:
        yield
    finally:
        floor: float = current_app.config["FRONTDESK"].answer_floor_seconds
        time.sleep(max(0.0, floor - (time.monotonic() - started)))

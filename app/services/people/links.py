"""Mailed links: issued to one person for one purpose, good once and for a while."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select, update

from app.errors import Invalid
from app.extensions import db
from app.models import LinkPurpose, MailedLink, User, now
from app.services.secret_tokens import hash_of, new_secret

STALE = "This link has been used or has expired. Please ask for a new one."


def issue(user: User, purpose: LinkPurpose, lifetime: timedelta) -> str:
    """The secret of a fresh link; earlier ones for the same purpose stop working."""
    withdraw(user, purpose)
    secret = new_secret()
    db.session.add(
        MailedLink(
            user=user,
            purpose=purpose,
            secret_hash=hash_of(secret),
            sent_to=user.email,
            expires_at=now() + lifetime,
        )
    )
    return secret


def redeem(secret: str, purpose: LinkPurpose) -> User:
    """Spend the link, as part of the caller's change, and say whose it was."""
    query = select(MailedLink).where(
        MailedLink.secret_hash == hash_of(secret), MailedLink.purpose == purpose
    )
    found = db.session.scalars(query).unique().one_or_none()
    if found is None or not found.is_good or found.sent_to != found.user.email:
        raise Invalid(STALE, code="stale_link", fields={"token": STALE})
    spent: Any = db.session.execute(
        update(MailedLink)
        .where(MailedLink.id == found.id, MailedLink.used_at.is_(None))
        .values(used_at=now())
    )
    if spent.rowcount != 1:
        db.session.rollback()
        raise Invalid(STALE, code="stale_link", fields={"token": STALE})
    return found.user


def withdraw(user: User, purpose: LinkPurpose) -> None:
    """Make every open link of this kind useless."""
    db.session.execute(
        update(MailedLink)
        .where(
            MailedLink.user_id == user.id,
            MailedLink.purpose == purpose,
            MailedLink.used_at.is_(None),
        )
        .values(used_at=now())
    )

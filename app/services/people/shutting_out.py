"""Shutting somebody out: whatever they could still do here ends, as part of the caller's change."""

from __future__ import annotations

from app.models import Availability, User
from app.services.mail import mail
from app.services.people import api_keys, invitations, sessions


def shut_out(user: User, why: str) -> None:
    """What they take care of is for the caller to give to others, once this is committed."""
    user.active = False
    user.availability = Availability.AWAY
    sessions.end_sessions_of(user.id, why)
    take_back_what_an_admin_left(user)
    mail.cancel_for(user)


def take_back_what_an_admin_left(user: User) -> None:
    """Keys and open invitations would otherwise outlive the role that they came from."""
    api_keys.revoke_keys_of(user.id)
    invitations.revoke_invitations_of(user.id)
    mail.cancel_for(user, to_others_only=True)

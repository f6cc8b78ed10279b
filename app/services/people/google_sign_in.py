"""Signing in with an identity that Google vouches for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import current_app
from sqlalchemy import select

from app.adapters import adapters
from app.adapters.identity import Identity, IdentityProvider, SignInAttempt
from app.errors import Conflict, Forbidden, NotFound, NotSignedIn, ProviderError, Unavailable
from app.extensions import db
from app.models import User, now
from app.services import audit
from app.services.actors import person
from app.services.people import api_keys, invitations, sessions, shutting_out
from app.services.people.accounts import find_by_email, make_owner

__all__ = ["Arrival", "SignInAttempt", "begin", "finish"]
UNPROVEN = "Google has not confirmed this e-mail address, so it cannot be used to sign in here."
REFUSED = "The sign-in with Google did not work. Please try again."


@dataclass(frozen=True)
class Arrival:
    """Who has signed in, and who may not any more because of it."""

    user: User
    shut_out: Sequence[User] = ()


def begin() -> tuple[str, SignInAttempt]:
    """Where to send the browser, and what it must bring back."""
    try:
        return _provider().begin(_redirect_uri())
    except ProviderError as error:
        raise Unavailable(
            "Google cannot be reached right now. Please use your password."
        ) from error


def finish(attempt: SignInAttempt, code: str) -> Arrival:
    """The person whom Google's answer belongs to; made, if they are new."""
    try:
        identity = _provider().finish(attempt, _redirect_uri(), code)
    except ProviderError as error:
        raise NotSignedIn(REFUSED, code="google_refused") from error
    arrival = _known(identity) or _linked(identity) or Arrival(_registered(identity))
    if not arrival.user.active:
        raise NotSignedIn("This account is suspended. Ask an admin of your team.", code="suspended")
    return arrival


def _known(identity: Identity) -> Arrival | None:
    query = select(User).where(User.google_subject == identity.subject)
    user = db.session.scalars(query).one_or_none()
    return Arrival(user) if user else None


def _linked(identity: Identity) -> Arrival | None:
    """An account with the same address becomes theirs only when Google has proven the address."""
    user = find_by_email(identity.email)
    if user is None:
        return None
    if not identity.email_verified:
        raise Forbidden(UNPROVEN, code="email_not_verified")
    if user.google_subject is not None:
        message = "This address belongs to an account that signs in with another Google identity."
        raise Conflict(message, code="email_taken")
    shut_out: list[User] = []
    if not user.email_verified:
        # Whoever registered it never proved the address: their password must not stay good.
        user.password_hash = None
        user.email_verified_at = now()
        sessions.end_sessions_of(user.id, "the address was proven by somebody else")
        api_keys.revoke_keys_of(user.id)
        shut_out = _shut_out_whom_they_invited(user)
    user.google_subject = identity.subject
    audit.record(person(user), "user.google_linked", f"{user.name} signed in with Google")
    db.session.commit()
    return Arrival(user, shut_out)


def _shut_out_whom_they_invited(user: User) -> list[User]:
    """Whoever registered somebody else's address may have let friends in meanwhile."""
    invitations.revoke_invitations_of(user.id)
    query = select(User).where(User.organization_id == user.organization_id, User.id != user.id)
    others = [each for each in db.session.scalars(query).unique() if each.active]
    for other in others:
        shutting_out.shut_out(other, "let in by somebody unproven")
    return others


def _registered(identity: Identity) -> User:
    if not identity.email_verified or not identity.email:
        raise Forbidden(UNPROVEN, code="email_not_verified")
    name = identity.name.strip()[:120] or identity.email.split("@", 1)[0]
    invitation = invitations.find_open_for(identity.email)
    if invitation is not None:
        return invitations.join(invitation, name, google_subject=identity.subject)
    if not current_app.config["FRONTDESK"].registration_open:
        raise Forbidden("There is no account with this address. Ask to be invited.")
    return make_owner(identity.email, name, f"{name}’s team"[:120], google_subject=identity.subject)


def _provider() -> IdentityProvider:
    if adapters.google is None:
        raise NotFound("Signing in with Google is not set up here.")
    return adapters.google


def _redirect_uri() -> str:
    return f"{current_app.config['FRONTDESK'].public_url}/api/auth/google/callback"

"""Signing in and out, and everything that proves who somebody is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Response, jsonify, request
from flask_openapi3 import APIBlueprint, Tag

from app.api.access import anyone, signed_in
from app.api.schemas.common import ById, Said, shown
from app.api.schemas.people import (
    Acceptance,
    Credentials,
    EmailGiven,
    EmailShown,
    InvitationSeen,
    Me,
    NewPassword,
    PasswordChange,
    Registration,
    Renewed,
    SessionList,
    SignedIn,
    TokenGiven,
)
from app.edge.asking import client_address, principal, renew
from app.edge.cookies import forget, remember, token_pair
from app.edge.limits import (
    MAIL_PER_ACCOUNT,
    MAIL_PER_ADDRESS,
    RENEW_PER_ADDRESS,
    SIGN_IN_PER_ACCOUNT,
    SIGN_IN_PER_ADDRESS,
    by_account,
    was_refused,
)
from app.extensions import limiter
from app.services.people import accounts, invitations, sessions

if TYPE_CHECKING:
    from app.models import SignInSession, User

api = APIBlueprint("auth", __name__, url_prefix="/api/auth", abp_tags=[Tag(name="Signing in")])
CHECK_MAIL = "If there is an account with this address, a message is on its way to it."


@api.post("/register", responses={201: SignedIn, 403: None, 409: None})
@anyone
@limiter.limit(MAIL_PER_ADDRESS)
def register(body: Registration) -> tuple[Response, int]:
    """Make an organization and its owner, and sign them in."""
    user = accounts.register(body.email, body.password, body.name, body.organization)
    return _signed_in(user, body.transport), 201


@api.post("/login", responses={200: SignedIn, 401: None})
@anyone
@limiter.limit(SIGN_IN_PER_ADDRESS)
@limiter.limit(SIGN_IN_PER_ACCOUNT, key_func=by_account, deduct_when=was_refused)
def login(body: Credentials) -> Response:
    """Sign in with e-mail address and password."""
    return _signed_in(accounts.sign_in(body.email, body.password), body.transport)


@api.post("/refresh", responses={200: Renewed, 401: None, 403: None})
@anyone
@limiter.limit(RENEW_PER_ADDRESS)
def refresh() -> Response:
    """Spend the refresh token and get the next pair, the way it was sent: cookie or bearer."""
    session = renew()
    if "Authorization" in request.headers:
        access, fresh = token_pair(session)
        return jsonify(shown(Renewed, {"access_token": access, "refresh_token": fresh}))
    return remember(jsonify(shown(Renewed, {})), session)


@api.post("/logout", responses={204: None})
@signed_in()
def logout() -> tuple[Response, int]:
    """End this session."""
    asking = principal()
    if asking.session is not None:
        sessions.end_session(asking.session)
    return forget(Response()), 204


@api.post("/logout-everywhere", responses={204: None})
@signed_in()
def logout_everywhere() -> tuple[Response, int]:
    """End every session of this person, this one too."""
    asking = principal()
    sessions.sign_out_everywhere(asking.actor(), asking.user)
    return forget(Response()), 204


@api.get("/me", responses={200: Me})
@signed_in()
def me() -> dict[str, Any]:
    """Who is signed in."""
    asking = principal()
    session_id = asking.session.id if asking.session else None
    facts = {"user": asking.user, "organization": asking.organization, "session_id": session_id}
    return shown(Me, facts)


@api.post("/forgot-password", responses={202: Said})
@anyone
@limiter.limit(MAIL_PER_ADDRESS)
@limiter.limit(MAIL_PER_ACCOUNT, key_func=by_account)
def forgot_password(body: EmailGiven) -> tuple[dict[str, Any], int]:
    """Mail a link to set a new password. The answer is the same whether the address is known."""
    accounts.request_password_reset(body.email)
    return shown(Said, {"message": CHECK_MAIL}), 202


@api.post("/reset-password", responses={204: None})
@anyone
@limiter.limit(SIGN_IN_PER_ADDRESS)
def reset_password(body: NewPassword) -> tuple[Response, int]:
    """Set a new password by a mailed link; every session and API key of the person ends."""
    accounts.reset_password(body.token, body.password, client_address())
    return forget(Response()), 204


@api.post("/change-password", responses={204: None})
@signed_in()
@limiter.limit(SIGN_IN_PER_ADDRESS)
def change_password(body: PasswordChange) -> tuple[str, int]:
    """Change one's own password; every other session ends."""
    asking = principal()
    accounts.change_password(
        asking.actor(),
        asking.user,
        body.current_password,
        body.new_password,
        asking.session.id if asking.session else None,
    )
    return "", 204


@api.post("/verify-email", responses={200: EmailShown})
@anyone
@limiter.limit(SIGN_IN_PER_ADDRESS)
def verify_email(body: TokenGiven) -> dict[str, Any]:
    """Confirm an address with the mailed link."""
    return shown(EmailShown, accounts.verify_email(body.token))


@api.post("/verify-email/resend", responses={202: Said})
@signed_in()
@limiter.limit(MAIL_PER_ADDRESS)
def resend_verification() -> tuple[dict[str, Any], int]:
    """Mail the confirmation link again."""
    accounts.send_verification_again(principal().user)
    return shown(Said, {"message": "A new link is on its way to you."}), 202


@api.post("/invitation", responses={200: InvitationSeen})
@anyone
@limiter.limit(SIGN_IN_PER_ADDRESS)
def see_invitation(body: TokenGiven) -> dict[str, Any]:
    """What a mailed invitation is for."""
    invitation = invitations.look_at(body.token)
    return InvitationSeen(
        organization=invitation.organization.name,
        email=invitation.email,
        role=invitation.role,
        invited_by=invitation.invited_by,
        expires_at=invitation.expires_at,
    ).model_dump(mode="json")


@api.post("/accept-invite", responses={201: SignedIn, 409: None})
@anyone
@limiter.limit(MAIL_PER_ADDRESS)
def accept_invite(body: Acceptance) -> tuple[Response, int]:
    """Join a team by a mailed invitation, and sign in."""
    user = invitations.accept(body.token, body.name, body.password)
    return _signed_in(user, body.transport), 201


@api.get("/sessions", responses={200: SessionList})
@signed_in()
def list_sessions() -> dict[str, Any]:
    """The devices on which one is signed in."""
    asking = principal()
    own = asking.session.id if asking.session else None
    answer = shown(SessionList, {"items": sessions.list_open_sessions(asking.user.id)})
    for item in answer["items"]:
        item["current"] = item["id"] == str(own)
    return answer


@api.delete("/sessions/<uuid:id>", responses={204: None, 404: None})
@signed_in()
def end_session(path: ById) -> tuple[str, int]:
    """Sign out one of one's own devices."""
    sessions.end_own_session(principal().actor(), path.id)
    return "", 204


def _signed_in(user: User, transport: str) -> Response:
    session = _open_session(user)
    facts: dict[str, Any] = {"user": user, "organization": user.organization}
    if transport == "bearer":
        facts["access_token"], facts["refresh_token"] = token_pair(session)
        return jsonify(shown(SignedIn, facts))
    return remember(jsonify(shown(SignedIn, facts)), session)


def _open_session(user: User) -> SignInSession:
    return sessions.open_session(user, request.user_agent.string, client_address())

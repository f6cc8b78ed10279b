"""Signing in with Google: away to the provider, and back."""

from __future__ import annotations

from dataclasses import asdict
from urllib.parse import quote, urlsplit

from flask import Response, current_app, redirect, request
from flask_openapi3 import APIBlueprint, Tag
from itsdangerous import BadSignature, URLSafeTimedSerializer

from app.api.access import anyone
from app.api.schemas.people import GoogleQuery, GoogleReturn
from app.edge.asking import client_address
from app.edge.cookies import remember
from app.edge.limits import SIGN_IN_PER_ADDRESS
from app.errors import AppError, NotSignedIn
from app.extensions import limiter
from app.services.people import google_sign_in, sessions
from app.services.people.google_sign_in import SignInAttempt
from app.services.team import team

api = APIBlueprint("google", __name__, url_prefix="/api/auth", abp_tags=[Tag(name="Signing in")])
COOKIE = "google_attempt"
MINUTES_10 = 600


@api.get("/google", responses={302: None, 404: None, 503: None})
@anyone
@limiter.limit(SIGN_IN_PER_ADDRESS)
def leave_for_google(query: GoogleQuery) -> Response:
    """Send the browser to Google, remembering in it alone what must come back."""
    url, attempt = google_sign_in.begin()
    response = redirect(url)
    response.set_cookie(
        COOKIE,
        _signer().dumps(asdict(attempt) | {"next": safe_path(query.next)}),
        max_age=MINUTES_10,
        path="/api/auth/google",
        secure=current_app.config["JWT_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )
    return response  # type: ignore[return-value]


@api.get("/google/callback", responses={302: None})
@anyone
@limiter.limit(SIGN_IN_PER_ADDRESS)
def return_from_google(query: GoogleReturn) -> Response:
    """Finish the sign-in; whatever goes wrong is said on the sign-in page."""
    try:
        attempt, path = _remembered(query)
        user = team.sign_in_with_google(attempt, query.code or "")
    except AppError as error:
        response = redirect(f"/login?problem={quote(error.code)}")
    else:
        session = sessions.open_session(user, request.user_agent.string, client_address())
        response = remember(redirect(path), session)  # type: ignore[arg-type]
    response.delete_cookie(COOKIE, path="/api/auth/google")
    return response  # type: ignore[return-value]


def safe_path(wanted: str) -> str:
    """A page of ours, or the dashboard: never an address on somebody else's site."""
    parts = urlsplit(wanted)
    foreign = parts.scheme or parts.netloc or "\\" in wanted or not wanted.startswith("/")
    broken = wanted.startswith("//") or any(ord(character) < 33 for character in wanted)
    return "/dashboard" if foreign or broken else wanted


def _remembered(query: GoogleReturn) -> tuple[SignInAttempt, str]:
    try:
        kept = _signer().loads(request.cookies.get(COOKIE, ""), max_age=MINUTES_10)
    except BadSignature as error:
        raise NotSignedIn(code="google_expired") from error
    if query.error or not query.code:
        raise NotSignedIn(code="google_cancelled")
    path = kept.pop("next")
    attempt = SignInAttempt(**kept)
    if query.state != attempt.state:
        raise NotSignedIn(code="google_expired")
    return attempt, path


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="google sign-in")

"""A session as the browser or a program carries it: a pair of tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response
from flask_jwt_extended import (
    create_access_token,
    create_refresh_token,
    set_access_cookies,
    set_refresh_cookies,
    unset_jwt_cookies,
)

if TYPE_CHECKING:
    from app.models import SignInSession


def token_pair(session: SignInSession) -> tuple[str, str]:
    """A short-lived token to ask with, and the one that renews it."""
    subject = str(session.user_id)
    family = {"sid": str(session.id)}
    return (
        create_access_token(subject, additional_claims=family),
        create_refresh_token(subject, additional_claims=family | {"gen": session.generation}),
    )


def remember(response: Response, session: SignInSession) -> Response:
    """Put the pair into HttpOnly cookies, with their CSRF twins beside them."""
    access, refresh = token_pair(session)
    set_access_cookies(response, access)
    set_refresh_cookies(response, refresh)
    return response


def forget(response: Response) -> Response:
    """Take every cookie of the sign-in back."""
    unset_jwt_cookies(response)
    return response

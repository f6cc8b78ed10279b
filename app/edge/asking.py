"""Who is asking: a person by their session, or a program by its key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from flask import g, request
from flask_jwt_extended import get_jwt, verify_jwt_in_request
from flask_jwt_extended.exceptions import CSRFError, JWTExtendedException
from jwt import ExpiredSignatureError
from jwt.exceptions import PyJWTError
from sqlalchemy import inspect

from app.addresses import read_address
from app.errors import Forbidden, NotSignedIn
from app.services.actors import Actor, ActorKind, Role
from app.services.people import api_keys, sessions
from app.services.people.api_keys import Scope

if TYPE_CHECKING:
    from app.models import ApiKey, Organization, SignInSession, User

EXPIRED = "Your sign-in has expired. Please sign in again."
CSRF = "This request does not come from one of our pages. Please reload and try again."


@dataclass(frozen=True)
class Principal:
    """The person who asks, and by which way they came in."""

    user: User
    session: SignInSession | None = None
    api_key: ApiKey | None = None

    @property
    def organization(self) -> Organization:
        return self.user.organization

    @property
    def user_id(self) -> UUID:
        """Known without the database, which may be what has just failed."""
        (user_id,) = inspect(self.user).identity or (self.user.id,)
        return UUID(str(user_id))

    def may(self, role: Role, scope: Scope | None) -> bool:
        """A key does what its maker's role allows, and of that only what it was made for."""
        if not self.user.may(role):
            return False
        return self.api_key is None or (scope is not None and scope.value in self.api_key.scopes)

    def actor(self) -> Actor:
        key = self.api_key
        return Actor(
            organization_id=self.user.organization_id,
            user_id=self.user.id,
            role=self.user.role,
            name=self.user.name if key is None else f"{key.name} (key of {self.user.name})",
            kind=ActorKind.PERSON if key is None else ActorKind.API_KEY,
            ip_address=client_address(),
            request_id=g.get("request_id", ""),
        )


def client_address() -> str:
    """The address that the request came from, past the proxies that we were told to trust.

    Nothing, where a proxy passes on what is no address.
    """
    return str(read_address(request.remote_addr or "") or "")


def principal() -> Principal:
    """Whoever was let in by the gate of this request."""
    found: Principal = g.principal
    return found


def identify() -> Principal | None:
    """Find out who asks; nobody is an answer, a bad or stale proof is an error."""
    key = _api_key_header()
    if key is not None:
        opened = api_keys.open_with(key)
        return Principal(opened.user, api_key=opened)
    claims = read_token(refresh=False, optional=True)
    if claims is None:
        return None
    session = sessions.find_open_session(UUID(claims["sid"]), UUID(claims["sub"]))
    sessions.note_use(session)
    return Principal(session.user, session=session)


def renew() -> SignInSession:
    """Spend the refresh token that was sent, and open the next stretch of the session."""
    claims = read_token(refresh=True, optional=False) or {}
    return sessions.renew_session(UUID(claims["sid"]), UUID(claims["sub"]), int(claims["gen"]))


def read_token(*, refresh: bool, optional: bool) -> dict[str, str] | None:
    """The claims of the token that was sent, after every check of its form."""
    try:
        if verify_jwt_in_request(optional=optional, refresh=refresh) is None:
            return None
        claims: dict[str, str] = get_jwt()
        UUID(str(claims["sid"])), UUID(str(claims["sub"]))
    except ExpiredSignatureError as error:
        raise NotSignedIn(EXPIRED, code="token_expired") from error
    except CSRFError as error:
        raise Forbidden(CSRF, code="csrf") from error
    except (JWTExtendedException, PyJWTError, KeyError, ValueError, TypeError) as error:
        raise NotSignedIn(code="bad_token" if _sent_a_token() else "not_signed_in") from error
    return claims


def _api_key_header() -> str | None:
    kind, _, value = request.headers.get("Authorization", "").partition(" ")
    value = value.strip()
    return value if kind.lower() == "bearer" and value.startswith(api_keys.MARK) else None


def _sent_a_token() -> bool:
    return "Authorization" in request.headers or bool(request.cookies)

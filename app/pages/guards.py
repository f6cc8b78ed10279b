"""Who may see a page. People who are not signed in are sent to sign in, and then back."""

from __future__ import annotations

from urllib.parse import quote

from flask import Response, g, redirect, request

from app.edge.asking import Principal, identify, renew
from app.edge.cookies import forget, remember
from app.errors import Forbidden, NotSignedIn
from app.services.actors import Role


def visitor() -> Principal | None:
    """Whoever looks at this page, found out once a request.

    An access token lives for minutes, a person stays for days: where it has run out but the
    session has not, the session is renewed on the way, so that no page flashes a sign-in.
    """
    if "visitor" not in g:
        # What goes wrong is raised once: the page that tells it asks again, and must get through.
        g.visitor = None
        g.visitor = _look()
        if g.visitor is not None:
            g.principal = g.visitor
    found: Principal | None = g.visitor
    return found


def require_person() -> Response | None:
    """Before every page of the signed-in frame."""
    if visitor() is None:
        wanted = request.full_path.rstrip("?")
        return redirect(f"/login?next={quote(wanted)}")  # type: ignore[return-value]
    return None


def require_role(role: Role) -> Principal:
    """The signed-in person, if they have at least this role."""
    asking = visitor()
    if asking is None:
        raise NotSignedIn
    if not asking.user.may(role):
        raise Forbidden
    return asking


def hand_over_cookies(response: Response) -> Response:
    """Send the renewed pair, or take back one that is of no use any more."""
    renewed = g.get("renewed_session")
    if renewed is not None:
        return remember(response, renewed)
    if g.get("sign_in_is_over"):
        return forget(response)
    return response


def _look() -> Principal | None:
    if "access_token_cookie" not in request.cookies and not _has_refresh():
        return None
    try:
        asking = identify()
    except NotSignedIn:
        asking = None
    return asking or _renewed()


def _renewed() -> Principal | None:
    if not _has_refresh():
        return None
    try:
        session = renew()
    except NotSignedIn:
        g.sign_in_is_over = True
        return None
    g.renewed_session = session
    return Principal(session.user, session=session)


def _has_refresh() -> bool:
    return "refresh_token_cookie" in request.cookies

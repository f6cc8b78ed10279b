"""Settings: oneself for everybody, the organization for admins."""

from __future__ import annotations

from flask import Blueprint, current_app, render_template, request

from app.edge.asking import principal
from app.pages.guards import require_person, require_role
from app.services import audit
from app.services.actors import Role
from app.services.mail import mail
from app.services.people import api_keys, invitations, organizations, sessions
from app.services.team import assigning, notifications, screens, team

pages = Blueprint("settings", __name__, url_prefix="/dashboard/settings")
pages.before_request(require_person)
PAGE = 50
HAPPENINGS = [
    {"name": name, "title": title}
    for name, title in (
        ("assigned", "A conversation is assigned to me"),
        ("mentioned", "A colleague mentions me"),
        ("escalated", "A visitor asks for a person"),
        ("message", "Somebody I talk to writes"),
        ("deadline", "A reply is due or late"),
    )
]


@pages.get("/profile")
def profile() -> str:
    return render_template(
        "settings/profile.html",
        wishes=notifications.wishes_of(principal().user).to_json(),
        happenings=HAPPENINGS,
    )


@pages.get("/sessions", endpoint="sessions")
def sessions_page() -> str:
    asking = principal()
    return render_template(
        "settings/sessions.html",
        sessions=sessions.list_open_sessions(asking.user.id),
        current_id=asking.session.id if asking.session else None,
    )


@pages.get("/organization")
def organization() -> str:
    require_role(Role.ADMIN)
    return render_template(
        "settings/organization.html",
        time_zones=organizations.time_zones(),
        desk=current_app.config["FRONTDESK"].public_url,
    )


@pages.get("/team", endpoint="team")
def team_page() -> str:
    organization_id = require_role(Role.ADMIN).organization.id
    return render_template(
        "settings/team.html",
        team=team.list_team(organization_id),
        present=screens.team_here(organization_id),
        loads=team.loads_of(organization_id),
        automatic=assigning.is_automatic(organization_id),
        invites=invitations.list_invitations(organization_id),
    )


@pages.get("/api-keys", endpoint="api_keys")
def api_keys_page() -> str:
    organization_id = require_role(Role.ADMIN).organization.id
    return render_template(
        "settings/api_keys.html",
        api_keys=api_keys.list_keys(organization_id),
        scopes=[
            {"name": scope.value, "description": text}
            for scope, text in api_keys.SCOPE_DESCRIPTIONS.items()
        ],
    )


@pages.get("/audit", endpoint="audit")
def audit_page() -> str:
    organization_id = require_role(Role.ADMIN).organization.id
    page = audit.list_entries(organization_id, request.args.get("cursor"), PAGE)
    return render_template("settings/audit.html", entries=page.items, next_cursor=page.next_cursor)


@pages.get("/mail", endpoint="mail")
def mail_page() -> str:
    organization_id = require_role(Role.ADMIN).organization.id
    page = mail.mail_log(organization_id, request.args.get("cursor"), PAGE)
    return render_template("settings/mail.html", messages=page.items, next_cursor=page.next_cursor)

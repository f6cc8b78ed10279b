"""The signed-in frame: what needs attention, and the rooms of the house."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, current_app, render_template, request

from app.errors import NotFound
from app.pages.guards import require_person, require_role
from app.services.actors import Role
from app.services.inbox import counted, desk
from app.services.inbox import overview as overviews
from app.services.inbox.counted import Figure
from app.services.knowledge import knowledge
from app.services.team import team
from app.services.widget import installations

pages = Blueprint("dashboard", __name__, url_prefix="/dashboard")
pages.before_request(require_person)
LISTED = 50


@dataclass(frozen=True)
class Step:
    """One thing to do before the desk is ready."""

    title: str
    detail: str
    done: bool
    url: str


@pages.get("")
def overview() -> str:
    standing = overviews.overview_of(require_role(Role.AGENT).organization.id)
    return render_template(
        "overview.html",
        standing=standing,
        first=desk.cases_of(standing.waiting.first),
        checklist=_checklist(),
        desk=current_app.config["FRONTDESK"].public_url,
    )


@pages.get("/overview", endpoint="figure")
def list_behind() -> str:
    """The conversations that a figure of the overview counts."""
    organization = require_role(Role.AGENT).organization
    figure = request.args.get("figure", Figure.WAITING)
    if figure not in set(Figure):
        raise NotFound
    sources = counted.sources(organization.id, counted.midnight(organization))
    source, person = sources[Figure(figure)], request.args.get("person", type=UUID)
    if figure == Figure.HELD and person is not None:
        source = counted.held_by(organization.id, team.get_member(organization.id, person).id)
    cases, next_cursor = counted.list_behind(
        organization.id, source, request.args.get("cursor"), LISTED
    )
    return render_template(
        "overview/figure.html",
        figure=figure,
        person=person and team.get_member(organization.id, person),
        count=counted.count(source),
        cases=cases,
        next_cursor=next_cursor,
    )


@pages.get("/analytics")
def analytics() -> str:
    return render_template("analytics.html")


def _checklist() -> list[Step]:
    asking = require_role(Role.AGENT)
    organization = asking.organization
    people = len(team.list_team(organization.id))
    return [
        Step(
            "Confirm your e-mail address",
            "So that resets and invitations reach you.",
            asking.user.email_verified,
            "/dashboard/settings/profile",
        ),
        Step(
            "Give your assistant its first document",
            "Everything that it answers comes from what you give it.",
            knowledge.has_documents(organization.id),
            "/dashboard/documents",
        ),
        Step(
            "Say where the widget may appear",
            "Only the domains that you name can show it.",
            bool(organization.allowed_domains),
            "/dashboard/settings/widget/install#domains",
        ),
        Step(
            "Paste the snippet",
            "One line on your site; this turns green when the widget is first seen there.",
            bool(installations.seen_on(organization.id)),
            "/dashboard/settings/widget/install",
        ),
        Step(
            "Invite a colleague",
            "Somebody should be there when the assistant hands over.",
            people > 1,
            "/dashboard/settings/team",
        ),
    ]

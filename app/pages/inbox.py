"""The inbox: one page for all conversations; what they say comes by the API and by the socket."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.pages.guards import require_person, require_role
from app.services.actors import Role
from app.services.answering.assistants import profile_of
from app.services.inbox import desk, lists
from app.services.team import team

pages = Blueprint("inbox", __name__, url_prefix="/dashboard")
pages.before_request(require_person)


@pages.get("/inbox", endpoint="list")
@pages.get("/inbox/<uuid:conversation_id>", endpoint="one")
def inbox(conversation_id: UUID | None = None) -> str:
    """One page for the list and for a conversation: to go from one to the other loads nothing."""
    if conversation_id is not None:
        desk.get_case(require_role(Role.AGENT).organization.id, conversation_id)
    return render_template("inbox/page.html", opened=conversation_id, start=_start())


@pages.get("/conversations", endpoint="moved")
@pages.get("/conversations/<uuid:conversation_id>", endpoint="moved_one")
def moved(conversation_id: UUID | None = None) -> Response:
    """Where the inbox was before: mails that were sent then still lead there."""
    if conversation_id is None:
        return redirect(url_for("inbox.list"))
    desk.get_case(require_role(Role.AGENT).organization.id, conversation_id)
    return redirect(url_for("inbox.one", conversation_id=conversation_id))


def _start() -> dict[str, Any]:
    """What the page has to know before anything has come by the wire."""
    asking = require_role(Role.AGENT)
    people = team.list_team(asking.organization.id)
    return {
        "me": str(asking.user.id),
        "people": [
            {
                "id": str(each.id),
                "name": each.name,
                "picture_url": each.picture_url,
                "availability": each.availability,
                "role": each.role,
            }
            for each in people
            if each.active
        ],
        "assistant": profile_of(asking.organization).name,
        "organization": asking.organization.name,
        "zone": asking.organization.time_zone,
        "isFirstDay": not _has_conversations(asking.organization.id),
    }


def _has_conversations(organization_id: UUID) -> bool:
    return bool(lists.list_states(organization_id, lists.Filters(), lists.Sort.NEWEST, None, 1)[0])

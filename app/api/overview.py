"""What a team wants to know when it comes in."""

from __future__ import annotations

from typing import Any

from flask_openapi3 import APIBlueprint, Tag

from app.api import desk_frames
from app.api.access import signed_in
from app.api.schemas.common import shown
from app.api.schemas.overview import OverviewShown
from app.edge.asking import principal
from app.services.inbox import desk, overview
from app.services.people.api_keys import Scope

api = APIBlueprint("overview", __name__, url_prefix="/api", abp_tags=[Tag(name="Inbox")])


@api.get("/overview", responses={200: OverviewShown})
@signed_in(scope=Scope.CONVERSATIONS_READ)
def get_overview() -> dict[str, Any]:
    """What waits, who is there, what went wrong today."""
    found = overview.overview_of(principal().organization.id)
    first = [desk_frames.case_frame(each) for each in desk.cases_of(found.waiting.first)]
    return shown(
        OverviewShown,
        {
            "waiting": {
                "for_person": found.waiting.for_person,
                "unassigned": found.waiting.unassigned,
                "overdue": found.waiting.overdue,
                "longest_since": found.waiting.longest_since,
                "first": first,
            },
            "colleagues": found.colleagues,
            "today": found.today,
            "unanswered": found.unanswered,
            "troubles": found.troubles,
        },
    )

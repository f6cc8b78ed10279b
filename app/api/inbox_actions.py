"""What is done to conversations beside answering them: to many at once, and who gets which."""

from __future__ import annotations

from typing import Any

from flask_openapi3 import APIBlueprint, Tag

from app.api import desk_frames
from app.api.access import signed_in
from app.api.schemas.common import shown
from app.api.schemas.conversations import BulkDone
from app.api.schemas.inbox import AssignmentGiven, AssignmentShown, BulkGiven
from app.edge.asking import principal
from app.services import assigning, desk, handling
from app.services.actors import Role
from app.services.api_keys import Scope

api = APIBlueprint("inbox_actions", __name__, url_prefix="/api", abp_tags=[Tag(name="Inbox")])
READ, WRITE = Scope.CONVERSATIONS_READ, Scope.CONVERSATIONS_WRITE


@api.post("/conversations/bulk", responses={200: BulkDone})
@signed_in(scope=WRITE)
def change_many(body: BulkGiven) -> dict[str, Any]:
    """Change up to 100 conversations; what fails stops nothing else."""
    changes = body.change.model_dump(exclude_unset=True)
    done, failed = handling.change_many(principal().actor(), body.ids, changes)
    items = [desk_frames.case_frame(each) for each in desk.cases_of(done)]
    return shown(BulkDone, {"done": items, "failed": failed})


@api.get("/organization/assignment", responses={200: AssignmentShown})
@signed_in(scope=Scope.ORGANIZATION_READ)
def get_assignment() -> dict[str, Any]:
    """Whether conversations are given out by themselves."""
    automatic = assigning.is_automatic(principal().organization.id)
    return shown(AssignmentShown, {"automatic": automatic})


@api.put("/organization/assignment", responses={200: AssignmentShown})
@signed_in(Role.ADMIN, scope=Scope.ORGANIZATION_WRITE)
def set_assignment(body: AssignmentGiven) -> dict[str, Any]:
    """Switch it on or off."""
    automatic = assigning.set_automatic(principal().actor(), body.automatic)
    return shown(AssignmentShown, {"automatic": automatic})

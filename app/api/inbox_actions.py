"""What is done to conversations beside answering them: to many at once, and who gets which."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask_openapi3 import APIBlueprint, Tag

from app.api import desk_frames
from app.api.access import signed_in
from app.api.schemas.common import ById, shown
from app.api.schemas.conversations import BulkDone, ConversationShown
from app.api.schemas.inbox import AssignmentGiven, AssignmentShown, BulkGiven, MergeGiven
from app.edge.asking import principal
from app.services.actors import Actor, Role
from app.services.inbox import blocking, desk, handling, merging, overruling
from app.services.people.api_keys import Scope
from app.services.states import State
from app.services.team import assigning

api = APIBlueprint("inbox_actions", __name__, url_prefix="/api", abp_tags=[Tag(name="Inbox")])
READ, WRITE = Scope.CONVERSATIONS_READ, Scope.CONVERSATIONS_WRITE


@api.post("/conversations/bulk", responses={200: BulkDone})
@signed_in(scope=WRITE)
def change_many(body: BulkGiven) -> dict[str, Any]:
    """Change up to 100 conversations; what fails stops nothing else."""
    changes = body.change.model_dump(exclude_unset=True)
    done, failed = handling.change_many(_actor(), body.ids, changes)
    items = [desk_frames.case_frame(each) for each in desk.cases_of(done)]
    return shown(BulkDone, {"done": items, "failed": failed})


@api.post("/conversations/<uuid:id>/merge", responses={200: ConversationShown, 409: None})
@signed_in(scope=WRITE)
def merge(path: ById, body: MergeGiven) -> dict[str, Any]:
    """Have it go on in another one, which is answered with."""
    return _stood(merging.merge(_actor(), path.id, body.into, force=body.force))


@api.post("/conversations/<uuid:id>/block", responses={200: ConversationShown, 409: None})
@signed_in(scope=WRITE)
def block(path: ById) -> dict[str, Any]:
    """Block the visitor with all their browsers, and close it."""
    return _stood(blocking.block(_actor(), path.id))


@api.post("/conversations/<uuid:id>/unblock", responses={200: ConversationShown, 409: None})
@signed_in(scope=WRITE)
def unblock(path: ById) -> dict[str, Any]:
    """Let the visitor write again."""
    return _stood(blocking.unblock(_actor(), path.id))


@api.post("/conversations/<uuid:id>/overrule-mood", responses={200: ConversationShown})
@signed_in(scope=WRITE)
def overrule_mood(path: ById) -> dict[str, Any]:
    """Say that the visitor was not angry: a false alarm, and counted as one."""
    return _stood(overruling.overrule(_actor(), path.id))


@api.delete("/conversations/<uuid:id>/overrule-mood", responses={200: ConversationShown})
@signed_in(scope=WRITE)
def let_mood_count(path: ById) -> dict[str, Any]:
    """Let the mood count as it was read."""
    return _stood(overruling.undo(_actor(), path.id))


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


def _actor() -> Actor:
    """The visitor may see the name: that of the person, also where a program acts."""
    return replace(principal().actor(), name=principal().user.name)


def _stood(state: State) -> dict[str, Any]:
    return shown(ConversationShown, desk_frames.case_frame(desk.cases_of([state])[0]))

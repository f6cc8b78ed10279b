"""What stands beside the inbox's list: counts, saved views, drafts, tags."""

from __future__ import annotations

from typing import Any

from flask_openapi3 import APIBlueprint, Tag

from app.api.access import signed_in
from app.api.schemas.common import ById, shown
from app.api.schemas.inbox import (
    CountsShown,
    DraftGiven,
    DraftList,
    TagList,
    ViewChange,
    ViewGiven,
    ViewList,
    ViewShown,
)
from app.edge.asking import principal
from app.services.inbox import counts, tags, views
from app.services.people.api_keys import Scope
from app.services.team import drafts

api = APIBlueprint("inbox_lists", __name__, url_prefix="/api", abp_tags=[Tag(name="Inbox")])
READ, WRITE = Scope.CONVERSATIONS_READ, Scope.CONVERSATIONS_WRITE


@api.get("/inbox/counts", responses={200: CountsShown})
@signed_in(scope=READ)
def count() -> dict[str, Any]:
    """How many conversations lie in each pile, up to 999."""
    asking = principal()
    return shown(CountsShown, counts.counts_for(asking.organization.id, asking.user.id))


@api.get("/inbox/views", responses={200: ViewList})
@signed_in(scope=READ)
def list_views() -> dict[str, Any]:
    """The shared views and one's own."""
    asking = principal()
    return shown(ViewList, {"items": views.list_views(asking.organization.id, asking.user.id)})


@api.post("/inbox/views", responses={201: ViewShown})
@signed_in(scope=WRITE)
def add_view(body: ViewGiven) -> tuple[dict[str, Any], int]:
    """Save filters and an order under a name."""
    filters = body.filters.model_dump(mode="json", exclude_none=True)
    made = views.add(principal().actor(), body.name, filters, body.sort, shared=body.shared)
    return shown(ViewShown, made), 201


@api.patch("/inbox/views/<uuid:id>", responses={200: ViewShown})
@signed_in(scope=WRITE)
def change_view(path: ById, body: ViewChange) -> dict[str, Any]:
    """Change what was sent."""
    changes = body.model_dump(mode="json", exclude_unset=True, exclude_none=True)
    return shown(ViewShown, views.change(principal().actor(), path.id, changes))


@api.delete("/inbox/views/<uuid:id>", responses={204: None})
@signed_in(scope=WRITE)
def remove_view(path: ById) -> tuple[str, int]:
    """Remove a view; the conversations stay."""
    views.remove(principal().actor(), path.id)
    return "", 204


@api.get("/inbox/drafts", responses={200: DraftList})
@signed_in(scope=READ)
def list_drafts() -> dict[str, Any]:
    """What one has begun to write, in whichever conversation."""
    return shown(DraftList, {"items": drafts.list_drafts(principal().user.id)})


@api.put("/conversations/<uuid:id>/draft", responses={204: None})
@signed_in(scope=WRITE)
def keep_draft(path: ById, body: DraftGiven) -> tuple[str, int]:
    """Keep the reply or the note that one has begun; without a text it is forgotten."""
    asking = principal()
    drafts.keep(asking.organization.id, asking.user.id, path.id, body.text, is_note=body.is_note)
    return "", 204


@api.get("/tags", responses={200: TagList})
@signed_in(scope=READ)
def list_tags() -> dict[str, Any]:
    """The organization's tags, the most used first."""
    return shown(TagList, {"items": tags.list_tags(principal().organization.id)})

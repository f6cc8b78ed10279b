"""Canned replies: what a team answers again and again."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask_openapi3 import APIBlueprint, Tag

from app.api.access import signed_in
from app.api.schemas.common import ById, shown
from app.api.schemas.ready_made import (
    CannedReplyChange,
    CannedReplyGiven,
    CannedReplyList,
    CannedReplyQuery,
    CannedReplyShown,
    Filled,
    FillGiven,
)
from app.edge.asking import principal
from app.services.inbox import canned
from app.services.people.api_keys import Scope

api = APIBlueprint("canned_replies", __name__, url_prefix="/api", abp_tags=[Tag(name="Inbox")])
READ, WRITE = Scope.CONVERSATIONS_READ, Scope.CONVERSATIONS_WRITE


@api.get("/canned-replies", responses={200: CannedReplyList})
@signed_in(scope=READ)
def list_replies(query: CannedReplyQuery) -> dict[str, Any]:
    """All of them, or those that fit what has been typed."""
    found = canned.list_replies(principal().organization.id, query.q)
    return shown(CannedReplyList, {"items": found})


@api.post("/canned-replies", responses={201: CannedReplyShown, 409: None})
@signed_in(scope=WRITE)
def add_reply(body: CannedReplyGiven) -> tuple[dict[str, Any], int]:
    """Write one. A variable that we do not know is refused."""
    values = _bare(body.model_dump())
    return shown(CannedReplyShown, canned.add(principal().actor(), values)), 201


@api.patch("/canned-replies/<uuid:id>", responses={200: CannedReplyShown, 409: None})
@signed_in(scope=WRITE)
def change_reply(path: ById, body: CannedReplyChange) -> dict[str, Any]:
    """Change what was sent."""
    changes = _bare(body.model_dump(exclude_unset=True, exclude_none=True))
    return shown(CannedReplyShown, canned.change(principal().actor(), path.id, changes))


@api.delete("/canned-replies/<uuid:id>", responses={204: None})
@signed_in(scope=WRITE)
def remove_reply(path: ById) -> tuple[str, int]:
    """Remove it; what was sent with it stays."""
    canned.remove(principal().actor(), path.id)
    return "", 204


@api.post("/canned-replies/<uuid:id>/fill", responses={200: Filled})
@signed_in(scope=READ)
def fill_reply(path: ById, body: FillGiven) -> dict[str, Any]:
    """Its text for one conversation, to be looked at before it is sent."""
    asking = principal()
    actor = replace(asking.actor(), name=asking.user.name)
    return shown(Filled, {"text": canned.fill(actor, path.id, body.conversation_id)})


def _bare(values: dict[str, Any]) -> dict[str, Any]:
    """The slash is typed, and not kept."""
    if "shortcut" in values:
        values["shortcut"] = values["shortcut"].lstrip("/")
    return values

"""Macros: several steps by one click."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask_openapi3 import APIBlueprint, Tag

from app.api import desk_frames
from app.api.access import signed_in
from app.api.schemas.common import ById, shown
from app.api.schemas.ready_made import (
    MacroChange,
    MacroGiven,
    MacroList,
    MacroPath,
    MacroQuery,
    MacroRun,
    MacroShown,
)
from app.edge.asking import principal
from app.services.inbox import desk, macros
from app.services.people.api_keys import Scope

api = APIBlueprint("macros", __name__, url_prefix="/api", abp_tags=[Tag(name="Inbox")])
READ, WRITE = Scope.CONVERSATIONS_READ, Scope.CONVERSATIONS_WRITE


@api.get("/macros", responses={200: MacroList})
@signed_in(scope=READ)
def list_macros() -> dict[str, Any]:
    """All of them."""
    return shown(MacroList, {"items": macros.list_macros(principal().organization.id)})


@api.post("/macros", responses={201: MacroShown, 404: None, 409: None})
@signed_in(scope=WRITE)
def add_macro(body: MacroGiven) -> tuple[dict[str, Any], int]:
    """Write one. What would fail in every conversation is refused."""
    steps = body.model_dump(mode="json")["steps"]
    return shown(MacroShown, macros.add(principal().actor(), body.name, steps)), 201


@api.patch("/macros/<uuid:id>", responses={200: MacroShown, 409: None})
@signed_in(scope=WRITE)
def change_macro(path: ById, body: MacroChange) -> dict[str, Any]:
    """Change what was sent; the steps are replaced as a whole."""
    changes = body.model_dump(mode="json", exclude_unset=True)
    changes = {key: value for key, value in changes.items() if value is not None}
    return shown(MacroShown, macros.change(principal().actor(), path.id, changes))


@api.delete("/macros/<uuid:id>", responses={204: None})
@signed_in(scope=WRITE)
def remove_macro(path: ById) -> tuple[str, int]:
    """Remove it; what it has done stays."""
    macros.remove(principal().actor(), path.id)
    return "", 204


@api.post("/conversations/<uuid:id>/macros/<uuid:macro_id>", responses={200: MacroRun})
@signed_in(scope=WRITE)
def run_macro(path: MacroPath, query: MacroQuery) -> dict[str, Any]:
    """Do its steps in order; the first that fails ends it, and is told."""
    asking = principal()
    actor = replace(asking.actor(), name=asking.user.name)
    ran = macros.run(actor, path.id, path.macro_id, query.client_id)
    case = desk_frames.case_frame(desk.cases_of([ran.state])[0])
    return shown(MacroRun, {"conversation": case, "done": ran.done, "failed": ran.failed})

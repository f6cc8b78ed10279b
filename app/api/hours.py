"""When an organization is open, and how soon it wants to answer."""

from __future__ import annotations

from typing import Any

from flask_openapi3 import APIBlueprint, Tag

from app.api.access import signed_in
from app.api.schemas.common import shown
from app.api.schemas.hours import HoursGiven, HoursShown, TargetsGiven, TargetsShown
from app.edge.asking import principal
from app.services.actors import Role
from app.services.hours import deadlines, opening, schedules
from app.services.people.api_keys import Scope

api = APIBlueprint(
    "hours", __name__, url_prefix="/api/organization", abp_tags=[Tag(name="Organization")]
)


@api.get("/hours", responses={200: HoursShown})
@signed_in(scope=Scope.ORGANIZATION_READ)
def get_hours() -> dict[str, Any]:
    """The week, the holidays, what happens outside of them, and how it stands now."""
    return shown(HoursShown, opening.standing(principal().organization))


@api.put("/hours", responses={200: HoursShown})
@signed_in(Role.ADMIN, scope=Scope.ORGANIZATION_WRITE)
def set_hours(body: HoursGiven) -> dict[str, Any]:
    """Replace all of it. Deadlines that stand already stay where they are."""
    organization = schedules.set_schedule(principal().actor(), body.model_dump())
    return shown(HoursShown, opening.standing(organization))


@api.get("/targets", responses={200: TargetsShown})
@signed_in(scope=Scope.ORGANIZATION_READ)
def get_targets() -> dict[str, Any]:
    """By when visitors are to be answered, by priority, in minutes of open time."""
    return shown(TargetsShown, deadlines.targets_of(principal().organization).to_json())


@api.put("/targets", responses={200: TargetsShown})
@signed_in(Role.ADMIN, scope=Scope.ORGANIZATION_WRITE)
def set_targets(body: TargetsGiven) -> dict[str, Any]:
    """Replace them. They hold for whoever waits from now on; switched off, nothing is late."""
    targets = deadlines.set_targets(principal().actor(), body.model_dump())
    return shown(TargetsShown, targets.to_json())

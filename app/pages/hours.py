"""The settings page of opening hours and reply targets."""

from __future__ import annotations

from flask import Blueprint, render_template

from app.pages.guards import require_person, require_role
from app.services.actors import Role
from app.services.hours import deadlines, opening
from app.services.people import organizations

pages = Blueprint("hours_settings", __name__, url_prefix="/dashboard/settings")
pages.before_request(require_person)


@pages.get("/hours")
def hours() -> str:
    organization = require_role(Role.ADMIN).organization
    schedule = opening.standing(organization)
    schedule.pop("now")
    return render_template(
        "settings/hours.html",
        schedule=schedule,
        targets=deadlines.targets_of(organization).to_json(),
        time_zones=organizations.time_zones(),
    )

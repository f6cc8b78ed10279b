"""What an organization decides about its assistant and its widget."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from app.extensions import db
from app.models import Organization
from app.services import audit
from app.services.actors import Actor
from app.services.answering.assistants import Profile, profile_of
from app.services.people import organizations
from app.services.widget.widgets import look_of

LONGEST_AUDITED = 400


def assistant_of(organization_id: UUID) -> Profile:
    """As it stands, with what was not decided."""
    return profile_of(organizations.get_organization(organization_id))


def widget_of(organization_id: UUID) -> dict[str, Any]:
    """The same for the widget."""
    return look_of(organizations.get_organization(organization_id))


def change_assistant(actor: Actor, changes: dict[str, Any]) -> Profile:
    """Change what was sent; nothing stands for what it is by itself."""
    return profile_of(_change(actor, "assistant", changes))


def change_widget(actor: Actor, changes: dict[str, Any]) -> dict[str, Any]:
    """The same for the widget."""
    return look_of(_change(actor, "widget", changes))


def _change(actor: Actor, section: str, changes: dict[str, Any]) -> Organization:
    """Two people may change different things at once: whoever comes second sees the first."""
    organizations.lock(actor.organization_id)
    organization = db.session.get_one(Organization, actor.organization_id, populate_existing=True)
    said = organization.settings.get(section)
    before: dict[str, Any] = said if isinstance(said, dict) else {}
    different = {key: value for key, value in changes.items() if before.get(key) != value}
    if not different:
        db.session.rollback()
        return organizations.get_organization(actor.organization_id)
    after = {key: value for key, value in (before | different).items() if value is not None}
    organization.settings = organization.settings | {section: after}
    names = ", ".join(key.replace("_", " ") for key in different)
    audit.record(
        actor,
        "organization.changed",
        f"{actor.name} changed {names} of the {section}",
        changes={key: [_short(before.get(key)), _short(different[key])] for key in different},
    )
    db.session.commit()
    return organization


def _short(value: Any) -> Any:
    """Whole texts would swell the log; that they were changed is what it is for."""
    written = str(value)
    return value if len(written) <= LONGEST_AUDITED else f"{written[:LONGEST_AUDITED]}…"

"""The logo that stands at the head of an organization's widget."""

from __future__ import annotations

import hashlib
from typing import Any
from uuid import UUID

from app.errors import NotFound, TooLarge
from app.extensions import db
from app.models import Logo
from app.services.actors import Actor
from app.services.people import organizations
from app.services.team.pictures import media_type_of
from app.services.widget import preferences

# It is downloaded by everybody who opens the widget, and shown at 38 pixels.
MOST_BYTES = 64 * 1024


def set_logo(actor: Actor, content: bytes) -> dict[str, Any]:
    """Keep the logo, and have the widget show it."""
    if len(content) > MOST_BYTES:
        message = f"Please choose a logo of at most {MOST_BYTES // 1024} KB."
        raise TooLarge(message, fields={"picture": message})
    media_type = media_type_of(content)
    version = hashlib.sha256(content).hexdigest()[:16]
    organizations.lock(actor.organization_id)
    logo = db.session.get(Logo, actor.organization_id) or Logo(
        organization_id=actor.organization_id
    )
    logo.media_type, logo.content, logo.version = media_type, content, version
    db.session.add(logo)
    return preferences.change_widget(actor, {"logo": version})


def remove_logo(actor: Actor) -> dict[str, Any]:
    """Go back to the first letter of the name."""
    organizations.lock(actor.organization_id)
    logo = db.session.get(Logo, actor.organization_id)
    if logo is not None:
        db.session.delete(logo)
    return preferences.change_widget(actor, {"logo": None})


def logo_of(organization_id: UUID, version: str) -> Logo:
    """For everybody. A version that is no more is not there, so that it may be kept for good."""
    logo = db.session.get(Logo, organization_id)
    if logo is None or logo.version != version:
        raise NotFound
    return logo

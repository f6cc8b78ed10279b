"""What an organization has decided about the look and the wording of its widget."""

from __future__ import annotations

from typing import Any

from app.models import Organization
from app.services.answering.assistants import profile_of

DEFAULTS: dict[str, Any] = {
    "color": "#0f766e",
    "theme": "auto",
    "side": "right",
    "offset": {"x": 20, "y": 20},
    "launcher": {"text": ""},
    "greeting": "",
    "suggestions": [],
    "ai_notice": True,
    "locale": None,
    "prechat": {"enabled": False, "fields": [], "consent": ""},
    "hidden_on": [],
    "sounds": True,
    "show_branding": True,
    "strings": {},
}


def look_of(organization: Organization) -> dict[str, Any]:
    """The whole of it: what was not decided is as beautiful as we could make it."""
    said: Any = organization.settings.get("widget")
    said = said if isinstance(said, dict) else {}
    chosen = {key: said[key] for key in DEFAULTS if key in said}
    logo_url = f"/logos/{organization.id}/{said['logo']}" if "logo" in said else None
    return DEFAULTS | {"name": profile_of(organization).name, "logo_url": logo_url} | chosen

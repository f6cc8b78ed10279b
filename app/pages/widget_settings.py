"""The widget in the settings: its look beside a preview, its place on a site, its assistant."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, current_app, make_response, render_template

from app.edge.headers import POLICIES
from app.pages.guards import require_person, require_role
from app.pages.widget_files import widget_texts
from app.services.actors import Role
from app.services.answering import own_models
from app.services.widget import installations, preferences

pages = Blueprint("widget_settings", __name__, url_prefix="/dashboard/settings")
pages.before_request(require_person)
LANGUAGES = {
    "en": "English",
    "de": "Deutsch",
    "fr": "Français",
    "es": "Español",
    "pt": "Português",
    "ar": "العربية",
}
# The preview is the widget itself. That it asks no server is not left to its good will.
PREVIEW_POLICIES = POLICIES | {"connect-src": "'none'", "frame-ancestors": "'self'"}


@pages.get("/widget")
def widget() -> str:
    organization = require_role(Role.ADMIN).organization
    return render_template(
        "settings/widget.html",
        look=preferences.widget_of(organization.id),
        languages=LANGUAGES,
        catalogues={tag: _catalogue(tag) for tag in LANGUAGES},
    )


@pages.get("/widget/preview")
def preview() -> Response:
    organization = require_role(Role.ADMIN).organization
    page = make_response(
        render_template("settings/widget_preview.html", look=preferences.widget_of(organization.id))
    )
    rules = "; ".join(f"{name} {sources}" for name, sources in PREVIEW_POLICIES.items())
    page.headers["Content-Security-Policy"] = rules
    page.headers["X-Frame-Options"] = "SAMEORIGIN"
    return page


@pages.get("/widget/install")
def install() -> str:
    organization = require_role(Role.ADMIN).organization
    sites = installations.seen_on(organization.id)
    return render_template(
        "settings/widget_install.html",
        desk=current_app.config["FRONTDESK"].public_url,
        socket=_socket(),
        sites=sites,
        quiet=installations.is_quiet(sites),
    )


@pages.get("/assistant")
def assistant() -> str:
    organization = require_role(Role.ADMIN).organization
    config = current_app.config["FRONTDESK"]
    return render_template(
        "settings/assistant.html",
        profile=preferences.assistant_of(organization.id),
        own=own_models.own_model_of(organization),
        model=config.language_model,
        fallback=config.llm_fallback_model,
    )


def _catalogue(tag: str) -> list[str]:
    """Where the words of a language are: what is shown at first, and the rest."""
    wanted: dict[str, Any] = {f"strings-{tag}": None, f"strings-{tag}-more": None}
    for name in widget_texts():
        part = name.rsplit(".", 2)[0]
        if part in wanted:
            wanted[part] = f"/widget/{name}"
    return [each for each in wanted.values() if each]


def _socket() -> str:
    parts = urlsplit(current_app.config["FRONTDESK"].public_url)
    return f"{'wss' if parts.scheme == 'https' else 'ws'}://{parts.netloc}"

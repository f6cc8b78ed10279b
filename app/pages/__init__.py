"""HTML for people: one blueprint a file."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import Flask, current_app, g, request

from app.edge.locality import is_local
from app.pages import (
    assets,
    chat_page,
    contacts,
    dashboard,
    dev,
    documents,
    hours,
    inbox,
    logos,
    pictures,
    public,
    replies,
    settings,
    shop,
    tickets,
    widget_files,
    widget_settings,
)
from app.pages.assets import asset
from app.pages.guards import hand_over_cookies, visitor
from app.services.safe_markdown import plain
from app.services.upkeep import demo

ROOMS = (
    assets,
    public,
    shop,
    chat_page,
    widget_files,
    dashboard,
    inbox,
    tickets,
    contacts,
    documents,
    settings,
    widget_settings,
    hours,
    replies,
    pictures,
    logos,
)
THEMES = {"light", "dark"}


def install_pages(app: Flask) -> None:
    app.after_request(hand_over_cookies)
    for room in ROOMS:
        app.register_blueprint(room.pages)
    if app.config["FRONTDESK"].shows_mail:
        app.register_blueprint(dev.pages)
    app.context_processor(_globals)
    # Previews have one line, and no use for the signs of Markdown.
    app.jinja_env.filters["plain"] = plain
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True


def _globals() -> dict[str, Any]:
    """What every template may count on."""
    config = current_app.config["FRONTDESK"]
    asking = visitor()
    wanted = request.cookies.get("theme", "auto")
    local = is_local()
    return {
        "me": asking.user if asking else None,
        "organization": asking.organization if asking else None,
        "google_enabled": config.google_enabled,
        "theme": wanted if wanted in THEMES else "auto",
        "asset": asset,
        "now": datetime.now(UTC),
        "dev_mail": config.shows_mail and local,
        "demo": demo.sign_in_hint() if local else None,
        "request_id": g.get("request_id", ""),
    }

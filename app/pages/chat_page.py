"""The widget as a page of its own: for a link in a mail, or in a frame."""

from __future__ import annotations

from flask import Blueprint, Response, abort, make_response, render_template

from app.edge.headers import POLICIES
from app.services.people import organizations
from app.services.widget import widgets

pages = Blueprint("chat_page", __name__)


@pages.get("/chat/<slug>")
def chat_page(slug: str) -> Response:
    organization = organizations.find_by_slug(slug)
    if organization is None:
        abort(404)
    page = make_response(
        render_template("chat_page.html", desk=organization, look=widgets.look_of(organization))
    )
    # Whoever may show the widget may also show it in a frame.
    sites = " ".join(["'self'", *organization.allowed_domains])
    rules = POLICIES | {"frame-ancestors": sites}
    page.headers["Content-Security-Policy"] = "; ".join(f"{k} {v}" for k, v in rules.items())
    return page

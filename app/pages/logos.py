"""The logos of widgets, for everybody who meets one."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response

from app.services.widget.logos import logo_of

pages = Blueprint("logos", __name__)


@pages.get("/logos/<uuid:organization_id>/<version>")
def logo(organization_id: UUID, version: str) -> Response:
    found = logo_of(organization_id, version)
    response = Response(found.content, mimetype=found.media_type)
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    # It is shown on the pages of others.
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response

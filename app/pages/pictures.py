"""People's pictures, for their own team."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response

from app.pages.guards import require_role
from app.services.actors import Role
from app.services.team.pictures import picture_of

pages = Blueprint("pictures", __name__)


@pages.get("/pictures/<uuid:user_id>/<_version>")
def picture(user_id: UUID, _version: str) -> Response:
    """The version is only there to make a new picture a new address."""
    found = picture_of(require_role(Role.AGENT).organization.id, user_id)
    response = Response(found.content, mimetype=found.media_type)
    response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response

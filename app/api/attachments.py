"""The files of conversations, for the team."""

from __future__ import annotations

from flask import Response
from flask_openapi3 import APIBlueprint, Tag

from app.api.access import signed_in
from app.api.downloads import FILE, as_file
from app.api.schemas.common import ById
from app.edge.asking import principal
from app.services import attachments
from app.services.api_keys import Scope

api = APIBlueprint("attachments", __name__, url_prefix="/api", abp_tags=[Tag(name="Conversations")])


@api.get("/attachments/<uuid:id>", responses={200: FILE, 503: None})
@signed_in(scope=Scope.CONVERSATIONS_READ)
def get_attachment(path: ById) -> Response:
    """A file that a visitor has sent."""
    return as_file(attachments.for_team(principal().organization.id, path.id))

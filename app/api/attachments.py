"""The files of conversations, for the team."""

from __future__ import annotations

from typing import Any

from flask import Response, request
from flask_openapi3 import APIBlueprint, Tag

from app.api.access import signed_in
from app.api.downloads import FILE, as_file
from app.api.schemas.common import ById, shown
from app.api.schemas.inbox import FileForm, FileShown
from app.edge.asking import principal
from app.services.log import attachments
from app.services.people.api_keys import Scope
from app.services.team import outgoing_files

api = APIBlueprint("attachments", __name__, url_prefix="/api", abp_tags=[Tag(name="Conversations")])
# A form has a frame around its file.
MOST_BYTES = attachments.MOST_BYTES + 64 * 1024


@api.before_request
def hold_to_the_size() -> None:
    request.max_content_length = MOST_BYTES


@api.post("/attachments", responses={201: FileShown, 413: None, 503: None})
@signed_in(scope=Scope.CONVERSATIONS_WRITE)
def upload(form: FileForm) -> tuple[dict[str, Any], int]:
    """Give a file for a reply or a note that is about to be sent."""
    actor = principal().actor()
    taken = outgoing_files.take(actor, form.file.filename or "file", form.file.stream)
    facts = {name: getattr(taken, name) for name in ("id", "name", "media_type", "size_bytes")}
    return shown(FileShown, facts | {"url": f"/api/attachments/{taken.id}"}), 201


@api.get("/attachments/<uuid:id>", responses={200: FILE, 503: None})
@signed_in(scope=Scope.CONVERSATIONS_READ)
def get_attachment(path: ById) -> Response:
    """A file that was sent along, or that one is about to send."""
    asking = principal()
    return as_file(attachments.for_team(asking.organization.id, path.id, asking.user.id))

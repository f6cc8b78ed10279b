"""The visitor's files and transcripts, by plain requests beside the socket."""

from __future__ import annotations

from typing import Any

from flask import Response, request
from flask_openapi3 import APIBlueprint, Tag

from app.api.access import anyone
from app.api.chat import check_caller, let_the_site_read
from app.api.downloads import FILE, PLAIN_TEXT, as_file, as_text
from app.api.schemas.chat import Uploaded, UploadForm, WidgetQuery
from app.api.schemas.common import ById, shown
from app.edge.asking import client_address
from app.edge.socket_limits import check_upload
from app.errors import NotSignedIn
from app.services.conversation import transcripts
from app.services.log import attachments, visitors
from app.services.log.visitors import Guest

api = APIBlueprint("chat_files", __name__, url_prefix="/api/chat", abp_tags=[Tag(name="Chat")])
SCHEME = "Visitor "
# A form has a frame around its file.
MOST_BYTES = attachments.MOST_BYTES + 64 * 1024
NO_TOKEN = "Please send the visitor's token: Authorization: Visitor vt_…"

api.before_request(check_caller)
api.after_request(let_the_site_read)


@api.before_request
def hold_to_the_size() -> None:
    request.max_content_length = MOST_BYTES


@api.post("/upload", responses={201: Uploaded, 401: None, 403: None, 404: None, 503: None})
@anyone
def upload(query: WidgetQuery, form: UploadForm) -> tuple[dict[str, Any], int]:
    """Give a file for a message that is about to be sent."""
    guest = _guest(query.key)
    check_upload(str(guest.id), client_address())
    taken = attachments.take(guest, form.file.filename or "file", form.file.stream)
    return shown(Uploaded, taken), 201


@api.get("/attachments/<uuid:id>", responses={200: FILE, 401: None, 403: None, 503: None})
@anyone
def get_attachment(path: ById, query: WidgetQuery) -> Response:
    """A file of a conversation of the visitor's own."""
    return as_file(attachments.for_visitor(_guest(query.key), path.id))


@api.get("/transcript/<uuid:id>", responses={200: PLAIN_TEXT, 401: None, 403: None})
@anyone
def get_transcript(path: ById, query: WidgetQuery) -> Response:
    """A conversation of the visitor's own as plain text, to be saved."""
    return as_text(transcripts.for_visitor(_guest(query.key), path.id), "conversation.txt")


def _guest(key: str) -> Guest:
    """The token travels in a header: an address ends up in histories and logs (W2)."""
    organization = visitors.organization_by_key(key)
    said = request.headers.get("Authorization", "")
    token = said.removeprefix(SCHEME).strip() if said.startswith(SCHEME) else ""
    guest = visitors.find(organization.id, token) if token else None
    if guest is None:
        raise NotSignedIn(NO_TOKEN)
    return guest

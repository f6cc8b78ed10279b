"""Answers that are no JSON: a text to be saved, a file that somebody has sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Response, current_app

from app.services.log import attachments

if TYPE_CHECKING:
    from app.models import Attachment

PLAIN_TEXT: dict[str, Any] = {"content": {"text/plain": {"schema": {"type": "string"}}}}
FILE: dict[str, Any] = {
    "content": {"*/*": {"schema": {"type": "string", "format": "binary"}}},
}
NO_SCRIPTS = "default-src 'none'; sandbox"


def as_text(text: str, file_name: str) -> Response:
    """To be saved, not to be shown."""
    response = current_app.response_class(text, mimetype="text/plain")
    response.headers.set("Content-Disposition", "attachment", filename=file_name)
    return response


def as_file(row: Attachment) -> Response:
    """Only pictures are shown on the spot; nothing else may run beside our pages."""
    name, media_type = row.name, row.media_type
    response = current_app.response_class(attachments.content_of(row), mimetype=media_type)
    kind = "inline" if attachments.is_shown_inline(media_type) else "attachment"
    response.headers.set("Content-Disposition", kind, filename=name)
    response.headers["Content-Security-Policy"] = NO_SCRIPTS
    return response

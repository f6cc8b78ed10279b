"""Conversations to take along: one as text or on paper, many as a table."""

from __future__ import annotations

from typing import Any

from flask import Response, current_app, stream_with_context
from flask_openapi3 import APIBlueprint, Tag

from app.api.access import signed_in
from app.api.conversations import filters_of
from app.api.downloads import PLAIN_TEXT, as_text
from app.api.schemas.common import ById
from app.api.schemas.conversations import ConversationQuery, TranscriptQuery
from app.edge.asking import principal
from app.services.exporting import csv_export, exports
from app.services.people.api_keys import Scope

api = APIBlueprint("exports", __name__, url_prefix="/api", abp_tags=[Tag(name="Conversations")])
READ = Scope.CONVERSATIONS_READ
PDF: dict[str, Any] = {
    "content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}
}
CSV: dict[str, Any] = {"content": {"text/csv": {"schema": {"type": "string"}}}}


@api.get("/conversations/<uuid:id>/export/text", responses={200: PLAIN_TEXT, 404: None})
@signed_in(scope=READ)
def export_text(path: ById, query: TranscriptQuery) -> Response:
    """All of a conversation as plain text."""
    state, text = exports.as_text(principal().organization.id, path.id, notes=query.notes)
    return as_text(text, f"conversation-{state.number}.txt")


@api.get("/conversations/<uuid:id>/export/pdf", responses={200: PDF, 404: None, 503: None})
@signed_in(scope=READ)
def export_pdf(path: ById, query: TranscriptQuery) -> Response:
    """All of a conversation on paper, with the sources of every answer."""
    state, content = exports.as_pdf(principal().organization.id, path.id, notes=query.notes)
    response = current_app.response_class(content, mimetype="application/pdf")
    name = f"conversation-{state.number}.pdf"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


@api.get("/conversations/export.csv", responses={200: CSV})
@signed_in(scope=READ)
def export_csv(query: ConversationQuery) -> Response:
    """Every conversation that the filters leave, as a table; sort, cursor and limit do nothing."""
    rows = csv_export.rows(principal().organization.id, filters_of(query))
    response = current_app.response_class(stream_with_context(rows), mimetype="text/csv")
    response.headers.set("Content-Disposition", "attachment", filename="conversations.csv")
    return response

"""JSON in and out: one blueprint a file."""

from __future__ import annotations

from flask_openapi3 import OpenAPI

from app.api import (
    admin,
    agent_help,
    article_drafts,
    attachments,
    auth,
    canned_replies,
    chat,
    chat_files,
    contacts,
    conversations,
    documents,
    exports,
    google,
    health,
    hours,
    inbox,
    inbox_actions,
    inbox_lists,
    known_answers,
    leaving,
    macros,
    organization,
    overview,
    preferences,
    reference,
    search,
    sitemaps,
    team,
    tickets,
)
from app.api.access import install_gate
from app.api.inbox_hall import install_inbox
from app.api.visitor_hall import install_visitors

ROOMS = (
    auth,
    chat,
    chat_files,
    conversations,
    exports,
    agent_help,
    article_drafts,
    inbox,
    overview,
    inbox_lists,
    inbox_actions,
    canned_replies,
    macros,
    attachments,
    tickets,
    google,
    team,
    organization,
    leaving,
    preferences,
    hours,
    documents,
    sitemaps,
    search,
    known_answers,
    contacts,
    admin,
    health,
    reference,
)


def install_api(app: OpenAPI) -> None:
    """Register every room, then the gate that stands before all of them."""
    for room in ROOMS:
        app.register_api(room.api)
    install_inbox(app)
    install_visitors(app)
    install_gate(app, frozenset(room.api.name for room in ROOMS))

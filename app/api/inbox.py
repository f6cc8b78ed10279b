"""The agents' socket."""

from __future__ import annotations

from typing import cast

from flask import Flask, current_app, request
from flask_openapi3 import APIBlueprint, Tag
from simple_websocket import Server
from uuid_utils.compat import uuid7

from app.api.access import signed_in
from app.api.inbox_feed import InboxFeed
from app.api.inbox_hall import InboxHall
from app.api.inbox_socket import InboxSocket
from app.edge.asking import principal
from app.edge.lines import Line
from app.edge.open_lines import OpenLines, end
from app.edge.origins import check_origin
from app.errors import Forbidden
from app.extensions import db, sock

api = APIBlueprint("inbox_socket", __name__, url_prefix="/api/inbox", abp_tags=[Tag(name="Inbox")])
PEOPLE_ONLY = "The inbox is for people who are signed in."


@api.before_request
def check_caller() -> None:
    """A page elsewhere must not open the inbox with somebody's cookies."""
    check_origin(())
    # Compression would triple the memory of every socket.
    request.environ.pop("HTTP_SEC_WEBSOCKET_EXTENSIONS", None)


@sock.route("/ws", bp=api)  # type: ignore[untyped-decorator]
@signed_in()
def inbox_socket(ws: Server) -> None:
    """Everything that happens in the organization's conversations, as it happens."""
    app = cast(Flask, current_app._get_current_object())  # type: ignore[attr-defined]
    asking = principal()
    if asking.session is None:
        raise Forbidden(PEOPLE_ONLY)
    line = Line(ws)
    feed = InboxFeed(line, asking.actor(), asking.session.id, uuid7())
    hall: InboxHall = app.extensions["inbox_hall"]
    lines: OpenLines = app.extensions["open_lines"]
    # Read once, and the connection is given back: a socket may be open for days.
    db.session.remove()
    if lines.leaving:
        end(line, "restart", 1_000)
        return
    lines.add(line)
    try:
        InboxSocket(app, feed, hall).serve()
    finally:
        lines.remove(line)

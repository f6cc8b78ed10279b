"""What the widget speaks to: the visitor's socket, and the few requests beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from flask import Flask, Response, current_app, g, request
from flask_openapi3 import APIBlueprint, Tag
from simple_websocket import Server

from app.api import frames
from app.api.access import anyone
from app.api.schemas.chat import ConfigShown, WidgetQuery
from app.api.schemas.common import shown
from app.api.visitor_hall import VisitorHall
from app.api.visitor_socket import House, VisitorSocket
from app.edge.asking import client_address
from app.edge.lines import Line
from app.edge.open_lines import OpenLines, end
from app.edge.origins import check_origin, own_origins
from app.edge.socket_limits import check_connection
from app.extensions import db, sock
from app.services.answering.assistants import profile_of
from app.services.conversation.warming import warm_up_once
from app.services.hours import opening
from app.services.log import visitors
from app.services.log.audience import ProcessAudience
from app.services.upkeep import demo
from app.services.widget import installations, widgets

if TYPE_CHECKING:
    from app.models import Organization

api = APIBlueprint("chat", __name__, url_prefix="/api/chat", abp_tags=[Tag(name="Chat")])
SOCKET = "chat.visitor_socket"
VARIES = ("Origin",)


@api.before_request
def check_caller() -> None:
    """Before the upgrade: a site that may not show the widget gets no socket at all (W1)."""
    organization = visitors.organization_by_key(request.args.get("key", "")[:60])
    shop = demo.shop_domains(organization, request.host)
    origin = check_origin([*organization.allowed_domains, *shop])
    if origin and origin not in own_origins():
        installations.note(organization.id, origin)
    if request.endpoint == SOCKET:
        check_connection(client_address())
        g.house = _house(organization)
        # Compression would triple the memory of every socket for frames of a few hundred bytes.
        request.environ.pop("HTTP_SEC_WEBSOCKET_EXTENSIONS", None)


@api.after_request
def let_the_site_read(response: Response) -> Response:
    """The site was found on the list; it sends no cookies, so there is nothing to steal."""
    origin = request.headers.get("Origin")
    if origin and response.status_code != 403:
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers["Access-Control-Allow-Headers"] = "Authorization"
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        response.vary.update(VARIES)
    return response


@api.get("/config", responses={200: ConfigShown, 403: None, 404: None})
@anyone
def get_config(query: WidgetQuery) -> dict[str, Any]:
    """The look and the wording of a widget, and whether somebody is there."""
    organization = visitors.organization_by_key(query.key)
    return shown(
        ConfigShown,
        {
            "organization": {"name": organization.name},
            "widget": widgets.look_of(organization),
            "availability": frames.presence_frame(opening.availability(organization)),
        },
    )


@sock.route("/ws", bp=api)  # type: ignore[untyped-decorator]
@anyone
def visitor_socket(ws: Server) -> None:
    """The visitor's socket. Nothing is read from the database until a frame asks for it."""
    app = cast(Flask, current_app._get_current_object())  # type: ignore[attr-defined]
    line = Line(ws)
    lines: OpenLines = app.extensions["open_lines"]
    address = client_address()
    audience: ProcessAudience = app.extensions["audience"]
    house: House = g.pop("house")
    if lines.leaving:
        end(line, "restart", 1_000)
        return
    warm_up_once(app)
    lines.add(line)
    hall: VisitorHall = app.extensions["visitor_hall"]
    try:
        with hall.visited(house.organization_id, line, house.presence):
            VisitorSocket(app, line, house, address, audience).serve()
    finally:
        lines.remove(line)


def _house(organization: Organization) -> House:
    """Read once, before the upgrade, and the connection is given back.

    Whoever held one while shaking hands would keep thousands waiting, and a socket is open for
    days.
    """
    house = House(
        organization_id=organization.id,
        name=organization.name,
        assistant=profile_of(organization).name,
        look=widgets.look_of(organization),
        presence=frames.presence_frame(opening.availability(organization)),
    )
    db.session.remove()
    return house

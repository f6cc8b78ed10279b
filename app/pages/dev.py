"""The mail that nothing carries, readable on this machine: how a newcomer sees the links."""

from __future__ import annotations

import re
from uuid import UUID

from flask import Blueprint, Response, render_template

from app.edge.locality import is_local
from app.errors import NotFound
from app.services.mail import mail

pages = Blueprint("dev", __name__, url_prefix="/dev")
LINK = re.compile(r"https?://\S+")
# Mail brings its own styles, and must do nothing else.
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox"
)


@pages.before_request
def refuse_strangers() -> None:
    """To everybody but this machine the page does not exist."""
    if not is_local():
        raise NotFound


@pages.get("/mail", endpoint="mail")
def mail_page() -> str:
    return render_template("dev_mail.html", messages=mail.kept_messages())


@pages.get("/mail/<uuid:message_id>")
def message(message_id: UUID) -> str:
    found = mail.kept_message(message_id)
    links = list(dict.fromkeys(LINK.findall(found.text or "")))
    return render_template("dev_message.html", message=found, text=found.text or "", links=links)


@pages.get("/mail/<uuid:message_id>/html")
def message_html(message_id: UUID) -> Response:
    response = Response(mail.kept_message(message_id).html or "", mimetype="text/html")
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response

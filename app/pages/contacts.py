"""The people who write, for people: finding somebody, and all that is known of one."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, render_template, request

from app.pages.guards import require_person, require_role
from app.services.actors import Role
from app.services.inbox import contacts

pages = Blueprint("contact_pages", __name__, url_prefix="/dashboard")
pages.before_request(require_person)
PAGE = 50


@pages.get("/contacts", endpoint="list")
def list_page() -> str:
    asking = require_role(Role.AGENT)
    search = request.args.get("search", "").strip()[:200].replace("\0", "")
    listed = contacts.list_known(asking.organization.id, search, request.args.get("cursor"), PAGE)
    return render_template("contacts/list.html", listed=listed, search=search)


@pages.get("/contacts/<uuid:contact_id>", endpoint="one")
def one(contact_id: UUID) -> str:
    asking = require_role(Role.AGENT)
    found = contacts.get_known(asking.organization.id, contact_id, request.args.get("cursor"))
    return render_template("contacts/one.html", known=found, may_erase=asking.user.may(Role.ADMIN))

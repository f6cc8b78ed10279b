"""The people who write to an organization."""

from __future__ import annotations

from typing import Any

from flask_openapi3 import APIBlueprint, Tag

from app.api import desk_frames
from app.api.access import signed_in
from app.api.schemas.common import ById, shown
from app.api.schemas.contacts import (
    ContactChange,
    ContactGiven,
    ContactPage,
    ContactQuery,
    ContactShown,
    TalksQuery,
)
from app.api.schemas.conversations import ConversationPage
from app.edge.asking import principal
from app.services.actors import Role
from app.services.inbox import contacts
from app.services.people.api_keys import Scope

api = APIBlueprint("contacts", __name__, url_prefix="/api", abp_tags=[Tag(name="Contacts")])


@api.get("/contacts", responses={200: ContactPage})
@signed_in(scope=Scope.CONTACTS_READ)
def list_contacts(query: ContactQuery) -> dict[str, Any]:
    """The organization's contacts, newest first."""
    page = contacts.list_contacts(
        principal().organization.id, query.search, query.cursor, query.limit
    )
    return shown(ContactPage, page)


@api.post("/contacts", responses={201: ContactShown, 409: None})
@signed_in(scope=Scope.CONTACTS_WRITE)
def add_contact(body: ContactGiven) -> tuple[dict[str, Any], int]:
    """Add a contact."""
    made = contacts.add_contact(principal().actor(), body.model_dump())
    return shown(ContactShown, made), 201


@api.get("/contacts/<uuid:id>", responses={200: ContactShown, 404: None})
@signed_in(scope=Scope.CONTACTS_READ)
def get_contact(path: ById) -> dict[str, Any]:
    """One contact."""
    return shown(ContactShown, contacts.get_contact(principal().organization.id, path.id))


@api.get("/contacts/<uuid:id>/conversations", responses={200: ConversationPage, 404: None})
@signed_in(scope=Scope.CONVERSATIONS_READ)
def list_conversations_of(path: ById, query: TalksQuery) -> dict[str, Any]:
    """What somebody has talked about with us, newest first."""
    cases, cursor = contacts.conversations_of(
        principal().organization.id, path.id, query.cursor, query.limit
    )
    items = [desk_frames.case_frame(each) for each in cases]
    return shown(ConversationPage, {"items": items, "next_cursor": cursor})


@api.patch("/contacts/<uuid:id>", responses={200: ContactShown, 404: None, 409: None})
@signed_in(scope=Scope.CONTACTS_WRITE)
def change_contact(path: ById, body: ContactChange) -> dict[str, Any]:
    """Change what is known about a contact."""
    changes = body.model_dump(exclude_unset=True)
    for name, nothing in (("name", ""), ("phone", ""), ("attributes", {})):
        if name in changes and changes[name] is None:
            changes[name] = nothing
    return shown(ContactShown, contacts.change_contact(principal().actor(), path.id, changes))


@api.delete("/contacts/<uuid:id>", responses={204: None, 404: None})
@signed_in(Role.ADMIN, scope=Scope.CONTACTS_WRITE)
def remove_contact(path: ById) -> tuple[str, int]:
    """Remove a contact for good."""
    contacts.remove_contact(principal().actor(), path.id)
    return "", 204

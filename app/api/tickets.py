"""Tickets: what a person has to see to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_openapi3 import APIBlueprint, Tag

from app.api.access import signed_in
from app.api.schemas.common import ById, shown
from app.api.schemas.tickets import (
    TicketChange,
    TicketGiven,
    TicketPage,
    TicketQuery,
    TicketShown,
    WholeTicketShown,
)
from app.edge.asking import principal
from app.services.inbox import tickets
from app.services.inbox.tickets import TicketFilters
from app.services.people.api_keys import Scope

if TYPE_CHECKING:
    from app.models import Ticket

api = APIBlueprint("tickets", __name__, url_prefix="/api", abp_tags=[Tag(name="Tickets")])
READ, WRITE = Scope.CONVERSATIONS_READ, Scope.CONVERSATIONS_WRITE


@api.get("/tickets", responses={200: TicketPage})
@signed_in(scope=READ)
def list_tickets(query: TicketQuery) -> dict[str, Any]:
    """The organization's tickets, in the order that is asked for."""
    filters = TicketFilters(
        status=query.status,
        priority=query.priority,
        category=query.category,
        assignee=principal().user.id if query.assignee == "me" else query.assignee,
        overdue=query.overdue,
        asked=query.q,
    )
    page = tickets.list_tickets(
        principal().organization.id, filters, query.sort, query.cursor, query.limit
    )
    return shown(TicketPage, page)


@api.post("/tickets", responses={201: WholeTicketShown, 404: None, 409: None})
@signed_in(scope=WRITE)
def open_ticket(body: TicketGiven) -> tuple[dict[str, Any], int]:
    """Open a ticket, about a conversation or about something else."""
    return _whole(tickets.open_ticket(principal().actor(), body.model_dump())), 201


@api.get("/tickets/<uuid:id>", responses={200: WholeTicketShown})
@signed_in(scope=READ)
def get_ticket(path: ById) -> dict[str, Any]:
    """One ticket, with what was changed about it."""
    return _whole(tickets.get_ticket(principal().organization.id, path.id))


@api.patch("/tickets/<uuid:id>", responses={200: WholeTicketShown, 409: None})
@signed_in(scope=WRITE)
def change_ticket(path: ById, body: TicketChange) -> dict[str, Any]:
    """Change its status, priority, category, subject, deadline, or who takes care of it."""
    changes = body.model_dump(exclude_unset=True)
    return _whole(tickets.change_ticket(principal().actor(), path.id, changes))


def _whole(ticket: Ticket) -> dict[str, Any]:
    around = {"contact": tickets.contact_of(ticket), "history": tickets.history_of(ticket)}
    return shown(WholeTicketShown, shown(TicketShown, ticket) | around)

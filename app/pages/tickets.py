"""Tickets for people: a board, a list, one ticket with what happened to it."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template, request

from app.edge.asking import principal
from app.pages.guards import require_person, require_role
from app.services.actors import Role
from app.services.hours.schedules import zone_of
from app.services.inbox import ticket_history, tickets
from app.services.inbox.lists import NOBODY, Priority
from app.services.inbox.tickets import TicketCategory, TicketFilters, TicketSort, TicketStatus
from app.services.team.team import list_team

if TYPE_CHECKING:
    from app.models import Ticket

pages = Blueprint("ticket_pages", __name__, url_prefix="/dashboard")
pages.before_request(require_person)
Choice = TypeVar("Choice", bound=StrEnum)
ON_THE_BOARD = 50
SOLVED_ON_THE_BOARD = 15
IN_THE_LIST = 50


@pages.get("/tickets", endpoint="list")
def list_page() -> str:
    """The board shows all states beside each other; the list one page after the other."""
    require_role(Role.AGENT)
    as_list = request.args.get("layout") == "list"
    filters = _filters()
    return render_template(
        "tickets/list.html" if as_list else "tickets/board.html",
        **(_listed(filters) if as_list else _board(filters)),
        **_around(),
    )


@pages.get("/tickets/<uuid:ticket_id>", endpoint="one")
def one(ticket_id: UUID) -> str:
    asking = require_role(Role.AGENT)
    ticket = tickets.get_ticket(asking.organization.id, ticket_id)
    return render_template(
        "tickets/one.html",
        ticket=ticket,
        contact=tickets.contact_of(ticket),
        history=ticket_history.lines_of(ticket),
        due_there=ticket.due_at and ticket_history.wall_clock(ticket.due_at, _zone()),
        **_around(),
    )


def _board(filters: TicketFilters) -> dict[str, Any]:
    columns = []
    for status in TicketStatus:
        is_solved = status is TicketStatus.SOLVED
        page = tickets.list_tickets(
            principal().organization.id,
            replace(filters, status=status),
            TicketSort.NEWEST if is_solved else TicketSort.DUE,
            None,
            SOLVED_ON_THE_BOARD if is_solved else ON_THE_BOARD,
        )
        columns.append((status, page.items, page.next_cursor is not None))
    return {"columns": columns, "is_empty": not any(items for _, items, _ in columns)}


def _listed(filters: TicketFilters) -> dict[str, Any]:
    sort = _chosen(TicketSort, "sort") or TicketSort.NEWEST
    wanted = replace(filters, status=_chosen(TicketStatus, "status"))
    page = tickets.list_tickets(
        principal().organization.id, wanted, sort, request.args.get("cursor"), IN_THE_LIST
    )
    return {
        "tickets": page.items,
        "next_cursor": page.next_cursor,
        "sort": sort.value,
        "status": wanted.status.value if wanted.status else "",
    }


def _filters() -> TicketFilters:
    """An address that somebody has changed by hand narrows nothing, rather than failing."""
    return TicketFilters(
        priority=_chosen(Priority, "priority"),
        category=_chosen(TicketCategory, "category"),
        assignee=_assignee(request.args.get("assignee", "")),
        overdue=True if request.args.get("overdue") else None,
        asked=request.args.get("q", "").replace("\0", "").strip()[:200],
    )


def _around() -> dict[str, Any]:
    """What every page of tickets needs: the people, and what was chosen."""
    people = [each for each in list_team(principal().organization.id) if each.active]
    shown = ("priority", "category", "assignee", "overdue", "q")
    return {
        "people": people,
        "names": {each.id: each for each in people},
        "chosen": {name: request.args.get(name, "")[:200] for name in shown},
        "priorities": [each.value for each in Priority],
        "categories": [each.value for each in TicketCategory],
        "statuses": [each.value for each in TicketStatus],
        "late": _is_late,
        "soon": _is_soon,
        "zone": _zone().key,
    }


def _is_late(ticket: Ticket, at: Any) -> bool:
    is_open = ticket.status is not TicketStatus.SOLVED
    return is_open and ticket.due_at is not None and ticket.due_at < at


def _is_soon(ticket: Ticket, at: Any) -> bool:
    """The team has been warned of it, and there is time still."""
    warned = ticket.due_warned_at is not None and not _is_late(ticket, at)
    return warned and ticket.status is not TicketStatus.SOLVED


def _zone() -> ZoneInfo:
    return zone_of(principal().organization)


def _assignee(written: str) -> UUID | str | None:
    if written == "me":
        return principal().user.id
    if written == NOBODY:
        return NOBODY
    try:
        return UUID(written) if written else None
    except ValueError:
        return None


def _chosen(kind: type[Choice], name: str) -> Choice | None:
    written = request.args.get(name, "")
    return kind(written) if written in set(kind) else None

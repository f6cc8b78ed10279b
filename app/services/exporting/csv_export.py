"""Many conversations as a table, written while they are read, page by page."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import current_app

from app.extensions import db
from app.services.inbox import desk
from app.services.inbox.desk import Case
from app.services.inbox.lists import Filters, Sort

PAGE = 200
# What a table program would take for a formula; also as typed on an East Asian keyboard.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# Without this mark Excel takes UTF-8 for something else.
MARK = "\ufeff"
COLUMNS = (
    *("number", "status", "speaker", "priority", "tags", "contact", "email", "assignee"),
    *("created_at", "last_event_at", "first_reply_at", "escalated_at", "waiting_since", "due_at"),
    *("breached_at", "rating", "mood", "events", "locale", "last_message", "url"),
)


def rows(organization_id: UUID, filters: Filters) -> Iterator[str]:
    """The whole list, without an end at some number.

    Read from what has rested longest: a conversation that moves meanwhile moves to where the
    reading has not been, so none is left out, and one that was written is not written again.
    """
    yield MARK + _written([COLUMNS])
    seen: set[UUID] = set()
    cursor: str | None = None
    while True:
        cases, cursor = desk.list_cases(organization_id, filters, Sort.OLDEST, cursor, PAGE)
        fresh = [case for case in cases if case.state.id not in seen]
        seen.update(case.state.id for case in fresh)
        text = _written([_row(case) for case in fresh])
        # Whoever reads slowly holds no connection meanwhile.
        db.session.rollback()
        yield text
        if cursor is None:
            return


def _row(case: Case) -> list[str]:
    state, contact, person = case.state, case.contact, case.person
    public_url = current_app.config["FRONTDESK"].public_url
    facts: dict[str, Any] = {
        "tags": ", ".join(state.tags),
        "contact": contact.name if contact else "",
        "email": contact.email if contact else "",
        "assignee": person.name if person else "",
        "mood": round(state.mood, 2),
        "events": state.last_seq,
        "last_message": state.preview,
        "url": f"{public_url}/dashboard/inbox/{state.id}",
    }
    return [_cell(facts[name] if name in facts else getattr(state, name)) for name in COLUMNS]


def _cell(value: Any) -> str:
    """Numbers as they are; a text that a program might run is told to be a text."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, int | float):
        return str(value)
    text = str(value)
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA) else text


def _written(lines: list[Any]) -> str:
    table = io.StringIO()
    csv.writer(table).writerows(lines)
    return table.getvalue()

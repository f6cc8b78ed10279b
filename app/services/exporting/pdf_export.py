"""What stands on the paper: plain words for the process that prints them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.extensions import db
from app.models import Contact, Conversation, EventKind, Organization, User
from app.services.answering.assistants import profile_of
from app.services.conversation.transcripts import (
    Names,
    file_lines,
    happened,
    name_of,
    names_for_team,
    source_lines,
    with_numbers,
)
from app.services.hours.schedules import zone_of
from app.services.log.event_log import Logged
from app.services.states import State

MISSING = "A character that is shown as {unknown} is one that no font here has."


def described(state: State, lines: Iterable[Logged], *, notes: bool) -> dict[str, Any]:
    """The whole paper. What only the team may know stands on it where notes were asked for."""
    organization = db.session.get_one(Organization, state.organization_id)
    zone = zone_of(organization)
    title = f"Conversation {state.number}"
    return {
        "organization": organization.name,
        "title": title,
        "facts": _facts(state, organization, zone, notes=notes),
        "lines": list(_lines(lines, names_for_team(state, organization), zone)),
        "foot": f"{title} with {organization.name}",
        "missing": MISSING,
    }


def _facts(
    state: State, organization: Organization, zone: ZoneInfo, *, notes: bool
) -> list[tuple[str, str]]:
    kept = db.session.get_one(Conversation, state.id)
    begun, last = _moment(state.created_at, zone), _moment(state.last_event_at, zone)
    facts = [
        ("With", _who(state.contact_id)),
        ("Handled by", _person(state.person_id) or profile_of(organization).name),
        ("Began", f"{begun} ({organization.time_zone})"),
        ("Last", last),
        ("Status", state.status.value.capitalize()),
        ("Page", kept.page_url),
    ]
    if state.rating is not None:
        facts.append(("Rating", f"{state.rating} of 5  {kept.rating_comment}".strip()))
    if notes:
        facts.append(
            ("Priority", "; ".join([state.priority.value.capitalize(), *state.priority_reasons]))
        )
        facts.append(("Tags", ", ".join(state.tags)))
    return [(name, value) for name, value in facts if value]


def _who(contact_id: UUID | None) -> str:
    contact = db.session.get(Contact, contact_id) if contact_id else None
    if contact is None:
        return "A visitor"
    return ", ".join(filter(None, [contact.name, contact.email])) or "A visitor"


def _person(user_id: UUID | None) -> str | None:
    return db.session.scalar(select(User.name).where(User.id == user_id))


def _lines(lines: Iterable[Logged], names: Names, zone: ZoneInfo) -> Iterator[dict[str, Any]]:
    """Day by day."""
    today: date | None = None
    for line in lines:
        local = line.created_at.astimezone(zone)
        shaped = _line(line, names)
        if shaped is None:
            continue
        if local.date() != today:
            today = local.date()
            yield {"kind": "day", "text": f"{local:%A}, {local.day} {local:%B %Y}"}
        yield shaped | {"at": f"{local:%H:%M}"}


def _line(line: Logged, names: Names) -> dict[str, Any] | None:
    if text := happened(line, names):
        return {"kind": "happened", "text": text}
    if line.kind is EventKind.NOTE:
        return _said(line, f"Note by {line.author_name}", "note", line.text)
    if line.kind is not EventKind.MESSAGE:
        return None
    return _said(line, name_of(line, names), line.author.value, with_numbers(line))


def _said(line: Logged, who: str, role: str, text: str) -> dict[str, Any]:
    return {
        "kind": "said",
        "who": who,
        "role": role,
        "text": text,
        "sources": source_lines(line),
        "files": file_lines(line),
    }


def _moment(moment: datetime, zone: ZoneInfo) -> str:
    local = moment.astimezone(zone)
    return f"{local.day} {local:%B %Y, %H:%M}"

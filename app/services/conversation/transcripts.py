"""A conversation as plain text: to read, to keep, to send along."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from app.extensions import db
from app.models import AuthorKind, EventKind, Organization
from app.services.answering.assistants import profile_of
from app.services.log import event_log, threads, visitors
from app.services.log.event_log import Logged
from app.services.log.visitors import Guest
from app.services.mail import mail
from app.services.safe_markdown import plain
from app.services.states import State

MOST_LINES = 5_000
HAPPENED = {
    EventKind.JOINED: "{name} joined the conversation.",
    EventKind.HANDED_BACK: "{name} left, and the assistant took over.",
    EventKind.ESCALATED: "A person was asked for.",
    EventKind.CLOSED: "The conversation was closed.",
    EventKind.REOPENED: "The conversation was opened again.",
}


def for_visitor(guest: Guest, conversation_id: UUID) -> str:
    """The visitor's own conversation, without what only the team may read."""
    state = threads.theirs(guest, conversation_id)
    lines = event_log.lines_before(state.id, limit=MOST_LINES)
    return written(state, [line for line in lines if line.is_for_visitor])


def mail_to_visitor(guest: Guest, conversation_id: UUID, email: str) -> None:
    """The address becomes the visitor's, so that the team sees where it went."""
    if guest.email != email:
        guest = visitors.note_contact(guest, {"email": email})
    organization = db.session.get_one(Organization, guest.organization_id)
    facts = {"organization": organization.name, "transcript": for_visitor(guest, conversation_id)}
    mail.post("transcript", email, facts, organization_id=organization.id)
    db.session.commit()


def written(state: State, lines: Sequence[Logged]) -> str:
    """Everything that was said, with its moment, its speaker and its sources."""
    organization = db.session.get_one(Organization, state.organization_id)
    assistant = profile_of(organization).name
    head = [
        f"Conversation {state.number} with {organization.name}",
        f"Begun {state.created_at:%Y-%m-%d %H:%M} UTC",
        "",
    ]
    return "\n".join(head + [part for line in lines for part in _parts(line, assistant)])


def source_lines(line: Logged) -> list[str]:
    """Where it says so, by number."""
    return [
        f"    [{each['n']}] {each['title']}"
        + (f", {each['heading']}" if each.get("heading") else "")
        + (f", page {each['page']}" if each.get("page") else "")
        for each in line.body.get("citations", [])
    ]


def file_lines(line: Logged) -> list[str]:
    """What was sent along, by name."""
    return [f"    File: {each['name']}" for each in line.body.get("attachments", [])]


def with_numbers(line: Logged) -> str:
    """What was said; an answer with the number of its source behind each sentence."""
    sentences = line.body.get("sentences") if line.author is AuthorKind.ASSISTANT else None
    if not sentences:
        return plain(line.text)
    written = ""
    for each in sentences:
        numbers = "".join(f" [{number}]" for number in each.get("citations", ()))
        written += each.get("lead", "") + plain(each["text"]) + numbers
    return written.strip()


def _parts(line: Logged, assistant: str) -> list[str]:
    at = f"[{line.created_at:%Y-%m-%d %H:%M}]"
    if line.kind in HAPPENED:
        return [f"{at} {HAPPENED[line.kind].format(name=line.author_name or assistant)}", ""]
    if line.kind is EventKind.NOTE:
        return [f"{at} Note by {line.author_name}: {line.text}", ""]
    if line.kind is not EventKind.MESSAGE:
        return []
    name = assistant if line.author is AuthorKind.ASSISTANT else line.author_name
    return [f"{at} {name}: {with_numbers(line)}", *source_lines(line), *file_lines(line), ""]

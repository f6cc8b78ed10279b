"""A conversation as plain text: to read, to keep, to send along."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from app.extensions import db
from app.models import AuthorKind, Contact, EventKind, Organization
from app.services.answering.assistants import profile_of
from app.services.hours.schedules import zone_of
from app.services.log import event_log, threads, visitors
from app.services.log.event_log import Logged
from app.services.log.visitors import Guest
from app.services.mail import mail
from app.services.safe_markdown import plain
from app.services.states import State
from app.services.wording import language as spoken
from app.services.wording import say

MOST_LINES = 5_000
TEAMS_LANGUAGE = "en"
HAPPENED = {
    EventKind.JOINED: "transcript_joined",
    EventKind.HANDED_BACK: "transcript_handed_back",
    EventKind.ESCALATED: "transcript_escalated",
    EventKind.CLOSED: "transcript_closed",
    EventKind.REOPENED: "transcript_reopened",
}
MAIL = {
    "subject": "transcript_mail_subject",
    "lead": "transcript_mail_lead",
    "why": "transcript_mail_why",
}
Names = dict[AuthorKind, str]


def for_visitor(guest: Guest, conversation_id: UUID) -> str:
    """The visitor's own conversation, without what only the team may read."""
    return _own(guest, conversation_id)[0]


def mail_to_visitor(guest: Guest, conversation_id: UUID, email: str) -> None:
    """The address becomes the visitor's, so that the team sees where it went."""
    if guest.email != email:
        guest = visitors.note_contact(guest, {"email": email})
    name = db.session.get_one(Organization, guest.organization_id).name
    transcript, language = _own(guest, conversation_id)
    facts = {
        "organization": name,
        "language": spoken(language),
        "words": {word: say(key, language, organization=name) for word, key in MAIL.items()},
        "transcript": transcript,
    }
    mail.post("transcript", email, facts, organization_id=guest.organization_id)
    db.session.commit()


def for_team(state: State, lines: Sequence[Logged]) -> str:
    """Everything that was said, with its moment, its speaker and its sources."""
    organization = db.session.get_one(Organization, state.organization_id)
    names = names_for_team(state, organization)
    return _written(state, organization, lines, names, TEAMS_LANGUAGE)


def names_for_team(state: State, organization: Organization) -> Names:
    """Who speaks under another name than the log has."""
    contact = db.session.get(Contact, state.contact_id) if state.contact_id else None
    return _names(organization, contact.name if contact else "", TEAMS_LANGUAGE)


def name_of(line: Logged, names: Names) -> str:
    return names.get(line.author, line.author_name)


def happened(line: Logged, names: Names, language: str = TEAMS_LANGUAGE) -> str:
    """What a line says where nobody speaks; nothing where somebody does."""
    if line.kind is EventKind.NOTE and "changed" in line.inside:
        return line.text
    key = HAPPENED.get(line.kind)
    who = line.author_name or names[AuthorKind.ASSISTANT]
    return say(key, language, name=who) if key else ""


def source_lines(line: Logged, language: str = TEAMS_LANGUAGE) -> list[str]:
    """Where it says so, by number."""
    return [_source(each, language) for each in line.body.get("citations", [])]


def file_lines(line: Logged, language: str = TEAMS_LANGUAGE) -> list[str]:
    """What was sent along, by name."""
    sent = line.body.get("attachments", [])
    return [say("transcript_file", language, name=each["name"]) for each in sent]


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


def _own(guest: Guest, conversation_id: UUID) -> tuple[str, str]:
    """In the language in which the visitor writes, and which one that is."""
    state = threads.theirs(guest, conversation_id)
    organization = db.session.get_one(Organization, state.organization_id)
    lines = event_log.lines_before(state.id, limit=MOST_LINES)
    language = threads.language_in(lines, state.locale)
    # Whoever merely types an address must not learn the name that belongs to it.
    names = _names(organization, guest.name, language)
    shown = [line for line in lines if line.is_for_visitor]
    return _written(state, organization, shown, names, language), language


def _names(organization: Organization, visitor: str, language: str) -> Names:
    return {
        AuthorKind.ASSISTANT: profile_of(organization).name,
        AuthorKind.VISITOR: visitor or say("transcript_visitor", language),
    }


def _written(
    state: State, organization: Organization, lines: Sequence[Logged], names: Names, language: str
) -> str:
    zone = zone_of(organization)
    begun = f"{state.created_at.astimezone(zone):%Y-%m-%d %H:%M} ({zone.key})"
    number = str(state.number)
    head = [
        say("transcript_title", language, number=number, organization=organization.name),
        say("transcript_begun", language, moment=begun),
        "",
    ]
    parts = (part for line in lines for part in _parts(line, names, zone, language))
    return "\n".join([*head, *parts])


def _parts(line: Logged, names: Names, zone: ZoneInfo, language: str) -> list[str]:
    at = f"[{line.created_at.astimezone(zone):%Y-%m-%d %H:%M}]"
    if told := happened(line, names, language):
        return [f"{at} {told}", ""]
    if line.kind is EventKind.NOTE:
        return [f"{at} Note by {line.author_name}: {line.text}", ""]
    if line.kind is not EventKind.MESSAGE:
        return []
    beside = [*source_lines(line, language), *file_lines(line, language)]
    said = f"{at} {name_of(line, names)}: {with_numbers(line)}"
    return [said, *(f"    {each}" for each in beside), ""]


def _source(citation: dict[str, Any], language: str) -> str:
    parts = [citation["title"], citation.get("heading")]
    if page := citation.get("page"):
        parts.append(say("transcript_page", language, page=str(page)))
    return f"[{citation['n']}] {', '.join(filter(None, parts))}"

"""Finding conversations: by what was said in them, by whose they are, by number.

The index holds every three letters that stand side by side in a message (FTS5's trigrams on
SQLite, pg_trgm's on PostgreSQL), so a word is found by any part of it. The database keeps it up by
itself. Without pg_trgm the same question is answered by looking at every message.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select, text, true

from app.errors import Invalid
from app.extensions import db
from app.models import Contact, Conversation, Event, Ticket
from app.services.event_log import FIELDS, Logged
from app.services.marking import Piece
from app.services.safe_markdown import plain
from app.services.states import COLUMNS, State

MOST_WORDS = 8
LONGEST_WORD = 60
SHORTEST_INDEXED = 3
MOST_BY_WHOM = 20
SNIPPET_LENGTH = 180
BEFORE_HIT = 60
NUMBER = re.compile(r"#?(\d{1,9})")
# Written out, since an index over a part of the table is used only where the part is plain to see.
SEARCHED = text("events.kind IN ('message', 'note')")
IN_INDEX = "events.number IN (SELECT rowid FROM message_words WHERE message_words MATCH :words)"
FOREIGN_CURSOR = "This cursor is not one that we gave out for this list."


class Match(StrEnum):
    """By what a conversation was found."""

    MESSAGE = "message"
    NOTE = "note"
    CONTACT = "contact"
    NUMBER = "number"
    TICKET = "ticket"


@dataclass(frozen=True)
class Found:
    """A conversation, and the newest message in it that fits, where one does."""

    state: State
    match: Match
    line: Logged | None = None
    snippet: Sequence[Piece] = ()


def search(
    organization_id: UUID, asked: str, cursor: str | None = None, limit: int = 50
) -> tuple[list[Found], str | None]:
    """Those with this number or person first, then what was said, the newest first."""
    words = words_of(asked)
    if not words:
        return [], None
    known = _by_number(organization_id, words) + _by_person(organization_id, words)
    known = list({each.state.id: each for each in reversed(known)}.values())[::-1]
    newest = func.max(Event.number)
    query = (
        select(newest)
        .where(_said_in(organization_id, words))
        .where(Event.conversation_id.not_in([each.state.id for each in known]))
        .group_by(Event.conversation_id)
        .having(newest < _decoded(cursor) if cursor else true())
        .order_by(newest.desc())
        .limit(limit + 1)
    )
    numbers = list(db.session.scalars(query))
    said = _lines(numbers[:limit], words)
    return ([] if cursor else known) + said, (
        str(numbers[limit - 1]) if len(numbers) > limit else None
    )


def fits(organization_id: UUID, asked: str) -> ColumnElement[bool]:
    """The same as a condition on conversations, for a list that is narrowed by it."""
    words = words_of(asked)
    if not words:
        return true()
    ways: list[ColumnElement[bool]] = [
        Conversation.id.in_(select(Event.conversation_id).where(_said_in(organization_id, words))),
        Conversation.contact_id.in_(_people(organization_id, words)),
    ]
    if (number := _number(words)) is not None:
        ways.append(Conversation.number == number)
    return or_(*ways)


def words_of(asked: str) -> list[str]:
    """Every one of them has to be found."""
    words = [word[:LONGEST_WORD] for word in asked.replace("\0", "").lower().split()]
    return list(dict.fromkeys(words))[:MOST_WORDS]


def snippet_of(written: str, words: Sequence[str]) -> list[Piece]:
    """The surroundings of the first hit, cut at the hits: nobody has to build HTML from it."""
    written = " ".join(plain(written).split())
    pattern = re.compile(
        "|".join(map(re.escape, sorted(words, key=len, reverse=True))), re.IGNORECASE
    )
    first = pattern.search(written)
    start = max((first.start() if first else 0) - BEFORE_HIT, 0)
    part = written[start : start + SNIPPET_LENGTH]
    part = ("…" if start else "") + part + ("…" if start + SNIPPET_LENGTH < len(written) else "")
    pieces, done = [], 0
    for hit in pattern.finditer(part):
        pieces += [Piece(part[done : hit.start()], is_marked=False)]
        pieces += [Piece(hit.group(), is_marked=True)]
        done = hit.end()
    return [each for each in (*pieces, Piece(part[done:], is_marked=False)) if each.text]


def _said_in(organization_id: UUID, words: Sequence[str]) -> ColumnElement[bool]:
    """Which events have all of the words. What is too short for the index is looked for in it."""
    conditions: list[Any] = [Event.organization_id == organization_id, SEARCHED]
    indexed: list[str] = []
    if db.engine.dialect.name == "sqlite":
        indexed = [word for word in words if len(word) >= SHORTEST_INDEXED]
    if indexed:
        quoted = " AND ".join('"' + word.replace('"', '""') + '"' for word in indexed)
        conditions.append(text(IN_INDEX).bindparams(words=quoted))
    conditions += [
        func.lower(Event.text).contains(word, autoescape=True)
        for word in words
        if word not in indexed
    ]
    return and_(*conditions)


def _by_number(organization_id: UUID, words: Sequence[str]) -> list[Found]:
    if (number := _number(words)) is None:
        return []
    numbered = _states(organization_id, Conversation.number == number)
    tickets = select(Ticket.conversation_id).where(
        Ticket.organization_id == organization_id, Ticket.number == number
    )
    ticketed = _states(organization_id, Conversation.id.in_(tickets))
    return [Found(each, Match.NUMBER) for each in numbered] + [
        Found(each, Match.TICKET) for each in ticketed
    ]


def _by_person(organization_id: UUID, words: Sequence[str]) -> list[Found]:
    theirs = Conversation.contact_id.in_(_people(organization_id, words))
    return [Found(each, Match.CONTACT) for each in _states(organization_id, theirs)]


def _people(organization_id: UUID, words: Sequence[str]) -> ColumnElement[UUID]:
    named = func.lower(Contact.name + " " + func.coalesce(Contact.email, ""))
    return select(Contact.id).where(  # type: ignore[return-value]
        Contact.organization_id == organization_id,
        *(named.contains(word, autoescape=True) for word in words),
    )


def _states(organization_id: UUID, condition: ColumnElement[bool]) -> list[State]:
    query = (
        select(*COLUMNS)
        .where(Conversation.organization_id == organization_id, condition)
        .order_by(Conversation.last_event_at.desc())
        .limit(MOST_BY_WHOM)
    )
    return [State(*row) for row in db.session.execute(query)]


def _lines(numbers: Sequence[int], words: Sequence[str]) -> list[Found]:
    query = (
        select(*COLUMNS, *FIELDS)
        .join(Conversation, Conversation.id == Event.conversation_id)
        .where(Event.number.in_(numbers))
        .order_by(Event.number.desc())
    )
    found = []
    for row in db.session.execute(query) if numbers else ():
        line = Logged(*row[len(COLUMNS) :])
        snippet = snippet_of(line.text, words)
        found.append(Found(State(*row[: len(COLUMNS)]), Match(line.kind.value), line, snippet))
    return found


def _number(words: Sequence[str]) -> int | None:
    number = NUMBER.fullmatch(words[0]) if len(words) == 1 else None
    return int(number.group(1)) if number else None


def _decoded(cursor: str) -> int:
    if not cursor.isascii() or not cursor.isdigit() or len(cursor) > 9:
        raise Invalid(FOREIGN_CURSOR, fields={"cursor": FOREIGN_CURSOR})
    return int(cursor)

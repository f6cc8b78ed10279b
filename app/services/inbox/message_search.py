"""Finding conversations: by what was said in them, by whose they are, by number.

A word is found by any part of it. Where next to nothing is found, words that are almost the same
count too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select, true

from app.errors import Invalid
from app.extensions import db
from app.models import Conversation, Event, Ticket
from app.services.inbox import message_index, people_search
from app.services.inbox.message_index import Ways
from app.services.log.event_log import FIELDS, Logged
from app.services.safe_markdown import plain
from app.services.search.marking import Piece
from app.services.similarity import closest, sure_pieces, vague_pieces
from app.services.states import COLUMNS, State

MOST_WORDS = 8
LONGEST_WORD = 60
MOST_BY_WHOM = 20
SNIPPET_LENGTH = 180
BEFORE_HIT = 60
NUMBER = re.compile(r"#?(\d{1,9})")
WORD = re.compile(r"[^\W_]+")
# Many messages of one conversation may stand side by side: looked at in parts that grow.
FIRST_PART, LARGEST_PART = 200, 20_000
# A list that is narrowed by words looks at so many of the newest messages; the search at all.
MOST_IN_LIST = 10_000
# With fewer than this, what is almost the same is shown too; so many messages are compared.
FEW = 3
MOST_COMPARED = 200
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
    # Not the words themselves, but such that are almost the same.
    is_close: bool = False


def search(
    organization_id: UUID,
    asked: str,
    cursor: str | None = None,
    limit: int = 50,
    narrowed: Sequence[ColumnElement[bool]] = (),
) -> tuple[list[Found], str | None]:
    """Those with this number or person first, then what was said, the newest first.

    `narrowed` is what else has to hold for the conversation.
    """
    words = words_of(asked)
    if not words:
        return [], None
    before = _decoded(cursor) if cursor else None
    known = _by_number(organization_id, words, narrowed)
    known += _by_person(organization_id, words, narrowed)
    known = list({each.state.id: each for each in reversed(known)}.values())[::-1]
    exactly = [[[word]] for word in words]
    numbers = _newest_of_each(
        organization_id,
        exactly,
        narrowed=narrowed,
        before=before,
        limit=limit + 1,
        but={each.state.id for each in known},
    )
    found = ([] if cursor else known) + _lines(numbers[:limit], words)
    if not cursor and len(numbers) <= limit and len(found) < FEW:
        found += _almost(organization_id, words, narrowed, found)
    return found, str(numbers[limit - 1]) if len(numbers) > limit else None


def fits(organization_id: UUID, asked: str) -> ColumnElement[bool]:
    """The same as a condition on conversations, for a list that is narrowed by it."""
    words = words_of(asked)
    if not words:
        return true()
    said = message_index.conversations_with(
        organization_id, [[[word]] for word in words], MOST_IN_LIST
    )
    ways: list[ColumnElement[bool]] = [
        Conversation.id.in_(said),
        Conversation.contact_id.in_(people_search.named(organization_id, words)),
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


def _newest_of_each(
    organization_id: UUID,
    words: Sequence[Ways],
    *,
    narrowed: Sequence[ColumnElement[bool]],
    before: int | None,
    limit: int,
    but: set[UUID],
) -> list[int]:
    """The newest message of each conversation with all of the words, the newest first."""
    found: dict[UUID, int] = {}
    part, start = FIRST_PART, before
    while len(found) < limit:
        rows = message_index.newest_with(
            organization_id, words, narrowed=narrowed, before=start, limit=part
        )
        fresh = {row[1] for row in rows} - found.keys() - but
        if before is not None:
            fresh -= _seen_before(organization_id, words, fresh, before)
        for number, conversation_id in rows:
            if conversation_id in fresh:
                found.setdefault(conversation_id, number)
        if len(rows) < part:
            break
        start, part = rows[-1][0], min(part * 4, LARGEST_PART)
    return list(found.values())[:limit]


def _seen_before(
    organization_id: UUID, words: Sequence[Ways], conversations: set[UUID], before: int
) -> set[UUID]:
    """Those that a page before this one has shown, for a newer message of theirs."""
    if not conversations:
        return set()
    plainly = message_index.plainly_said_in(organization_id, words)
    query = (
        select(Event.conversation_id)
        .where(Event.conversation_id.in_(conversations), Event.number >= before, *plainly)
        .distinct()
    )
    return set(db.session.scalars(query))


def _almost(
    organization_id: UUID,
    words: Sequence[str],
    narrowed: Sequence[ColumnElement[bool]],
    found: Sequence[Found],
) -> list[Found]:
    """Where somebody's fingers slipped: here or there, everything else has to be right."""
    known = {each.state.id for each in found}
    if close := _almost_said(organization_id, words, sure_pieces, narrowed):
        return [each for each in close if each.state.id not in known]
    people = people_search.similar(organization_id, words)
    if close_to := _theirs(organization_id, people, narrowed):
        fresh = [each for each in close_to if each.id not in known]
        return [Found(each, Match.CONTACT, is_close=True) for each in fresh]
    vague = _almost_said(organization_id, words, vague_pieces, narrowed)
    return [each for each in vague if each.state.id not in known]


def _almost_said(
    organization_id: UUID,
    words: Sequence[str],
    pieces: Callable[[str], list[tuple[str, ...]]],
    narrowed: Sequence[ColumnElement[bool]],
) -> list[Found]:
    ways = [[(word,), *pieces(word)] for word in words]
    if all(len(each) == 1 for each in ways):
        return []
    rows = message_index.newest_with(
        organization_id, ways, narrowed=narrowed, before=None, limit=MOST_COMPARED
    )
    candidates = _lines([row[0] for row in rows], words)
    close = {each.state.id: each for each in reversed(_compared(candidates, words))}
    return list(close.values())[::-1][:MOST_BY_WHOM]


def _compared(candidates: Sequence[Found], words: Sequence[str]) -> list[Found]:
    """Those in which every word stands, as it is or almost; marked as it stands there."""
    kept = []
    for each in candidates:
        written = plain(each.line.text).lower() if each.line else ""
        others = list(dict.fromkeys(WORD.findall(written)))
        there = [word if word in written else closest(word, others) for word in words]
        if all(there):
            snippet = snippet_of(each.line.text if each.line else "", [one for one in there if one])
            kept.append(Found(each.state, each.match, each.line, snippet, is_close=True))
    return kept


def _by_number(
    organization_id: UUID, words: Sequence[str], narrowed: Sequence[ColumnElement[bool]]
) -> list[Found]:
    if (number := _number(words)) is None:
        return []
    numbered = _states(organization_id, Conversation.number == number, *narrowed)
    tickets = select(Ticket.conversation_id).where(
        Ticket.organization_id == organization_id, Ticket.number == number
    )
    ticketed = _states(organization_id, Conversation.id.in_(tickets), *narrowed)
    return [Found(each, Match.NUMBER) for each in numbered] + [
        Found(each, Match.TICKET) for each in ticketed
    ]


def _by_person(
    organization_id: UUID, words: Sequence[str], narrowed: Sequence[ColumnElement[bool]]
) -> list[Found]:
    people = people_search.named(organization_id, words)
    return [Found(each, Match.CONTACT) for each in _theirs(organization_id, people, narrowed)]


def _theirs(
    organization_id: UUID, people: Sequence[UUID], narrowed: Sequence[ColumnElement[bool]]
) -> list[State]:
    if not people:
        return []
    return _states(organization_id, Conversation.contact_id.in_(people), *narrowed)


def _states(organization_id: UUID, *conditions: ColumnElement[bool]) -> list[State]:
    query = (
        select(*COLUMNS)
        .where(Conversation.organization_id == organization_id, *conditions)
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

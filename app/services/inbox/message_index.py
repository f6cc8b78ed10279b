"""Which messages hold some letters: asked of each database's own index of three letters in a row.

FTS5's trigrams on SQLite, pg_trgm's on PostgreSQL; the database keeps it up by itself. Answers come
newest first and only as many as are wanted, so that a frequent word costs no more than a rare one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, column, func, or_, select, table, text

from app.extensions import db
from app.models import Conversation, Event
from app.services.similarity import INDEXED

# Written out, since an index over a part of the table is used only where the part is plain to see.
SEARCHED = text("events.kind IN ('message', 'note')")
MATCH = "message_words MATCH :words"
WORDS = table("message_words", column("rowid"))
MOST_WITHOUT_INDEX = 50_000
WALKED = 5_000
# Any of these has to be there; of each, all the pieces.
Ways = Sequence[Sequence[str]]


def newest_with(
    organization_id: UUID,
    words: Sequence[Ways],
    *,
    narrowed: Sequence[ColumnElement[bool]],
    before: int | None,
    limit: int,
) -> list[tuple[int, UUID]]:
    """The numbers of the newest messages with all of the words, and whose conversations."""
    query = _with(organization_id, words)
    if narrowed:
        query = query.join(Conversation, Conversation.id == Event.conversation_id).where(*narrowed)
    if _is_indexed(words) or not any(_fits_index(ways) for ways in words):
        return _rows(_newest(query, words, before, limit))
    # PostgreSQL would have to guess whether to walk back through the log or to ask the index, and
    # guesses wrong where a short word is rare: what is recent is walked through, the rest asked.
    end = before or (db.session.scalar(select(func.max(Event.number))) or 0) + 1
    # Many alternatives are slow to compare, and rare altogether: they are asked for at once.
    start = end if any(len(ways) > 1 for ways in words) else end - WALKED
    found = []
    if start < end:
        recent = query.where(Event.number >= start, Event.number < end)
        found = _rows(recent.order_by(Event.number.desc()).limit(limit))
    if len(found) == limit or start <= 0:
        return found
    asked = Event.number + 0
    older = query.where(asked < start).order_by(asked.desc()).limit(limit - len(found))
    return found + _rows(older)


def conversations_with(
    organization_id: UUID, words: Sequence[Ways], most: int
) -> Select[*tuple[Any, ...]]:
    """Those of the newest messages that fit, as a part of another query."""
    newest = _newest(_with(organization_id, words), words, None, most).subquery()
    return select(newest.c.conversation_id)


def plainly_said_in(organization_id: UUID, words: Sequence[Ways]) -> list[Any]:
    """What holds for such a message, without any index: for few of them."""
    return [Event.organization_id == organization_id, SEARCHED, *map(_any_of, words)]


def _with(organization_id: UUID, words: Sequence[Ways]) -> Select[*tuple[Any, ...]]:
    """What SQLite's index has looked at is not looked at twice."""
    query = select(Event.number, Event.conversation_id)
    if not _is_indexed(words):
        query = query.where(*plainly_said_in(organization_id, words))
        return query if any(_fits_index(ways) for ways in words) else query.where(_is_recent())
    too_short = [ways for ways in words if not _fits_index(ways)]
    return (
        query.select_from(WORDS)
        .join(Event, Event.number == WORDS.c.rowid)
        .where(text(MATCH).bindparams(words=_expression(words)))
        .where(*plainly_said_in(organization_id, too_short))
    )


def _is_recent() -> ColumnElement[bool]:
    """Two letters are in no index: they are looked for in what was said last only."""
    newest = select(func.max(Event.number)).scalar_subquery()
    return Event.number > newest - MOST_WITHOUT_INDEX


def _newest(
    query: Select[*tuple[Any, ...]], words: Sequence[Ways], before: int | None, limit: int
) -> Select[*tuple[Any, ...]]:
    number: ColumnElement[int] = WORDS.c.rowid if _is_indexed(words) else Event.number.expression
    if before is not None:
        query = query.where(number < before)
    return query.order_by(number.desc()).limit(limit)


def _rows(query: Select[*tuple[Any, ...]]) -> list[tuple[int, UUID]]:
    return [(row[0], row[1]) for row in db.session.execute(query)]


def _is_indexed(words: Sequence[Ways]) -> bool:
    return db.engine.dialect.name == "sqlite" and any(_fits_index(ways) for ways in words)


def _fits_index(ways: Ways) -> bool:
    return all(len(piece) >= INDEXED for way in ways for piece in way)


def _expression(words: Sequence[Ways]) -> str:
    """As FTS5 is asked; everything is quoted, so nothing in it is a command."""
    alternatives = [
        " OR ".join(f"({' AND '.join(_quoted(piece) for piece in way)})" for way in ways)
        for ways in words
        if _fits_index(ways)
    ]
    return " AND ".join(f"({each})" for each in alternatives)


def _quoted(piece: str) -> str:
    return '"' + piece.replace('"', '""') + '"'


def _any_of(ways: Ways) -> ColumnElement[bool]:
    return or_(*(and_(*(_has(piece) for piece in way)) for way in ways))


def _has(piece: str) -> ColumnElement[bool]:
    return func.lower(Event.text).contains(piece, autoescape=True)

"""Passages as plain values: a search looks at sixty and shows eight.

What never changes about a passage is remembered: its number, its id and its stems. Whether it is
live is asked of the database with every search, for those that come out best. A new title makes
passages of its own, as soon as the document is learned with it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import UUID

from flask import current_app
from sqlalchemy import ColumnElement, Select, and_, bindparam, select

from app.extensions import db
from app.kept import Kept
from app.models import HEADING_MARK, Document, Passage
from app.reading.cutting import indexed
from app.services.search.scoring import Stemmed, stemmed
from app.services.search.standing import Standing, standing_of

K = TypeVar("K")
# Two kilobytes each.
MOST_KEPT = 20_000


@dataclass(frozen=True)
class Narrowing:
    """Which documents count; nothing said means all."""

    category: str = ""
    attributes: tuple[tuple[str, str], ...] = ()

    @property
    def is_narrow(self) -> bool:
        return bool(self.category or self.attributes)


@dataclass(frozen=True, slots=True)
class Candidate:
    """What never changes about a passage, as far as choosing needs it. It need not be live."""

    number: int
    id: UUID
    organization_id: UUID
    stems: Stemmed
    standing: Standing


@dataclass(frozen=True)
class FoundDocument:
    """The document that a found passage stands in."""

    id: UUID
    title: str
    file_name: str
    url: str | None


@dataclass(frozen=True)
class FoundPassage:
    """A passage as it is shown and quoted."""

    number: int
    id: UUID
    document_id: UUID
    ordinal: int
    text: str
    heading: str
    page_from: int | None
    page_to: int | None
    kind: str
    document: FoundDocument

    @property
    def headings(self) -> list[str]:
        return self.heading.split(HEADING_MARK) if self.heading else []


@dataclass(frozen=True)
class Shown:
    """By number, what answers now. Others may have answered a moment ago and been overtaken."""

    passages: dict[int, FoundPassage]
    has_overtaken: bool


def by_number(organization_id: UUID, numbers: Collection[int]) -> list[Candidate]:
    """The organization's passages of these numbers; each was read and stemmed once."""
    return _candidates(organization_id, numbers, _memory().by_number, _BY_NUMBER)


def by_id(organization_id: UUID, ids: Collection[UUID]) -> list[Candidate]:
    return _candidates(organization_id, ids, _memory().by_id, _BY_ID)


def shown(organization_id: UUID, numbers: Collection[int], narrowing: Narrowing) -> Shown:
    """All that is shown of those that are live and not left out."""
    query = _SHOWN
    if narrowing.is_narrow:
        query = query.add_columns(and_(*_conditions(narrowing)).label("fits"))
    rows = db.session.connection().execute(query, {"wanted": list(numbers)}).all()
    return Shown(
        {
            row.number: _shown(row)
            for row in rows
            if row.live
            and row.organization_id == organization_id
            and (not narrowing.is_narrow or row.fits)
        },
        has_overtaken=len(rows) < len(numbers) or not all(row.live or row.waits for row in rows),
    )


def neighbours(numbers: Collection[int]) -> dict[int, tuple[str, str]]:
    """The texts right before and after each of these in the same version; empty at the ends."""
    if not numbers:
        return {}
    rows = db.session.connection().execute(_BESIDE, {"wanted": list(numbers)})
    texts = {(number, bool(is_before)): text for number, is_before, text in rows}
    return {
        number: (texts.get((number, True), ""), texts.get((number, False), ""))
        for number in numbers
    }


@dataclass(frozen=True)
class _Memory:
    by_number: Kept[int, Candidate] = field(default_factory=lambda: Kept(MOST_KEPT))
    by_id: Kept[UUID, Candidate] = field(default_factory=lambda: Kept(MOST_KEPT))


def _memory() -> _Memory:
    kept: _Memory | None = current_app.extensions.get("passages")
    if kept is None:
        kept = current_app.extensions["passages"] = _Memory()
    return kept


def _candidates(
    organization_id: UUID, wanted: Collection[K], kept: Kept[K, Candidate], query: Select[Any]
) -> list[Candidate]:
    known = {each: kept.get(each) for each in wanted}
    found = [each for each in known.values() if each is not None]
    if missing := [each for each, candidate in known.items() if candidate is None]:
        rows = db.session.connection().execute(query, {"wanted": missing})
        found += [_remembered(row) for row in rows]
    return [each for each in found if each.organization_id == organization_id]


def _remembered(row: Any) -> Candidate:
    headings = tuple(row.heading.split(HEADING_MARK)) if row.heading else ()
    stems = stemmed(indexed(row.title, headings, row.text))
    standing = standing_of(row.title, headings, row.ordinal)
    candidate = Candidate(row.number, row.id, row.organization_id, stems, standing)
    _memory().by_number.put(row.number, candidate)
    _memory().by_id.put(row.id, candidate)
    return candidate


def _conditions(narrowing: Narrowing) -> Iterator[ColumnElement[bool]]:
    if narrowing.category:
        yield Document.category == narrowing.category
    for key, value in narrowing.attributes:
        yield Document.attributes[key].as_string() == value


def _shown(row: Any) -> FoundPassage:
    return FoundPassage(
        number=row.number,
        id=row.id,
        document_id=row.document_id,
        ordinal=row.ordinal,
        text=row.text,
        heading=row.heading,
        page_from=row.page_from,
        page_to=row.page_to,
        kind=row.kind,
        document=FoundDocument(row.document_id, row.title, row.file_name, row.source_url),
    )


# Made once and of tables, not of classes: putting a statement together and unfolding objects out
# of its rows would each take longer than the database does.
_passages: Any = Passage.__table__
_documents: Any = Document.__table__
_others: Any = _passages.alias("others")
_wanted: Any = bindparam("wanted", expanding=True)
_joined = _passages.join(_documents, _documents.c.id == _passages.c.document_id)
# The organization is compared when the rows are there: with it in the query, SQLite would rather
# walk through all passages of the organization than use the unique index.
_CANDIDATES = select(
    _passages.c.number,
    _passages.c.id,
    _passages.c.organization_id,
    _passages.c.ordinal,
    _passages.c.heading,
    _passages.c.text,
    _documents.c.title,
).select_from(_joined)
_BY_NUMBER = _CANDIDATES.where(_passages.c.number.in_(_wanted))
_BY_ID = _CANDIDATES.where(_passages.c.id.in_(_wanted))
_SHOWN = (
    select(
        _passages.c.number,
        _passages.c.id,
        _passages.c.organization_id,
        _passages.c.live,
        (_passages.c.version > _documents.c.live_version).label("waits"),
        _passages.c.document_id,
        _passages.c.ordinal,
        _passages.c.text,
        _passages.c.heading,
        _passages.c.page_from,
        _passages.c.page_to,
        _passages.c.kind,
        _documents.c.title,
        _documents.c.file_name,
        _documents.c.source_url,
    )
    .select_from(_joined)
    .where(_passages.c.number.in_(_wanted))
)
_BESIDE = (
    select(_passages.c.number, _others.c.ordinal < _passages.c.ordinal, _others.c.text)
    .select_from(_passages)
    .join(
        _others,
        and_(
            _others.c.document_id == _passages.c.document_id,
            _others.c.version == _passages.c.version,
            _others.c.ordinal.in_((_passages.c.ordinal - 1, _passages.c.ordinal + 1)),
        ),
    )
    .where(_passages.c.number.in_(_wanted))
)

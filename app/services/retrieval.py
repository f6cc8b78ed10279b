"""Finding the passages that bear on a question: words and meaning, fused.

The one path for the search API, the try-it tab and the answers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import contains_eager

from app.adapters import adapters
from app.adapters.embeddings import Embeddings
from app.errors import ProviderError
from app.extensions import db
from app.models import Document, Organization, Passage
from app.services import lexical
from app.services.lexical import Terms
from app.services.search_figures import figures_of

log = structlog.get_logger(__name__)
NOMINATED_BY_WORDS = 40
NOMINATED_BY_MEANING = 24
NEAR = 0.3
TRIES = 2
Compare = Callable[[list[UUID]], dict[UUID, float]]


class Reason(StrEnum):
    """What a passage was found by."""

    WORDS = "words"
    MEANING = "meaning"
    BOTH = "both"


@dataclass(frozen=True)
class Narrowing:
    """Which documents count; nothing said means all."""

    category: str = ""
    attributes: tuple[tuple[str, str], ...] = ()

    @property
    def is_narrow(self) -> bool:
        return bool(self.category or self.attributes)


@dataclass(frozen=True)
class Weights:
    """How much each part says; they add up to one."""

    words: float = 0.4
    pairs: float = 0.2
    meaning: float = 0.4


@dataclass(frozen=True)
class Found:
    """A passage with what speaks for it, each part from 0 to 1."""

    passage: Passage
    score: float
    words: float
    pairs: float
    meaning: float | None
    reason: Reason

    @property
    def document(self) -> Document:
        return self.passage.document


@dataclass(frozen=True)
class _Measure:
    """What every candidate of one search is measured by."""

    terms: Terms
    rarity: dict[str, float]
    average_words: float
    weights: Weights


def search(
    organization_id: UUID,
    question: str,
    *,
    limit: int = 8,
    previous: str = "",
    narrowing: Narrowing | None = None,
    weights: Weights | None = None,
) -> list[Found]:
    """The best passages first. `previous` is the visitor's turn before, which a follow-up needs."""
    asked = f"{previous}\n{question}".strip()
    terms = lexical.terms_of(asked)
    figures = figures_of(organization_id)
    counted = figures.counts(terms)
    nearest, compare = _by_meaning(organization_id, asked)
    narrowing = narrowing or Narrowing()
    # Filters come after nomination, so a narrow question nominates more.
    nominated = NOMINATED_BY_WORDS * (5 if narrowing.is_narrow else 1)
    telling = lexical.telling(terms, counted)
    passages = _nominated(organization_id, telling, nominated, nearest, narrowing)
    rarity = lexical.rarities(counted, figures.passages)
    measure = _Measure(terms, rarity, figures.average_words, weights or Weights())
    meanings = nearest | compare([each.id for each in passages if each.id not in nearest])
    scored = [_found(each, measure, meanings.get(each.id)) for each in passages]
    return sorted(scored, key=lambda found: (-found.score, found.passage.number))[:limit]


def _by_meaning(organization_id: UUID, asked: str) -> tuple[dict[UUID, float], Compare]:
    """What is nearest, and a way to measure the rest; both empty where there are no vectors."""
    space = db.session.scalar(
        select(Organization.embedding_space).where(Organization.id == organization_id)
    )
    model = _model_of(space)
    if space is None or model is None:
        return {}, lambda _ids: {}
    try:
        vector = model.embed([asked])[0]
        store = adapters.vector_store
        nearest = store.nearest(organization_id, space, vector, NOMINATED_BY_MEANING)
    except ProviderError as error:
        log.warning("search_by_words_alone", reason=str(error))
        return {}, lambda _ids: {}

    def compare(ids: list[UUID]) -> dict[UUID, float]:
        try:
            return store.similarities(organization_id, space, vector, ids)
        except ProviderError as error:
            log.warning("search_half_by_words", reason=str(error))
            return {}

    return nearest, compare


def _model_of(space: str | None) -> Embeddings | None:
    """What reads a question the way these vectors were made, also after the model was changed."""
    models = (adapters.embeddings, *adapters.former_embeddings)
    return next((each for each in models if each.available and each.name == space), None)


def _nominated(
    organization_id: UUID,
    terms: Terms,
    limit: int,
    nearest: Iterable[UUID],
    narrowing: Narrowing,
) -> list[Passage]:
    """Asked for once more if a document got its new version between the nomination and the look."""
    ids = list(nearest)
    for _ in range(TRIES):
        numbers = set(lexical.candidates(organization_id, terms, limit))
        # Looked up by the unique index alone: with the organization beside it, SQLite would
        # rather walk through all passages of the organization.
        numbers |= set(db.session.scalars(select(Passage.number).where(Passage.id.in_(ids))))
        passages = _load(organization_id, numbers, narrowing)
        if not _were_overtaken(numbers - {each.number for each in passages}):
            break
    return passages


def _were_overtaken(numbers: set[int]) -> bool:
    """Whether some of these answered a moment ago; the others have yet to, or were filtered out."""
    if not numbers:
        return False
    waiting = or_(Passage.live, Passage.version > Document.live_version)
    query = select(func.count()).select_from(Passage).join(Passage.document)
    return db.session.scalar(query.where(Passage.number.in_(numbers), waiting)) != len(numbers)


def _load(organization_id: UUID, numbers: set[int], narrowing: Narrowing) -> list[Passage]:
    """The candidates that are live; what the stores still name but we no longer have is passed."""
    base = (
        select(Passage)
        .join(Passage.document)
        .options(contains_eager(Passage.document))
        .where(Passage.organization_id == organization_id, Passage.live)
    )
    wanted = base.where(Passage.number.in_(numbers))
    return list(db.session.scalars(_narrowed(wanted, narrowing)))


def _narrowed(query: Select[Any], narrowing: Narrowing) -> Select[Any]:
    if narrowing.category:
        query = query.where(Document.category == narrowing.category)
    for key, value in narrowing.attributes:
        query = query.where(Document.attributes[key].as_string() == value)
    return query


def _found(passage: Passage, measure: _Measure, meaning: float | None) -> Found:
    """A convex sum; without a vector the words have to speak for the whole."""
    stems = lexical.stems_of(passage.as_indexed(passage.document.title))
    words, pairs = lexical.bm25(measure.terms, stems, measure.rarity, measure.average_words)
    weights = measure.weights
    by_words = weights.words * words + weights.pairs * pairs
    if meaning is None:
        score = by_words / max(weights.words + weights.pairs, 1e-9)
        return Found(passage, score, words, pairs, None, Reason.WORDS)
    score = by_words + weights.meaning * max(meaning, 0.0)
    near = meaning >= NEAR
    reason = Reason.MEANING if not words else Reason.BOTH if near else Reason.WORDS
    return Found(passage, score, words, pairs, meaning, reason)

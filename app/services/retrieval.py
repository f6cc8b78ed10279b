"""Finding the passages that bear on a question: words and meaning, fused.

The one path for the search API, the try-it tab and the answers.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

import structlog
from flask import current_app
from sqlalchemy import Select, func, select
from sqlalchemy.orm import contains_eager

from app.adapters import adapters
from app.adapters.embeddings import Embeddings
from app.errors import ProviderError
from app.extensions import db
from app.models import Document, Organization, Passage
from app.services import lexical
from app.services.lexical import Terms

log = structlog.get_logger(__name__)
NOMINATED_BY_WORDS = 60
NOMINATED_BY_MEANING = 40
FIGURES_FOR_SECONDS = 30.0


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
class _Figures:
    passages: int
    average_words: float
    read_at: float


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
    nearest, compare = _by_meaning(organization_id, asked)
    narrowing = narrowing or Narrowing()
    # Filters come after nomination, so a narrow question nominates more.
    nominated = NOMINATED_BY_WORDS * (5 if narrowing.is_narrow else 1)
    numbers = lexical.candidates(organization_id, terms, nominated)
    passages = _load(organization_id, numbers, nearest, narrowing)
    meanings = compare([passage.id for passage in passages if passage.id not in nearest])
    scored = _score(organization_id, terms, passages, {**nearest, **meanings}, weights or Weights())
    return sorted(scored, key=lambda found: (-found.score, found.passage.number))[:limit]


def _by_meaning(organization_id: UUID, asked: str) -> tuple[dict[UUID, float], Any]:
    """What is nearest, and a way to measure the rest; both empty where there are no vectors."""
    space = _space(organization_id)
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
    return nearest, lambda ids: store.similarities(organization_id, space, vector, ids)


def _space(organization_id: UUID) -> str | None:
    query = select(Organization.embedding_space).where(Organization.id == organization_id)
    return db.session.scalar(query)


def _model_of(space: str | None) -> Embeddings | None:
    """What reads a question the way these vectors were made, also after the model was changed."""
    models = (adapters.embeddings, *adapters.former_embeddings)
    return next((each for each in models if each.available and each.name == space), None)


def _load(
    organization_id: UUID,
    numbers: Sequence[int],
    ids: Iterable[UUID],
    narrowing: Narrowing,
) -> list[Passage]:
    """The candidates that are live; what the stores still name but we no longer have is passed."""
    base = (
        select(Passage)
        .join(Passage.document)
        .options(contains_eager(Passage.document))
        .where(Passage.organization_id == organization_id, Passage.live)
    )
    base = _narrowed(base, narrowing)
    found: dict[int, Passage] = {}
    for condition in (Passage.number.in_(numbers), Passage.id.in_(list(ids))):
        for passage in db.session.scalars(base.where(condition)):
            found[passage.number] = passage
    return list(found.values())


def _narrowed(query: Select[Any], narrowing: Narrowing) -> Select[Any]:
    if narrowing.category:
        query = query.where(Document.category == narrowing.category)
    for key, value in narrowing.attributes:
        query = query.where(Document.attributes[key].as_string() == value)
    return query


def _score(
    organization_id: UUID,
    terms: Terms,
    passages: list[Passage],
    meanings: dict[UUID, float],
    weights: Weights,
) -> list[Found]:
    figures = _figures(organization_id)
    rarity = lexical.rarities(lexical.counts(organization_id, terms), figures.passages)
    scored = []
    for passage in passages:
        stems = lexical.stems_of(passage.as_indexed(passage.document.title))
        words, pairs = lexical.bm25(terms, stems, rarity, figures.average_words)
        scored.append(_fused(passage, words, pairs, meanings.get(passage.id), weights))
    return scored


def _fused(
    passage: Passage, words: float, pairs: float, meaning: float | None, weights: Weights
) -> Found:
    """A convex sum; without a vector the words have to speak for the whole."""
    by_words = weights.words * words + weights.pairs * pairs
    if meaning is None:
        score = by_words / max(weights.words + weights.pairs, 1e-9)
        reason = Reason.WORDS
    else:
        score = by_words + weights.meaning * max(meaning, 0.0)
        near = meaning >= 0.3
        reason = Reason.MEANING if not words else Reason.BOTH if near else Reason.WORDS
    return Found(passage, score, words, pairs, meaning, reason)


def _figures(organization_id: UUID) -> _Figures:
    """How many passages there are and how long; counted anew every half a minute at most."""
    kept: dict[UUID, _Figures] = current_app.extensions.setdefault("search_figures", {})
    figures = kept.get(organization_id)
    if figures is None or time.monotonic() - figures.read_at > FIGURES_FOR_SECONDS:
        query = select(func.count(), func.avg(Passage.words)).where(
            Passage.organization_id == organization_id, Passage.live
        )
        count, average = db.session.execute(query).one()
        figures = _Figures(int(count), float(average or 1), time.monotonic())
        kept[organization_id] = figures
    return figures

"""Finding the passages that bear on a question: words and meaning, fused.

The one path for the search API, the try-it tab and the answers. What it gives are plain values. It
gives the database back before the model and the vector store are asked: whoever calls it has
nothing written that is not yet committed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import cast
from uuid import UUID

import structlog
from flask import current_app
from sqlalchemy import Table, bindparam, select

from app.adapters import adapters
from app.adapters.embeddings import Embeddings
from app.errors import ProviderError
from app.extensions import db
from app.models import Organization
from app.services.search import lexical, passages, standing
from app.services.search.evidence import Evidence
from app.services.search.lexical import Terms
from app.services.search.passages import Candidate, FoundDocument, FoundPassage, Narrowing
from app.services.search.question_vectors import vector_by
from app.services.search.scoring import Measure, bm25, measure_of
from app.services.search.search_figures import figures_of

__all__ = [
    "Found",
    "Narrowing",
    "Reason",
    "Weights",
    "check_vectors",
    "evidence_for",
    "search",
    "warm_up",
]

log = structlog.get_logger(__name__)
NOMINATED_BY_WORDS = 40
NOMINATED_BY_MEANING = 24
NEAR = 0.3
# How many more are looked at than are wanted: passages that are still being learned rank along.
SPARE = 4
ALL_AT_ONCE = 300
_organizations = cast(Table, Organization.__table__)
SPACE = select(_organizations.c.embedding_space).where(
    _organizations.c.id == bindparam("organization")
)


class Reason(StrEnum):
    """What a passage was found by."""

    WORDS = "words"
    MEANING = "meaning"
    BOTH = "both"


@dataclass(frozen=True)
class Weights:
    """How much each part says; they add up to one."""

    words: float = 0.4
    pairs: float = 0.2
    meaning: float = 0.4


@dataclass(frozen=True)
class Found:
    """A passage with what speaks for it, each part from 0 to 1."""

    passage: FoundPassage
    score: float
    words: float
    pairs: float
    meaning: float | None

    @property
    def document(self) -> FoundDocument:
        return self.passage.document

    @property
    def reason(self) -> Reason:
        if self.meaning is None:
            return Reason.WORDS
        if not self.words:
            return Reason.MEANING
        return Reason.BOTH if self.meaning >= NEAR else Reason.WORDS


@dataclass(frozen=True)
class _Asked:
    """One search: whose, for what, and by what it is measured."""

    organization_id: UUID
    text: str
    telling: Terms
    narrowing: Narrowing
    measure: Measure
    weights: Weights
    # How the organization's vectors were made, and what reads a question the same way.
    space: str | None
    model: Embeddings | None


@dataclass(frozen=True, slots=True)
class _Scored:
    number: int
    score: float
    words: float
    pairs: float
    meaning: float | None


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
    text = f"{previous}\n{question}".strip()
    asked = _asked(organization_id, text, narrowing or Narrowing(), weights or Weights())
    found, has_overtaken = _best(asked, _ranked(asked), limit)
    if has_overtaken:
        # A document got its new version between the nomination and the look.
        found, _ = _best(asked, _ranked(asked), limit)
    return found


def evidence_for(
    organization_id: UUID,
    question: str,
    *,
    previous: str = "",
    limit: int = 8,
    narrowing: Narrowing | None = None,
) -> list[Evidence]:
    """The same, as what an answer may be made from. No database connection is held afterwards."""
    found = search(organization_id, question, limit=limit, previous=previous, narrowing=narrowing)
    around = passages.neighbours([each.passage.number for each in found])
    db.session.rollback()
    return [_evidence(each, *around[each.passage.number]) for each in found]


def warm_up() -> None:
    """Load the model and open the vector store, so that the first question need not wait.

    It takes a second and 130 MiB, so it is for when somebody is there who may ask; it may be called
    again and again, and works only once.
    """
    if current_app.extensions.get("is_warm"):
        return
    current_app.extensions["is_warm"] = True
    query = select(Organization.id).where(Organization.embedding_space.is_not(None))
    organization_id = db.session.scalar(query.limit(1))
    if organization_id is None:
        current_app.extensions["is_warm"] = False
    else:
        search(organization_id, "Is anybody there?", limit=1)
    db.session.rollback()


def check_vectors(organization_id: UUID) -> None:
    """ProviderError if the vectors cannot be read now: a search would make do with the words."""
    space = db.session.scalar(SPACE, {"organization": organization_id})
    db.session.rollback()
    model = _model_of(space)
    if space and model:
        vector = model.embed(["Is anybody there?"])[0]
        adapters.vector_store.nearest(organization_id, space, vector, 1)


def _asked(organization_id: UUID, text: str, narrowing: Narrowing, weights: Weights) -> _Asked:
    terms = lexical.terms_of(text)
    figures = figures_of(organization_id)
    counted = figures.counts(terms)
    space = db.session.scalar(SPACE, {"organization": organization_id})
    return _Asked(
        organization_id,
        text,
        lexical.telling(terms, counted),
        narrowing,
        measure_of(terms, counted, figures.passages, figures.average_words),
        weights,
        space,
        _model_of(space),
    )


def _model_of(space: str | None) -> Embeddings | None:
    """What reads a question the way these vectors were made, also after the model was changed."""
    models = (adapters.embeddings, *adapters.former_embeddings)
    return next((each for each in models if each.available and each.name == space), None)


def _ranked(asked: _Asked) -> list[_Scored]:
    """What words or meaning nominate, the best first. Not all of it need be live."""
    # Filters come after nomination, so a narrow question nominates more.
    limit = NOMINATED_BY_WORDS * (5 if asked.narrowing.is_narrow else 1)
    numbers = lexical.candidates(asked.organization_id, asked.telling, limit)
    candidates = passages.by_number(asked.organization_id, numbers)
    ids = {each.id for each in candidates}
    nearest, others = _meanings(asked, ids)
    candidates += passages.by_id(asked.organization_id, nearest.keys() - ids)
    meanings = nearest | others
    scored = [_scored(asked, each, meanings.get(each.id)) for each in candidates]
    found = [(each.score, its.standing) for each, its in zip(scored, candidates, strict=True)]
    scores = standing.regarded(asked.text, asked.measure.rarities, found)
    scored = [
        each if score == each.score else replace(each, score=score)
        for each, score in zip(scored, scores, strict=True)
    ]
    return sorted(scored, key=lambda each: (-each.score, each.number))


def _meanings(asked: _Asked, ids: Iterable[UUID]) -> tuple[dict[UUID, float], dict[UUID, float]]:
    """What is nearest, and how near these ids are; both empty where there are no vectors."""
    if asked.space is None or asked.model is None:
        return {}, {}
    # The model and the store take their time, in which others can use the connection.
    db.session.rollback()
    vector = vector_by(asked.model, asked.text)
    store = adapters.vector_store
    nearest: dict[UUID, float] = {}
    if vector is None:
        return {}, {}
    try:
        nearest = store.nearest(asked.organization_id, asked.space, vector, NOMINATED_BY_MEANING)
        others = [each for each in ids if each not in nearest]
        return nearest, store.similarities(asked.organization_id, asked.space, vector, others)
    except ProviderError as error:
        log.warning(
            "search_half_by_words" if nearest else "search_by_words_alone", reason=str(error)
        )
        return nearest, {}


def _scored(asked: _Asked, candidate: Candidate, meaning: float | None) -> _Scored:
    """A convex sum; without a vector the words have to speak for the whole."""
    weights = asked.weights
    words, pairs = bm25(asked.measure, candidate.stems)
    by_words = weights.words * words + weights.pairs * pairs
    if meaning is None:
        score = by_words / max(weights.words + weights.pairs, 1e-9)
    else:
        score = by_words + weights.meaning * max(meaning, 0.0)
    return _Scored(candidate.number, score, words, pairs, meaning)


def _best(asked: _Asked, ranked: Sequence[_Scored], limit: int) -> tuple[list[Found], bool]:
    """The best of those that are live, and whether some of them had just been overtaken."""
    found: list[Found] = []
    has_overtaken = False
    slices = limit + (ALL_AT_ONCE if asked.narrowing.is_narrow else SPARE)
    for start in range(0, len(ranked), slices):
        part = ranked[start : start + slices]
        look = passages.shown(
            asked.organization_id, [each.number for each in part], asked.narrowing
        )
        has_overtaken = has_overtaken or look.has_overtaken
        found += [
            Found(look.passages[each.number], each.score, each.words, each.pairs, each.meaning)
            for each in part
            if each.number in look.passages
        ]
        if len(found) >= limit:
            break
    return found[:limit], has_overtaken


def _evidence(found: Found, before: str, after: str) -> Evidence:
    passage = found.passage
    return Evidence(
        passage_id=passage.id,
        document_id=passage.document_id,
        title=passage.document.title,
        text=passage.text,
        heading=passage.heading,
        page=passage.page_from,
        url=passage.document.url,
        kind=passage.kind,
        ordinal=passage.ordinal,
        score=found.score,
        words=found.words,
        pairs=found.pairs,
        meaning=found.meaning,
        before=before,
        after=after,
    )

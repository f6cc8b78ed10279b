"""What scoring needs to know of all passages together: how many, how long, how common a word is.

It changes slowly and is asked for with every search, so it is kept for a while.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from uuid import UUID

from flask import current_app
from sqlalchemy import func, select

from app.extensions import db
from app.models import Passage
from app.services import lexical
from app.services.lexical import Terms

SECONDS = 60.0
MOST_WORDS_KEPT = 20_000


@dataclass
class Figures:
    """One organization's, as of `read_at`."""

    organization_id: UUID
    passages: int
    average_words: float
    read_at: float
    _counts: dict[str, int] = field(default_factory=dict)

    def counts(self, terms: Terms) -> dict[str, int]:
        """In how many passages each stem of the question stands."""
        if len(self._counts) > MOST_WORDS_KEPT:
            self._counts.clear()
        for word, stem in zip(terms.words, terms.stems, strict=True):
            # What stands nowhere is looked up anew: it may just have been learned.
            if not self._counts.get(stem):
                self._counts[stem] = lexical.count(self.organization_id, word)
        return {stem: self._counts[stem] for stem in terms.stems}


def figures_of(organization_id: UUID) -> Figures:
    kept: dict[UUID, Figures] = current_app.extensions.setdefault("search_figures", {})
    figures = kept.get(organization_id)
    if figures is None or not figures.passages or time.monotonic() - figures.read_at > SECONDS:
        figures = kept[organization_id] = _read(organization_id)
    return figures


def _read(organization_id: UUID) -> Figures:
    query = select(func.count(), func.avg(Passage.words)).where(
        Passage.organization_id == organization_id, Passage.live
    )
    count, average = db.session.execute(query).one()
    return Figures(organization_id, int(count), float(average or 1), time.monotonic())

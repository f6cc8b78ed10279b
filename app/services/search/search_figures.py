"""What scoring needs to know of all passages together: how many, how long, how common a word is.

It is asked for with every search and changes only when documents do. So it is kept for as long as
a mark of the documents stays the same, which whoever changes them leaves in the database, whatever
process that is; the mark is looked at once a second.
"""

from __future__ import annotations

import time
from collections.abc import Hashable
from dataclasses import dataclass, field
from uuid import UUID

from flask import current_app
from sqlalchemy import func, select

from app.extensions import db
from app.kept import Kept
from app.models import Document, Passage
from app.services.search import lexical
from app.services.search.lexical import Terms

LOOKED_AT_EVERY_SECONDS = 1.0
# While documents change without a pause, counting all passages anew takes a hundredth of the time.
AT_MOST_A_SHARE = 0.01
MOST_WORDS_KEPT = 20_000
MOST_ORGANIZATIONS_KEPT = 1_000


@dataclass
class Figures:
    """One organization's, as they were at `counted_at`."""

    organization_id: UUID
    mark: Hashable
    passages: int
    average_words: float
    counted_at: float
    seconds_to_count: float
    looked_at: float
    _counts: dict[str, int] = field(default_factory=dict)
    # What stands nowhere may be learned any moment: that is believed until the mark is looked at.
    _nowhere: set[str] = field(default_factory=set)

    def counts(self, terms: Terms) -> dict[str, int]:
        """In how many passages each stem of the question stands."""
        if len(self._counts) > MOST_WORDS_KEPT:
            self._counts.clear()
        known = {stem: self._counts.get(stem, 0) for stem in terms.stems}
        missing = {
            stem: word
            for word, stem in zip(terms.words, terms.stems, strict=True)
            if not known[stem] and stem not in self._nowhere
        }
        if missing:
            found = lexical.counts(self.organization_id, list(missing.values()))
            counted = dict(zip(missing, found, strict=True))
            self._counts |= counted
            self._nowhere |= {stem for stem, count in counted.items() if not count}
            known |= counted
        return known

    def look_again(self) -> None:
        """The mark is read now, and what stood nowhere is counted when it is next asked for."""
        self.looked_at = time.monotonic()
        self._nowhere.clear()

    @property
    def may_be_counted_anew(self) -> bool:
        age = time.monotonic() - self.counted_at
        return not self.passages or self.seconds_to_count <= age * AT_MOST_A_SHARE


def figures_of(organization_id: UUID) -> Figures:
    kept: Kept[UUID, Figures] = current_app.extensions.setdefault(
        "search_figures", Kept(MOST_ORGANIZATIONS_KEPT)
    )
    figures = kept.get(organization_id)
    if figures and figures.passages:
        if time.monotonic() - figures.looked_at < LOOKED_AT_EVERY_SECONDS:
            return figures
        figures.look_again()
        if not figures.may_be_counted_anew or _mark(organization_id) == figures.mark:
            return figures
    # The mark is read first: what changes in between is then counted twice, and never missed.
    figures = _counted(organization_id, _mark(organization_id))
    kept.put(organization_id, figures)
    return figures


def _mark(organization_id: UUID) -> Hashable:
    """Changes whenever a document begins to answer, answers anew, or is removed."""
    query = select(
        func.count(), func.sum(Document.live_version), func.max(Document.learned_at)
    ).where(Document.organization_id == organization_id, Document.live_version > 0)
    return tuple(db.session.execute(query).one())


def _counted(organization_id: UUID, mark: Hashable) -> Figures:
    began = time.monotonic()
    query = select(func.count(), func.avg(Passage.words)).where(
        Passage.organization_id == organization_id, Passage.live
    )
    count, average = db.session.execute(query).one()
    now = time.monotonic()
    return Figures(organization_id, mark, int(count), float(average or 1), now, now - began, now)

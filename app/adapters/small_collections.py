"""Small collections of vectors, whole and in memory: comparing with all of one is soonest done.

Asking an index of Chroma's takes a native thread, a query in SQL and a walk through a graph. For a
thousand vectors a product of matrices takes a fiftieth of that, and misses none of them.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from app.kept import Kept

if TYPE_CHECKING:
    from app.adapters.embeddings import Vectors

# 1.5 MB with MiniLM. A product of much larger matrices would also wait for threads of its own.
MOST_VECTORS = 1_000
MOST_COLLECTIONS = 20
# While documents are learned, a collection changes several times a second.
SETTLED_SECONDS = 5.0


@dataclass(frozen=True)
class Whole:
    """All of a collection; nothing, where it is empty or too large to be held."""

    space: str
    ids: Sequence[UUID] = ()
    vectors: Vectors | None = None


class SmallCollections:
    """One an organization, read when it is first asked and forgotten when it changes.

    Only for a store that no other process changes. Whoever changes it says so when that is done.
    """

    def __init__(self, settled_seconds: float = SETTLED_SECONDS) -> None:
        self._settled_seconds = settled_seconds
        self._held: Kept[UUID, Whole] = Kept(MOST_COLLECTIONS)
        self._changed_at: Kept[UUID, float] = Kept(1_000)
        self._changes = 0

    def changed(self, organization_id: UUID) -> None:
        """What is being read now may be from before this: it is not held either."""
        self._changes += 1
        self._changed_at.put(organization_id, time.monotonic())
        self._held.remove(organization_id)

    def nearest(
        self,
        organization_id: UUID,
        space: str,
        vector: Vectors,
        limit: int,
        read: Callable[[], Whole],
    ) -> dict[UUID, float] | None:
        """The nearest ids with their cosine, or None where the store itself has to be asked."""
        whole = self._held.get(organization_id)
        if whole is None or whole.space != space:
            whole = self._read(organization_id, read)
        if whole is None or whole.vectors is None:
            return None
        cosines = whole.vectors @ vector
        order = (-cosines).argsort(kind="stable")[:limit]
        return {whole.ids[place]: float(cosines[place]) for place in order}

    def _read(self, organization_id: UUID, read: Callable[[], Whole]) -> Whole | None:
        changed_at = self._changed_at.get(organization_id)
        if changed_at is not None and time.monotonic() - changed_at < self._settled_seconds:
            return None
        changes = self._changes
        whole = read()
        if changes != self._changes:
            return None
        self._held.put(organization_id, whole)
        return whole

"""Where vectors are kept: one collection an organization and embedding space."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

if TYPE_CHECKING:
    from app.adapters.embeddings import Vectors


class VectorStore(Protocol):
    """`space` names what made the vectors: those of different spaces are never compared."""

    def put(self, organization_id: UUID, space: str, ids: Sequence[UUID], vectors: Vectors) -> None:
        """Keep these vectors; an id that is there is overwritten."""

    def nearest(
        self, organization_id: UUID, space: str, vector: Vectors, limit: int
    ) -> dict[UUID, float]:
        """The ids closest to the vector with their cosine, the closest first."""

    def similarities(
        self, organization_id: UUID, space: str, vector: Vectors, ids: Sequence[UUID]
    ) -> dict[UUID, float]:
        """The cosine of each of these ids that has a vector."""

    def ids(self, organization_id: UUID, space: str) -> set[UUID]:
        """Every id that has a vector."""

    def remove(self, organization_id: UUID, ids: Sequence[UUID]) -> None:
        """Forget these ids in every space of the organization."""

    def drop(self, organization_id: UUID, *, keep: str | None = None) -> None:
        """Forget every space of the organization but this one."""

    def check(self) -> str:
        """A word on its state, or ProviderError. Never loads the store to find out."""


def collection_name(organization_id: UUID, space: str) -> str:
    """Derived here and nowhere else: no caller's text ever names a collection."""
    return f"{collection_prefix(organization_id)}{hashlib.sha256(space.encode()).hexdigest()[:12]}"


def collection_prefix(organization_id: UUID) -> str:
    return f"org-{organization_id.hex}-"

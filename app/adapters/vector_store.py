"""Where vectors are kept: Chroma, one collection an organization and embedding space.

Vectors always come from us. Chroma is never given a text, since it would then build whatever
embedding function a stored collection names.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit
from uuid import UUID

import httpx2

from app.adapters.native_work import run_natively
from app.errors import ProviderError

if TYPE_CHECKING:
    from app.adapters.embeddings import Vectors

CHECK_SECONDS = 2.0
LISTED_AT_ONCE = 5_000


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
    return f"{_prefix(organization_id)}{hashlib.sha256(space.encode()).hexdigest()[:12]}"


def _prefix(organization_id: UUID) -> str:
    return f"org-{organization_id.hex}-"


class Chroma:
    """The part that is the same for a folder of our own and for a server."""

    def __init__(self) -> None:
        self._client: Any = None
        self._opening = Lock()

    def put(self, organization_id: UUID, space: str, ids: Sequence[UUID], vectors: Vectors) -> None:
        with _failures(), self._collection(organization_id, space) as collection:
            names = [str(each) for each in ids]
            run_natively(collection.upsert, ids=names, embeddings=vectors)

    def nearest(
        self, organization_id: UUID, space: str, vector: Vectors, limit: int
    ) -> dict[UUID, float]:
        with _failures(), self._collection(organization_id, space) as collection:
            found = run_natively(
                collection.query,
                query_embeddings=[vector],
                n_results=limit,
                include=["distances"],
            )
        pairs = zip(found["ids"][0], found["distances"][0], strict=True)
        return {UUID(name): 1.0 - float(distance) for name, distance in pairs}

    def similarities(
        self, organization_id: UUID, space: str, vector: Vectors, ids: Sequence[UUID]
    ) -> dict[UUID, float]:
        if not ids:
            return {}
        with _failures(), self._collection(organization_id, space) as collection:
            names = [str(each) for each in ids]
            found = run_natively(collection.get, ids=names, include=["embeddings"])
        vectors = found["embeddings"]
        if not found["ids"]:
            return {}
        cosines = vectors @ vector
        return {UUID(name): float(c) for name, c in zip(found["ids"], cosines, strict=True)}

    def ids(self, organization_id: UUID, space: str) -> set[UUID]:
        known: set[UUID] = set()
        with _failures(), self._collection(organization_id, space) as collection:
            while True:
                part = run_natively(
                    collection.get, limit=LISTED_AT_ONCE, offset=len(known), include=[]
                )["ids"]
                known.update(map(UUID, part))
                if len(part) < LISTED_AT_ONCE:
                    return known

    def remove(self, organization_id: UUID, ids: Sequence[UUID]) -> None:
        with _failures():
            for name in self._collections_of(organization_id):
                collection = self._opened().get_collection(name, embedding_function=None)
                run_natively(collection.delete, ids=[str(each) for each in ids])

    def drop(self, organization_id: UUID, *, keep: str | None = None) -> None:
        kept = collection_name(organization_id, keep) if keep else None
        with _failures():
            for name in self._collections_of(organization_id):
                if name != kept:
                    run_natively(self._opened().delete_collection, name)

    @contextmanager
    def _collection(self, organization_id: UUID, space: str) -> Iterator[Any]:
        yield run_natively(
            self._opened().get_or_create_collection,
            collection_name(organization_id, space),
            embedding_function=None,
            configuration={"hnsw": {"space": "cosine"}},
        )

    def _collections_of(self, organization_id: UUID) -> list[str]:
        listed = run_natively(self._opened().list_collections)
        names = [str(getattr(each, "name", each)) for each in listed]
        return [name for name in names if name.startswith(_prefix(organization_id))]

    def _opened(self) -> Any:
        with self._opening:
            if self._client is None:
                self._client = self._open()
        return self._client

    def _open(self) -> Any:
        raise NotImplementedError


class EmbeddedChroma(Chroma):
    """A folder of this process. No second process may open it."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder

    def check(self) -> str:
        if self._client is None:
            return "embedded, opens when first needed"
        return f"embedded, {self._client.count_collections()} collections"

    def _open(self) -> Any:
        from chromadb import PersistentClient
        from chromadb.config import Settings

        self._folder.mkdir(parents=True, exist_ok=True)
        return PersistentClient(self._folder, settings=Settings(anonymized_telemetry=False))


class ChromaServer(Chroma):
    """A server of one's own. It has no login: only the app may reach it."""

    def __init__(self, url: str) -> None:
        super().__init__()
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError("CHROMA_URL must begin with http:// or https://.")
        self._url = url.rstrip("/")
        self._host = parts.hostname
        self._secure = parts.scheme == "https"
        self._port = parts.port or (443 if self._secure else 80)

    def check(self) -> str:
        try:
            httpx2.get(f"{self._url}/api/v2/heartbeat", timeout=CHECK_SECONDS).raise_for_status()
        except httpx2.HTTPError as error:
            raise ProviderError(f"The Chroma server does not answer: {error}") from error
        return "server answers"

    def _open(self) -> Any:
        from chromadb import HttpClient
        from chromadb.config import Settings

        return HttpClient(
            self._host,
            self._port,
            ssl=self._secure,
            settings=Settings(anonymized_telemetry=False),
        )


@contextmanager
def _failures() -> Iterator[None]:
    """Chroma raises many kinds; to us they are one: the store does not answer just now."""
    try:
        yield
    except Exception as error:
        raise ProviderError(f"The vector store failed: {error}") from error

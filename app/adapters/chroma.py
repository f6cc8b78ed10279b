"""Chroma: one collection an organization and space; here with a folder of our own.

Vectors always come from us. Chroma is never given a text, since it would then build whatever
embedding function a stored collection names.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from app.adapters.folder_lock import FolderInUse, FolderLock, lock_folder
from app.adapters.native_work import run_natively
from app.adapters.small_collections import MOST_VECTORS, SmallCollections, Whole
from app.adapters.vector_store import collection_name, collection_prefix
from app.errors import ProviderError
from app.kept import Kept

if TYPE_CHECKING:
    from app.adapters.embeddings import Vectors

T = TypeVar("T")
LISTED_AT_ONCE = 5_000
# Chroma holds everybody up while it removes: 200 ms for three thousand vectors.
REMOVED_AT_ONCE = 50
COLLECTIONS_KEPT = 1_000
# 1.5 KB each with MiniLM.
VECTORS_KEPT = 20_000
IN_USE = (
    "The vectors are in use by another process: the server is running. Stop it first, or give "
    "both a Chroma server (CHROMA_URL)."
)


class Chroma(ABC):
    """The part that is the same for a folder of our own and for a server.

    Collections and vectors are remembered. That is safe: the vector of an id never changes within
    a space, whether an id still answers is the database's affair, and a collection that somebody
    dropped and made again has an id of its own.
    """

    def __init__(self) -> None:
        self._client: Any = None
        self._opening = Lock()
        self._collections: Kept[str, Any] = Kept(COLLECTIONS_KEPT)
        self._vectors: Kept[tuple[UUID, UUID], Vectors] = Kept(VECTORS_KEPT)

    def put(self, organization_id: UUID, space: str, ids: Sequence[UUID], vectors: Vectors) -> None:
        def put(collection: Any) -> None:
            collection.upsert(ids=[str(each) for each in ids], embeddings=vectors)
            self._forget(collection, ids)

        self._ask(organization_id, space, put)

    def nearest(
        self, organization_id: UUID, space: str, vector: Vectors, limit: int
    ) -> dict[UUID, float]:
        def nearest(collection: Any) -> dict[UUID, float]:
            found = collection.query(
                query_embeddings=[vector], n_results=limit, include=["distances"]
            )
            pairs = zip(found["ids"][0], found["distances"][0], strict=True)
            return {UUID(name): 1.0 - float(distance) for name, distance in pairs}

        return self._ask(organization_id, space, nearest)

    def similarities(
        self, organization_id: UUID, space: str, vector: Vectors, ids: Sequence[UUID]
    ) -> dict[UUID, float]:
        known, missing = self._recall(organization_id, space, ids)
        if missing:
            known |= self._ask(organization_id, space, lambda each: self._read(each, missing))
        if not known:
            return {}
        import numpy

        cosines = numpy.stack(list(known.values())) @ vector
        return dict(zip(known, cosines.tolist(), strict=True))

    def ids(self, organization_id: UUID, space: str) -> set[UUID]:
        return self._ask(organization_id, space, _ids)

    def remove(self, organization_id: UUID, ids: Sequence[UUID]) -> None:
        def remove(name: str, part: Sequence[UUID]) -> None:
            collection = self._client.get_collection(name, embedding_function=None)
            collection.delete(ids=[str(each) for each in part])
            self._forget(collection, part)

        with failures():
            for name in self._collections_of(organization_id):
                for start in range(0, len(ids), REMOVED_AT_ONCE):
                    self._work(partial(remove, name, ids[start : start + REMOVED_AT_ONCE]))

    def drop(self, organization_id: UUID, *, keep: str | None = None) -> None:
        kept = collection_name(organization_id, keep) if keep else None
        with failures():
            for name in self._collections_of(organization_id):
                if name != kept:
                    self._collections.remove(name)
                    self._work(partial(self._client.delete_collection, name))

    def _ask(self, organization_id: UUID, space: str, ask: Callable[[Any], T]) -> T:
        """Ask a collection. One that another worker has dropped is opened, or made, anew."""
        name = collection_name(organization_id, space)
        known = self._collections.get(name)
        with failures():
            if known is not None:
                try:
                    return self._work(lambda: ask(known))
                except Exception as error:
                    self._collections.remove(name)
                    if not _says_gone(error):
                        raise
            self._opened()
            return self._work(lambda: ask(self._open_collection(name)))

    def _open_collection(self, name: str) -> Any:
        collection = self._client.get_or_create_collection(
            name, embedding_function=None, configuration={"hnsw": {"space": "cosine"}}
        )
        self._collections.put(name, collection)
        return collection

    def _recall(
        self, organization_id: UUID, space: str, ids: Sequence[UUID]
    ) -> tuple[dict[UUID, Vectors], list[UUID]]:
        collection = self._collections.get(collection_name(organization_id, space))
        if collection is None:
            return {}, list(ids)
        held = {each: self._vectors.get((collection.id, each)) for each in ids}
        known = {each: vector for each, vector in held.items() if vector is not None}
        return known, [each for each in ids if each not in known]

    def _read(self, collection: Any, ids: Sequence[UUID]) -> dict[UUID, Vectors]:
        found = collection.get(ids=[str(each) for each in ids], include=["embeddings"])
        if not found["ids"]:
            return {}
        # Copied one by one: a row of a table keeps the whole table in memory. Chroma doubles the
        # precision that it was given.
        rows = (row.astype("float32") for row in found["embeddings"])
        vectors = dict(zip(map(UUID, found["ids"]), rows, strict=True))
        for each, vector in vectors.items():
            self._vectors.put((collection.id, each), vector)
        return vectors

    def _forget(self, collection: Any, ids: Sequence[UUID]) -> None:
        for each in ids:
            self._vectors.remove((collection.id, each))

    def _collections_of(self, organization_id: UUID) -> list[str]:
        self._opened()
        listed = self._work(self._client.list_collections)
        names = [str(getattr(each, "name", each)) for each in listed]
        return [name for name in names if name.startswith(collection_prefix(organization_id))]

    def _opened(self) -> None:
        with self._opening:
            if self._client is None:
                self._client = self._open()

    @abstractmethod
    def _open(self) -> Any:
        """The client of the library."""

    @abstractmethod
    def _work(self, work: Callable[[], T]) -> T:
        """Do what the library does, where it holds nobody up."""


class EmbeddedChroma(Chroma):
    """A folder of this process. No second process may open it: neither would see the other's.

    So whatever changes goes through here, and what is small is compared in memory.
    """

    def __init__(self, folder: Path, small: SmallCollections | None = None) -> None:
        super().__init__()
        self._folder = folder
        self._lock: FolderLock | None = None
        self._small = small or SmallCollections()

    def put(self, organization_id: UUID, space: str, ids: Sequence[UUID], vectors: Vectors) -> None:
        with self._changing(organization_id):
            super().put(organization_id, space, ids, vectors)

    def nearest(
        self, organization_id: UUID, space: str, vector: Vectors, limit: int
    ) -> dict[UUID, float]:
        def read() -> Whole:
            return self._ask(organization_id, space, lambda each: _whole(each, space))

        found = self._small.nearest(organization_id, space, vector, limit, read)
        return super().nearest(organization_id, space, vector, limit) if found is None else found

    def remove(self, organization_id: UUID, ids: Sequence[UUID]) -> None:
        with self._changing(organization_id):
            super().remove(organization_id, ids)

    def drop(self, organization_id: UUID, *, keep: str | None = None) -> None:
        with self._changing(organization_id):
            super().drop(organization_id, keep=keep)

    def check(self) -> str:
        if self._client is None:
            return "embedded, opens when first needed"
        with failures():
            count = self._work(self._client.count_collections)
        return f"embedded, {count} collections"

    def _open(self) -> Any:
        try:
            self._lock = lock_folder(self._folder)
        except FolderInUse:
            raise ProviderError(IN_USE) from None
        return self._work(self._open_folder)

    def _open_folder(self) -> Any:
        from chromadb import PersistentClient
        from chromadb.config import Settings

        return PersistentClient(self._folder, settings=Settings(anonymized_telemetry=False))

    @contextmanager
    def _changing(self, organization_id: UUID) -> Iterator[None]:
        """Also what failed may have changed something."""
        try:
            yield
        finally:
            self._small.changed(organization_id)

    def _work(self, work: Callable[[], T]) -> T:
        """Chroma's own part is native and would hold up everybody."""
        return run_natively(work)


@contextmanager
def failures() -> Iterator[None]:
    """Chroma raises many kinds; to us they are one: the store does not answer just now."""
    try:
        yield
    except ProviderError:
        raise
    except Exception as error:
        raise ProviderError(f"The vector store failed: {error}") from error


def _whole(collection: Any, space: str) -> Whole:
    if not 0 < collection.count() <= MOST_VECTORS:
        return Whole(space)
    found = collection.get(include=["embeddings"])
    return Whole(space, list(map(UUID, found["ids"])), found["embeddings"].astype("float32"))


def _ids(collection: Any) -> set[UUID]:
    known: set[UUID] = set()
    while True:
        part = collection.get(limit=LISTED_AT_ONCE, offset=len(known), include=[])["ids"]
        known.update(map(UUID, part))
        if len(part) < LISTED_AT_ONCE:
            return known


def _says_gone(error: Exception) -> bool:
    from chromadb.errors import NotFoundError

    return isinstance(error, NotFoundError)

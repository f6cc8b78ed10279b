"""Small collections held in memory say what the store would say."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import numpy
import pytest

from app.adapters.chroma import EmbeddedChroma
from app.adapters.small_collections import MOST_VECTORS, SmallCollections, Whole

SPACE = "a model"
SAMPLES = 20


class Counting(SmallCollections):
    """Says how often a collection was read whole, and how often the store had to be asked."""

    def __init__(self, settled_seconds: float = 0.0) -> None:
        super().__init__(settled_seconds)
        self.from_memory = self.from_store = 0

    def nearest(self, *asked: Any) -> dict[UUID, float] | None:
        found = super().nearest(*asked)
        self.from_store += found is None
        self.from_memory += found is not None
        return found


def vectors(count: int) -> numpy.typing.NDArray[numpy.float32]:
    made = numpy.random.default_rng(count).normal(size=(count, 24)).astype(numpy.float32)
    unit: numpy.typing.NDArray[numpy.float32] = made / numpy.linalg.norm(made, axis=1)[:, None]
    return unit


def filled(folder: Path, small: SmallCollections, count: int) -> tuple[EmbeddedChroma, UUID]:
    store, owner = EmbeddedChroma(folder, small), uuid4()
    store.put(owner, SPACE, [uuid4() for _ in range(count)], vectors(count))
    return store, owner


def test_memory_and_store_agree_about_what_is_nearest_and_how_near(tmp_path: Path) -> None:
    small = Counting()
    store, owner = filled(tmp_path, small, 200)
    for wanted in vectors(SAMPLES):
        held = store.nearest(owner, SPACE, wanted, 10)
        asked = super(EmbeddedChroma, store).nearest(owner, SPACE, wanted, 10)
        assert list(held) == list(asked)
        assert list(held.values()) == pytest.approx(list(asked.values()), abs=1e-5)
    assert (small.from_memory, small.from_store) == (SAMPLES, 0)


def test_what_changes_is_read_again(tmp_path: Path) -> None:
    small = Counting()
    store, owner = filled(tmp_path, small, 3)
    [wanted] = vectors(1)
    added = uuid4()
    assert added not in store.nearest(owner, SPACE, wanted, 5)
    store.put(owner, SPACE, [added], vectors(1))
    assert next(iter(store.nearest(owner, SPACE, wanted, 5))) == added
    store.remove(owner, [added])
    assert added not in store.nearest(owner, SPACE, wanted, 5)
    store.drop(owner)
    assert store.nearest(owner, SPACE, wanted, 5) == {}


def test_nothing_is_held_while_documents_are_being_learned(tmp_path: Path) -> None:
    small = Counting(settled_seconds=60.0)
    store, owner = filled(tmp_path, small, 3)
    assert len(store.nearest(owner, SPACE, vectors(1)[0], 5)) == 3
    assert (small.from_memory, small.from_store) == (0, 1)


def test_a_large_collection_is_left_to_the_store(tmp_path: Path) -> None:
    small = Counting()
    store, owner = filled(tmp_path, small, MOST_VECTORS + 1)
    for wanted in vectors(2):
        assert len(store.nearest(owner, SPACE, wanted, 5)) == 5
    assert (small.from_memory, small.from_store) == (0, 2)


def test_what_changed_while_it_was_read_is_not_held() -> None:
    small, owner, old, new = SmallCollections(0.0), uuid4(), uuid4(), uuid4()
    [wanted] = vectors(1)

    def overtaken() -> Whole:
        small.changed(owner)
        return Whole(SPACE, [old], vectors(1))

    assert small.nearest(owner, SPACE, wanted, 1, overtaken) is None
    found = small.nearest(owner, SPACE, wanted, 1, lambda: Whole(SPACE, [new], vectors(1)))
    assert found is not None
    assert list(found) == [new]


def test_another_space_is_another_collection() -> None:
    small, owner, one, other = SmallCollections(0.0), uuid4(), uuid4(), uuid4()
    [wanted] = vectors(1)
    for space, known in (("one", one), ("other", other), ("one", one)):
        read = partial(Whole, space, [known], vectors(1))
        assert list(small.nearest(owner, space, wanted, 1, read) or {}) == [known]


def test_vectors_are_held_as_exactly_as_they_were_given(tmp_path: Path) -> None:
    """Chroma gives them back in twice the precision, and twice the memory."""
    small = SmallCollections(0.0)
    store, owner = filled(tmp_path, small, 3)
    store.nearest(owner, SPACE, vectors(1)[0], 2)
    whole = small._held.get(owner)
    assert whole is not None
    assert whole.vectors is not None
    assert whole.vectors.dtype == numpy.float32

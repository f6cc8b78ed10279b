"""The vectors of what people write, kept for a while.

The same text is read for its sentiment and for the search, and suggested questions are asked again
and again.
"""

from __future__ import annotations

import hashlib
from threading import Event, Thread
from typing import TYPE_CHECKING, cast

import structlog
from flask import Flask, current_app

from app.adapters import adapters
from app.adapters.embeddings import Embeddings
from app.adapters.native_work import runs_under_gevent
from app.errors import ProviderError
from app.kept import Kept

if TYPE_CHECKING:
    from app.adapters.embeddings import Vectors

log = structlog.get_logger(__name__)
MOST_KEPT = 2_000


Key = tuple[str, bytes]


def foresee(text: str) -> None:
    """Begin with a vector that is asked for in a moment: what is done until then hides its time.

    Where threads are no greenlets, one for each message would cost more than it saves.
    """
    model = adapters.embeddings
    if not runs_under_gevent() or not model.available:
        return
    key = _key(model, text)
    if _kept().get(key) is None and key not in _on_their_way():
        _on_their_way()[key] = Event()
        app = cast(Flask, current_app._get_current_object())  # type: ignore[attr-defined]
        Thread(target=_read_ahead, args=(app, model, text), name="foreseen", daemon=True).start()


def question_vector(text: str) -> Vectors | None:
    """The vector of a text by the model in use; nothing where there is no model, or it fails."""
    return vector_by(adapters.embeddings, text)


def vector_by(model: Embeddings, text: str) -> Vectors | None:
    """The same by a certain model. The vector is shared: nobody may write to it."""
    if not model.available:
        return None
    key = _key(model, text)
    if arrival := _on_their_way().get(key):
        arrival.wait()
        return _kept().get(key)
    vector = _kept().get(key)
    return _read(model, text) if vector is None else vector


def _read_ahead(app: Flask, model: Embeddings, text: str) -> None:
    with app.app_context():
        try:
            _read(model, text)
        finally:
            _on_their_way().pop(_key(model, text)).set()


def _read(model: Embeddings, text: str) -> Vectors | None:
    try:
        vector: Vectors = model.embed([text], hurry=True)[0]
    except ProviderError as error:
        log.warning("question_without_vector", reason=str(error))
        return None
    _kept().put(_key(model, text), vector)
    return vector


def _key(model: Embeddings, text: str) -> Key:
    """No text is kept, however long it is: only what can be told from it."""
    return model.name, hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=16).digest()


def _kept() -> Kept[Key, Vectors]:
    kept: Kept[Key, Vectors] = current_app.extensions.setdefault(
        "question_vectors", Kept(MOST_KEPT)
    )
    return kept


def _on_their_way() -> dict[Key, Event]:
    arrivals: dict[Key, Event] = current_app.extensions.setdefault("vectors_on_their_way", {})
    return arrivals

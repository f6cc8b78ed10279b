"""The vectors of what people write, kept for a while.

The same text is read for its sentiment and for the search, and suggested questions are asked again
and again.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import structlog
from flask import current_app

from app.adapters import adapters
from app.adapters.embeddings import Embeddings
from app.errors import ProviderError
from app.kept import Kept

if TYPE_CHECKING:
    from app.adapters.embeddings import Vectors

log = structlog.get_logger(__name__)
MOST_KEPT = 2_000


def question_vector(text: str) -> Vectors | None:
    """The vector of a text by the model in use; nothing where there is no model, or it fails."""
    return vector_by(adapters.embeddings, text)


def vector_by(model: Embeddings, text: str) -> Vectors | None:
    """The same by a certain model. The vector is shared: nobody may write to it."""
    if not model.available:
        return None
    kept: Kept[tuple[str, bytes], Vectors] = current_app.extensions.setdefault(
        "question_vectors", Kept(MOST_KEPT)
    )
    # No text is kept, however long it is: only what can be told from it.
    key = model.name, hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=16).digest()
    vector = kept.get(key)
    if vector is None:
        try:
            vector = model.embed([text], hurry=True)[0]
        except ProviderError as error:
            log.warning("question_without_vector", reason=str(error))
            return None
        kept.put(key, vector)
    return vector

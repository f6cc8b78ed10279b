"""Vectors from any endpoint that speaks OpenAI's protocol."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from threading import Lock
from typing import TYPE_CHECKING, Any

from app.adapters.embeddings import EmbeddingFailed, NoEmbeddings

if TYPE_CHECKING:
    from app.adapters.embeddings import Vectors

DIMENSIONS = {
    "text-embedding-3-small": 1536,
    "text-embedding-3-large": 3072,
    "text-embedding-ada-002": 1536,
}
LONGEST_NAME = 80
AT_ONCE = 64
SECONDS = 30.0
CONNECT_SECONDS = 3.0
# The client waits between tries with jitter, and as long as a rate limit asks for.
MOST_RETRIES = 4


class OpenAIEmbeddings:
    """`base_url` may name another provider; vectors of different ones are never compared."""

    max_tokens = 8_000
    available = True

    def __init__(
        self,
        api_key: str,
        model: str,
        base_url: str = "",
        *,
        seconds: float = SECONDS,
        retries: int = MOST_RETRIES,
    ) -> None:
        self._api_key = api_key
        self._model = model
        self._base_url = base_url
        self._seconds = seconds
        self._retries = retries
        self._client: Any = None
        self._opening = Lock()
        self._counter = NoEmbeddings()

    @property
    def name(self) -> str:
        host = self._base_url.split("://", 1)[-1].rstrip("/") or "openai"
        whole = f"{host}:{self._model}"
        if len(whole) <= LONGEST_NAME:
            return whole
        # Two that begin alike must not be taken for one.
        return f"{whole[:60]}-{hashlib.sha256(whole.encode()).hexdigest()[:16]}"

    @property
    def dimension(self) -> int:
        return DIMENSIONS.get(self._model, 0)

    def embed(self, texts: Sequence[str]) -> Vectors:
        import numpy

        if not texts:
            return numpy.empty((0, self.dimension), numpy.float32)
        rows: list[Any] = []
        for start in range(0, len(texts), AT_ONCE):
            # An empty input is refused by the endpoint; a space has a vector like any other text.
            part = [text or " " for text in texts[start : start + AT_ONCE]]
            rows.extend(self._ask(part))
        vectors = numpy.asarray(rows, dtype=numpy.float32).reshape(len(texts), -1)
        lengths = numpy.linalg.norm(vectors, axis=1, keepdims=True)
        unit: Vectors = vectors / numpy.maximum(lengths, 1e-9)
        return unit

    def count_tokens(self, text: str) -> int:
        return self._counter.count_tokens(text)

    def _ask(self, texts: list[str]) -> list[list[float]]:
        from openai import APIConnectionError, APIStatusError, OpenAIError

        try:
            answer = self._opened().embeddings.create(
                model=self._model, input=texts, encoding_format="float"
            )
        except APIStatusError as error:
            permanent = 400 <= error.status_code < 500 and error.status_code not in {408, 409, 429}
            words = f"The embedding provider answered {error.status_code}."
            raise EmbeddingFailed(words, permanent=permanent) from error
        except APIConnectionError as error:
            raise EmbeddingFailed("The embedding provider does not answer.") from error
        except (OpenAIError, ValueError) as error:
            # What is no JSON, or holds no vectors, comes as a ValueError.
            raise EmbeddingFailed(f"The embedding provider failed: {error}") from error
        ordered = sorted(answer.data or (), key=lambda item: item.index)
        if len(ordered) != len(texts):
            raise EmbeddingFailed("The embedding provider left some texts out.")
        vectors = [item.embedding for item in ordered]
        if len({len(vector) for vector in vectors}) != 1:
            raise EmbeddingFailed("The embedding provider gave vectors of different lengths.")
        return vectors

    def _opened(self) -> Any:
        with self._opening:
            if self._client is None:
                from openai import OpenAI, Timeout

                self._client = OpenAI(
                    api_key=self._api_key,
                    base_url=self._base_url or None,
                    timeout=Timeout(self._seconds, connect=CONNECT_SECONDS),
                    max_retries=self._retries,
                )
        return self._client

"""Vectors from any endpoint that speaks OpenAI's protocol."""

from __future__ import annotations

import hashlib
import random
import time
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
# For a question, which is then answered from its words alone.
HURRIED_SECONDS = 5.0
HURRIED_PAUSE_SECONDS = (0.1, 0.4)


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
        hurried_seconds: float = HURRIED_SECONDS,
    ) -> None:
        self._api_key = api_key
        self._model = model
        self._base_url = base_url
        self._seconds = seconds
        self._retries = retries
        self._hurried_seconds = hurried_seconds
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

    def embed(self, texts: Sequence[str], *, hurry: bool = False) -> Vectors:
        import numpy

        if not texts:
            return numpy.empty((0, self.dimension), numpy.float32)
        rows: list[Any] = []
        for start in range(0, len(texts), AT_ONCE):
            # An empty input is refused by the endpoint; a space has a vector like any other text.
            part = [text or " " for text in texts[start : start + AT_ONCE]]
            rows.extend(self._ask_in_a_hurry(part) if hurry else self._ask(self._opened(), part))
        vectors = numpy.asarray(rows, dtype=numpy.float32).reshape(len(texts), -1)
        lengths = numpy.linalg.norm(vectors, axis=1, keepdims=True)
        unit: Vectors = vectors / numpy.maximum(lengths, 1e-9)
        return unit

    def count_tokens(self, text: str) -> int:
        return self._counter.count_tokens(text)

    def _ask_in_a_hurry(self, texts: list[str]) -> list[list[float]]:
        """Once, and once more if that failed soon enough. A rate limit is not waited for."""
        deadline = time.monotonic() + self._hurried_seconds
        try:
            return self._ask(self._hurried(deadline), texts)
        except EmbeddingFailed as error:
            pause = random.uniform(*HURRIED_PAUSE_SECONDS)  # noqa: S311
            if error.permanent or time.monotonic() + 2 * pause > deadline:
                raise
            time.sleep(pause)
        return self._ask(self._hurried(deadline), texts)

    def _hurried(self, deadline: float) -> Any:
        from openai import Timeout

        left = max(deadline - time.monotonic(), 0.01)
        timeout = Timeout(left, connect=min(left, CONNECT_SECONDS))
        return self._opened().with_options(timeout=timeout, max_retries=0)

    def _ask(self, client: Any, texts: list[str]) -> list[list[float]]:
        from openai import APIConnectionError, APIStatusError, OpenAIError

        try:
            answer = client.embeddings.create(
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

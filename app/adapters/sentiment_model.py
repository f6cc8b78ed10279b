"""How a message sounds: negative, neutral or positive, and whether its writer is angry."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from app.adapters import sentiment_head, sentiment_lexicon
from app.adapters.embeddings import EmbeddingFailed, Embeddings

if TYPE_CHECKING:
    from app.adapters.embeddings import Vectors

WEIGHTS = Path(__file__).with_name("sentiment_head.json")
log = logging.getLogger(__name__)


class Label(StrEnum):
    NEGATIVE = "negative"
    NEUTRAL = "neutral"
    POSITIVE = "positive"


LABELS = tuple(Label)


@dataclass(frozen=True)
class Impression:
    """What one model makes of one message."""

    label: Label
    # From -1, surely negative, to 1, surely positive.
    score: float
    # From 0 to 1. Bad news told calmly is negative without being angry.
    anger: float
    read_by: str


class SentimentModel(Protocol):
    """The contract of every provider. `read` answers for any text, and never fails."""

    @property
    def name(self) -> str: ...

    def read(self, text: str, vector: Vectors | None = None) -> Impression:
        """`vector` is the embedding of the text, where the caller has it already."""


class LexiconSentiment:
    """By the words alone: a dictionary and the phrases of support, weighed by regression."""

    name = "lexicon"

    def read(self, text: str, vector: Vectors | None = None) -> Impression:
        found = sentiment_lexicon.figures(text)
        return impression(*sentiment_head.by_words(WEIGHTS, found), self.name)


class HeadSentiment:
    """By the meaning too: a regression over the embedding and the lexicon's figures."""

    name = "head"

    def __init__(self, embeddings: Embeddings, weights: Path = WEIGHTS) -> None:
        self._embeddings = embeddings
        self._weights = weights
        self._words = LexiconSentiment()
        self._warned = False

    @staticmethod
    def fits(embeddings: Embeddings, weights: Path = WEIGHTS) -> bool:
        """Whether the weights were made for these vectors."""
        return embeddings.available and embeddings.name == sentiment_head.embedding_of(weights)

    def read(self, text: str, vector: Vectors | None = None) -> Impression:
        if not text.strip():
            return self._words.read(text)
        try:
            meaning = self._meaning(text, vector)
            found = sentiment_lexicon.figures(text)
            return impression(*sentiment_head.by_meaning(self._weights, found, meaning), self.name)
        except (EmbeddingFailed, sentiment_head.Misfit) as reason:
            self._warn_once(reason)
            return self._words.read(text)

    def _meaning(self, text: str, vector: Vectors | None) -> Vectors:
        """Of the text without handles and links, which is nearly always the text itself."""
        plain = sentiment_lexicon.plain(text)
        if vector is not None and (plain == text or not self._embeddings.available):
            return vector
        meaning: Vectors = self._embeddings.embed([plain], hurry=True)[0]
        return meaning

    def _warn_once(self, reason: Exception) -> None:
        if not self._warned:
            log.warning("Moods are read by words alone: %s", reason)
            self._warned = True


def impression(probabilities: tuple[float, ...], anger: float, read_by: str) -> Impression:
    """From the probabilities of LABELS."""
    likeliest = max(range(len(LABELS)), key=probabilities.__getitem__)
    score = probabilities[2] - probabilities[0]
    return Impression(LABELS[likeliest], round(score, 4), round(anger, 4), read_by)

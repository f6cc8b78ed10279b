"""The regression itself: a small file of weights, made by `scripts/train_sentiment.py`."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.adapters import sentiment_lexicon

if TYPE_CHECKING:
    from app.adapters.embeddings import Vectors

# Negative, neutral and positive compete; calm and angry are asked for apart.
MOODS = 3


class Misfit(Exception):
    """The weights are of another embedding or of other figures than those at hand."""


@dataclass(frozen=True)
class Weights:
    """Logits are bias + figures @ words + vector @ meaning; a column for each outcome."""

    words: list[list[float]]
    bias: list[float]
    meaning: Any = None


def by_words(path: Path, figures: Sequence[float]) -> tuple[tuple[float, ...], float]:
    """The probabilities of the three moods, and of anger."""
    return _outcome(_by_words(path).bias, _products(_by_words(path), figures))


def by_meaning(
    path: Path, figures: Sequence[float], vector: Vectors
) -> tuple[tuple[float, ...], float]:
    """The same, from the embedding too. Raises Misfit for one of another size."""
    weights = _by_meaning(path)
    if vector.shape != weights.meaning.shape[:1]:
        raise Misfit(f"the vector has the shape {vector.shape}, not {weights.meaning.shape[:1]}")
    return _outcome(weights.bias, _products(weights, figures), (vector @ weights.meaning).tolist())


def embedding_of(path: Path) -> str:
    """The name of the embedding that the weights are made for; empty where there are none."""
    try:
        return str(_card(path)["embedding"])
    except (OSError, ValueError, KeyError):
        return ""


def _products(weights: Weights, figures: Sequence[float]) -> list[float]:
    # Most figures of a message are zero, and some thirty products need no numpy.
    sums = [0.0] * len(weights.bias)
    for figure, row in zip(figures, weights.words, strict=True):
        if figure:
            sums = [total + figure * weight for total, weight in zip(sums, row, strict=True)]
    return sums


def _outcome(*parts: Iterable[float]) -> tuple[tuple[float, ...], float]:
    logits = [math.fsum(column) for column in zip(*parts, strict=True)]
    _, angry = softmax(logits[MOODS:])
    return softmax(logits[:MOODS]), angry


def softmax(logits: Sequence[float]) -> tuple[float, ...]:
    highest = max(logits)
    powers = [math.exp(logit - highest) for logit in logits]
    return tuple(power / sum(powers) for power in powers)


@cache
def _by_words(path: Path) -> Weights:
    kept = _card(path)["by_words"]
    return Weights(kept["words"], kept["bias"])


@cache
def _by_meaning(path: Path) -> Weights:
    import numpy

    kept = _card(path)["by_meaning"]
    return Weights(kept["words"], kept["bias"], numpy.array(kept["meaning"], numpy.float32))


def _card(path: Path) -> dict[str, Any]:
    card: dict[str, Any] = json.loads(path.read_text("utf-8"))
    if tuple(card["figures"]) != sentiment_lexicon.NAMES:
        raise Misfit("the figures have changed since the weights were made: train them anew")
    return card

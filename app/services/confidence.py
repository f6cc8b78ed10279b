"""How likely it is that a quoted answer holds what was asked for, from 0 to 1.

The coefficients were fitted by `scripts/fit_quoting.py` on the shipped questions, their articles
and made-up siblings of the products; `flask evaluate` shows how they do.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

# Right enough to be said without a reservation, and too little to be shown at all.
SAID_FROM = 0.4
SHOWN_FROM = 0.08
# What is left where the question names a product that the documents do not know.
ABOUT_ANOTHER = 0.05
# From here on a question has to do with the documents.
ON_TOPIC_FROM = 0.45

RIGHT_WITH_MEANING: dict[str, float] = {
    "": -4.6, "meaning": -0.04, "near": 3.67, "passage": 2.9, "found": 0.31, "coverage": 0.7,
    "share": 0.9, "kind": 0.49, "clash": -3.26, "names": -0.75, "gap": 0.24,
}
RIGHT_BY_WORDS: dict[str, float] = {
    "": -4.24, "passage": 8.63, "found": 0.74, "coverage": 0.01, "share": -0.31, "kind": 0.87,
    "names": -1.12, "gap": 0.42,
}
TOPIC_WITH_MEANING: dict[str, float] = {
    "": -5.47, "meaning": 4.35, "near": 13.3, "passage": -3.99, "found": 1.1, "coverage": 0.88,
}
TOPIC_BY_WORDS: dict[str, float] = {
    "": -1.29, "passage": 3.35, "found": 2.82, "coverage": 0.72,
}


def right(figures: Mapping[str, float]) -> float:
    """Whether the answer is the one that was asked for."""
    return _logistic(RIGHT_WITH_MEANING if "meaning" in figures else RIGHT_BY_WORDS, figures)


def on_topic(figures: Mapping[str, float]) -> float:
    """Whether the documents have to do with the question at all."""
    return _logistic(TOPIC_WITH_MEANING if "meaning" in figures else TOPIC_BY_WORDS, figures)


def _logistic(weights: Mapping[str, float], figures: Mapping[str, float]) -> float:
    total = weights[""] + sum(
        weight * figures.get(name, 0.0) for name, weight in weights.items() if name
    )
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))

"""How likely it is that a quoted answer holds what was asked for, from 0 to 1.

The coefficients were printed by `python -m scripts.fit_quoting`, which fits them on the shipped
questions, on the same ones without the article that answers them, and on some that no article
answers. `flask evaluate` shows how they do.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

# Right enough to be said without a reservation, and too little to be shown at all.
SAID_FROM = 0.4
SHOWN_FROM = 0.08
# What is left where the question names a product that the documents do not know.
ABOUT_ANOTHER = 0.05
# Words that fit this well are shown whatever their meaning seems to be.
SURELY = 0.25
# From here on a question has to do with the documents.
ON_TOPIC_FROM = 0.3

RIGHT_WITH_MEANING: dict[str, float] = {
    "": -4.57,
    "meaning": 0.72,
    "near": 4.21,
    "passage": 2.5,
    "found": -1.09,
    "coverage": 2.46,
    "share": 0.47,
    "kind": 0.46,
    "names": -0.39,
    "gap": 0.22,
    "spelled": 1.0,
}
RIGHT_BY_WORDS: dict[str, float] = {
    "": -4.06,
    "passage": 6.68,
    "found": 0.58,
    "coverage": 0.84,
    "share": 0.12,
    "kind": 0.79,
    "names": -1.15,
    "gap": 0.36,
    "spelled": 1.0,
}
TOPIC_WITH_MEANING: dict[str, float] = {
    "": -5.67,
    "nearest": 7.05,
    "near": 9.54,
    "found": 0.82,
    "spelled": 3.0,
}
TOPIC_BY_WORDS: dict[str, float] = {
    "": -1.36,
    "passage": 4.9,
    "found": 3.18,
    "coverage": -0.67,
    "gap": 0.06,
    "spelled": 3.0,
}


def right(figures: Mapping[str, float]) -> float:
    """Whether the answer is the one that was asked for."""
    return _logistic(RIGHT_WITH_MEANING if "meaning" in figures else RIGHT_BY_WORDS, figures)


def is_worth_showing(likely: float, topic: float) -> bool:
    """Words that fit outweigh a meaning that seems far: short questions often look like that."""
    return likely >= SHOWN_FROM and (topic >= ON_TOPIC_FROM or likely >= SURELY)


def on_topic(figures: Mapping[str, float]) -> float:
    """Whether the documents have to do with the question at all."""
    return _logistic(TOPIC_WITH_MEANING if "meaning" in figures else TOPIC_BY_WORDS, figures)


def _logistic(weights: Mapping[str, float], figures: Mapping[str, float]) -> float:
    total = weights[""] + sum(
        weight * figures.get(name, 0.0) for name, weight in weights.items() if name
    )
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))

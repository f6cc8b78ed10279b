"""Whether a built model says the same as the original."""

from __future__ import annotations

import json
from pathlib import Path

import numpy
from numpy.typing import NDArray

from embedding_model.failure import BuildFailed
from embedding_model.runner import Runner

# Eight sentences and their vectors by the original implementation, in full precision.
REFERENCE = Path(__file__).with_name("reference.json")


def lowest_agreement(model: Path, tokenizer: Path) -> float:
    """The cosine of the sentence that came out worst."""
    reference = json.loads(REFERENCE.read_text("utf-8"))
    runner = Runner(model, tokenizer)
    return min(
        _cosine(runner.outputs(sentence, ["embedding"])[0][0], numpy.array(vector))
        for sentence, vector in zip(reference["sentences"], reference["vectors"], strict=True)
    )


def demand(agreement: float, least: float, what: str) -> None:
    """Refuse a model that would find other things than the original."""
    # Written so that a result that is no number is refused as well.
    if not agreement >= least:
        raise BuildFailed(
            f"The {what} embedding model does not agree with the original on this machine "
            f"(cosine {agreement:.4f}, at least {least} is needed), so it is not used; please "
            "report this with your processor's name; until then search works by words alone."
        )


def _cosine(one: NDArray[numpy.float32], other: NDArray[numpy.float64]) -> float:
    return float(one @ other / (numpy.linalg.norm(one) * numpy.linalg.norm(other)))

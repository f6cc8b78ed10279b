"""Make the weights by which moods are read: `train_sentiment.py`, run in the venv of the project.

Learns from scripts/sentiment_messages.jsonl, messages that we wrote ourselves, each with a label
(negative, neutral, positive), an anger of 0, 0.5 or 1, and its kind. Every trade is left out once
and read by weights that have not seen it; those figures are printed and kept with the weights.
The kinds that are named after their tone are of all trades: they are always learnt from.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from app.adapters import sentiment_lexicon  # noqa: E402
from app.adapters.embeddings import MiniLM  # noqa: E402
from app.adapters.sentiment_model import LABELS, WEIGHTS  # noqa: E402

MESSAGES = ROOT / "scripts" / "sentiment_messages.jsonl"
# Found by leaving trades out: how much each half counts, and how far weights are held back.
MEANING_SCALE = 2.0
WORDS_SCALE = 2.0
HOLD_BACK = {"moods": 0.003, "anger": 0.002}
STEPS = 300
DIGITS = 4
# What each outcome weighs: praise is seldom in support, and half of what sounds like it is irony.
WEIGH = {"moods": (1.0, 1.05, 0.65), "anger": (1.0, 1.0)}
TONES = (
    "asked_with_a_problem",
    "blaming_questions",
    "cold",
    "distress",
    "everyday",
    "feelings",
    "flat_complaints",
    "outbursts",
    "people",
    "plain_requests",
    "polite_complaints",
    "rescued",
    "tongues",
    "turned",
)
# What people say of each other teaches anger; the moods of those who write to a desk are others.
ANGER_ALONE = ("people",)
Matrix: TypeAlias = NDArray[Any]


@dataclass(frozen=True)
class Examples:
    words: Matrix
    meaning: Matrix
    moods: Matrix
    anger: Matrix
    kinds: Matrix


def main() -> int:
    options = _options()
    model = MiniLM(options.model, threads=2)
    examples = _read(options.messages, model)
    measured = {name: _left_out(examples, name) for name in ("by_words", "by_meaning")}
    for name, found in measured.items():
        print(name, json.dumps(found))
    card = {
        "embedding": model.name,
        "figures": list(sentiment_lexicon.NAMES),
        "examples": len(examples.kinds),
        "measured_on_kinds_left_out": measured,
        "by_words": _trained(examples, "by_words"),
        "by_meaning": _trained(examples, "by_meaning"),
    }
    options.out.write_text(json.dumps(card, separators=(",", ":")) + "\n", "utf-8")
    print(f"{options.out}: {options.out.stat().st_size / 1024:.0f} KB")
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Make the weights by which moods are read.")
    parser.add_argument("--messages", type=Path, default=MESSAGES)
    parser.add_argument("--model", type=Path, default=ROOT / "data" / "models" / "minilm")
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    return parser.parse_args()


def _read(path: Path, model: MiniLM) -> Examples:
    said = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    texts = [each["text"] for each in said]
    names = [str(label) for label in LABELS]
    angry = numpy.array([each["anger"] for each in said])
    return Examples(
        numpy.array([sentiment_lexicon.figures(text) for text in texts]) * WORDS_SCALE,
        model.embed([sentiment_lexicon.plain(text) for text in texts]).astype(numpy.float64)
        * MEANING_SCALE,
        numpy.eye(len(names))[[names.index(each["label"]) for each in said]],
        numpy.stack([1 - angry, angry], axis=1),
        numpy.array([each["kind"] for each in said]),
    )


def _inputs(examples: Examples, which: str) -> Matrix:
    if which == "by_words":
        return examples.words
    return numpy.hstack([examples.words, examples.meaning])


def _trained(examples: Examples, which: str) -> dict[str, Any]:
    inputs = _inputs(examples, which)
    taught = ~numpy.isin(examples.kinds, ANGER_ALONE)
    moods, mood_bias = _fit(inputs[taught], examples.moods[taught], "moods")
    anger, anger_bias = _fit(inputs, examples.anger, "anger")
    both = numpy.hstack([moods, anger])
    width = len(sentiment_lexicon.NAMES)
    # The scales go into the weights, so that nothing has to be scaled when a message is read.
    parts = {"words": both[:width] * WORDS_SCALE, "bias": numpy.hstack([mood_bias, anger_bias])}
    if which == "by_meaning":
        parts["meaning"] = both[width:] * MEANING_SCALE
    return {name: part.round(DIGITS).tolist() for name, part in parts.items()}


def _left_out(examples: Examples, which: str) -> dict[str, float]:
    """Each trade read by weights that were made without it."""
    inputs = _inputs(examples, which)
    moods, anger = numpy.zeros_like(examples.moods), numpy.zeros(len(inputs))
    trades = ~numpy.isin(examples.kinds, TONES)
    taught = ~numpy.isin(examples.kinds, ANGER_ALONE)
    for trade in numpy.unique(examples.kinds[trades]):
        here = examples.kinds == trade
        fitted = _fit(inputs[~here & taught], examples.moods[~here & taught], "moods")
        moods[here] = _chances(inputs[here], fitted)
        fitted = _fit(inputs[~here], examples.anger[~here], "anger")
        anger[here] = _chances(inputs[here], fitted)[:, 1]
    return _figures(examples, moods, anger, trades)


def _figures(examples: Examples, moods: Matrix, anger: Matrix, rows: Matrix) -> dict[str, float]:
    truth, found = examples.moods[rows].argmax(1), moods[rows].argmax(1)
    anger, angry = anger[rows], examples.anger[rows, 1] == 1
    labels = range(len(LABELS))
    recall = [float((found[truth == label] == label).mean()) for label in labels]
    precision = [float((truth[found == label] == label).mean()) for label in labels]
    f1 = [2 * r * p / (r + p) for r, p in zip(recall, precision, strict=True)]
    figures = {
        "macro_recall": sum(recall) / len(recall),
        "macro_f1": sum(f1) / len(f1),
        "negative_recall": recall[0],
        "negative_precision": precision[0],
        "anger_auroc": _auroc(anger, angry),
    }
    return {name: round(figure, 3) for name, figure in figures.items()}


def _auroc(scores: Matrix, truth: Matrix) -> float:
    _, places, counts = numpy.unique(scores, return_inverse=True, return_counts=True)
    ranks = (numpy.cumsum(counts) - (counts - 1) / 2)[places]
    hits = int(truth.sum())
    above = ranks[truth].sum() - hits * (hits + 1) / 2
    return float(above / (hits * (len(truth) - hits)))


def _fit(inputs: Matrix, targets: Matrix, what: str) -> tuple[Matrix, Matrix]:
    """Multinomial regression, each outcome weighing so much in all, by accelerated descent."""
    hold_back = HOLD_BACK[what]
    importance = targets @ (numpy.array(WEIGH[what]) / targets.mean(axis=0))
    importance /= importance.sum()
    # The steepest that the loss can be: longer steps than this might not arrive.
    steepest = numpy.linalg.norm(inputs * numpy.sqrt(importance)[:, None], 2) ** 2 / 2
    pace = 1 / (steepest + hold_back + 0.5)
    weights, bias = numpy.zeros((inputs.shape[1], targets.shape[1])), numpy.zeros(targets.shape[1])
    ahead, bias_ahead, speed = weights, bias, 1.0
    for _ in range(STEPS):
        error = (_chances(inputs, (ahead, bias_ahead)) - targets) * importance[:, None]
        stepped = ahead - pace * (inputs.T @ error + hold_back * ahead)
        bias_stepped = bias_ahead - pace * error.sum(axis=0)
        faster = (1 + (1 + 4 * speed * speed) ** 0.5) / 2
        push, speed = (speed - 1) / faster, faster
        ahead, weights = stepped + push * (stepped - weights), stepped
        bias_ahead, bias = bias_stepped + push * (bias_stepped - bias), bias_stepped
    return weights, bias


def _chances(inputs: Matrix, fitted: tuple[Matrix, Matrix]) -> Matrix:
    logits = inputs @ fitted[0] + fitted[1]
    powers = numpy.exp(logits - logits.max(axis=1, keepdims=True))
    chances: Matrix = powers / powers.sum(axis=1, keepdims=True)
    return chances


if __name__ == "__main__":
    sys.exit(main())

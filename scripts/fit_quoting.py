"""Fit the weights by which quoted answers are chosen and trusted, and print them.

    DATA_DIR=… .venv/bin/python -m scripts.fit_quoting

The demo must have been learned. With EMBEDDINGS=none it fits the weights for words alone. Figures
are of the half of the articles that was not fitted on; the weights printed are of all.
What is printed goes into `scores.py` (ranking) and `confidence.py` (right, topic).
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy
from numpy.typing import NDArray

from app import create_app
from app.services.answering.answer_evaluation import NO_SUCH_PRODUCT, OFF_TOPIC, holds
from app.services.knowledge import evaluation
from app.services.knowledge.evaluation import Question
from app.services.quoting import quoting, scores
from app.services.quoting.layout import laid_out
from app.services.quoting.quoting import Weighed
from app.services.search import retrieval
from app.services.search.evidence import Evidence
from app.services.upkeep import demo
from config import Config

ROOT = Path(__file__).resolve().parent.parent
Numbers = NDArray[numpy.float64]
Weights = dict[str, float]
QUESTIONS = (ROOT / "app/demo/questions.jsonl", ROOT / "scripts/fit_quoting_questions.jsonl")
SHOWN = 8
LOOKED_AT = 20
# A question whose article was taken away may be answered by another, so it counts for less.
TAKEN_AWAY = 0.15
# Questions in a word or two, as most visitors begin.
GENERAL = "general"
# What is fitted on so few of them must not outweigh everything else.
SHRINK = 8.0
RIGHT = ("meaning", "near", "passage", "found", "coverage", "share", "kind", "names", "gap")
TOPIC = ("nearest", "near", "found", "gap")
TOPIC_BY_WORDS = ("passage", "found", "coverage", "gap")
NEEDS_MEANING = {"meaning", "near", "nearest"}


@dataclass(frozen=True)
class Case:
    question: Question
    evidence: Sequence[Evidence]
    weighed: Weighed
    weight: float = 1.0

    @property
    def half(self) -> int:
        """The same for all questions of an article, so that none is on both sides."""
        return zlib.crc32((self.question.document or self.question.id).encode()) % 2


def main() -> None:
    config = replace(Config.from_environment(), runs_jobs=False)
    with create_app(config).app_context():
        cases = [case for case in _cases() if case.weighed.ranked]
    by_words = all("near" not in s.figures for case in cases for s in case.weighed.ranked)
    left_out = NEEDS_MEANING if by_words else set()
    names = [name for name in scores.FEATURES if name not in left_out]
    _show("ranking from nothing", _ranking(cases, names, {}))
    used = scores.WEIGHTS_BY_WORDS if by_words else scores.WEIGHTS_WITH_MEANING
    known = {name: weight for name, weight in used.items() if name not in scores.OF_GENERAL}
    _show("ranking", _ranking(cases, names, known))
    halves = [_ranking([c for c in cases if c.half == half], names, known) for half in (0, 1)]
    figures, right = _judged(cases, halves)
    is_known = numpy.array([not each["product"] for each in figures])
    weights = numpy.array([case.weight for case in cases]) * is_known
    names = [name for name in RIGHT if name not in left_out]
    _report("right", figures, wanted=right, weights=weights, names=names, cases=cases)
    off = numpy.array([case.question.kind == OFF_TOPIC for case in cases])
    on = numpy.array([case.question.is_answerable for case in cases])
    topic = TOPIC_BY_WORDS if by_words else TOPIC
    counted = (on | off).astype(float)
    _report("topic", figures, wanted=on.astype(float), weights=counted, names=topic, cases=cases)


def _cases() -> Iterable[Case]:
    organization_id = evaluation.organization_by_slug(demo.SLUG)
    for path in QUESTIONS:
        for each in evaluation.read_questions(path.read_text("utf-8").splitlines()):
            evidence = retrieval.evidence_for(
                organization_id, each.question, previous=each.previous, limit=LOOKED_AT
            )
            yield _case(each, evidence[:SHOWN])
            if each.is_answerable and each.kind != NO_SUCH_PRODUCT:
                yield _without_its_article(each, evidence)


def _case(question: Question, evidence: Sequence[Evidence], weight: float = 1.0) -> Case:
    weighed = quoting.weigh(question.question, evidence, question.previous)
    return Case(question, evidence, weighed, weight)


def _without_its_article(question: Question, evidence: Sequence[Evidence]) -> Case:
    """The same question, where what answers it is not among the documents."""
    right = {each.document_id for each in evidence if holds(each.text, question.answer)}
    left = [each for each in evidence if each.document_id not in right][:SHOWN]
    gone = replace(question, answer=None, answerable=False, kind="taken away")
    return _case(gone, left, TAKEN_AWAY)


def _ranking(cases: Sequence[Case], names: Sequence[str], known: Weights) -> Weights:
    """What is fitted on top of `known`: all of it, or what matters for questions of few words."""
    if known:
        return known | _chosen(cases, scores.OF_GENERAL, known, shrink=SHRINK)
    own = [name for name in names if name not in scores.OF_GENERAL]
    return _chosen([case for case in cases if case.question.kind != GENERAL], own, {})


def _chosen(
    cases: Sequence[Case], names: Sequence[str], known: Weights, shrink: float = 0.5
) -> Weights:
    """A choice among the pieces of each question: the right ones should have most of the belief."""
    groups = []
    for case in cases:
        ranked = case.weighed.ranked
        right = numpy.array([holds(s.piece.text, case.question.answer) for s in ranked], float)
        if right.sum():
            rows = numpy.array([[s.figures.get(n, 0.0) for n in names] for s in ranked])
            so_far = numpy.array(
                [sum(w * s.figures.get(n, 0.0) for n, w in known.items()) for s in ranked]
            )
            groups.append((rows, so_far, right))
    scale = numpy.concatenate([rows for rows, _, _ in groups]).std(0) + 1e-6
    found = numpy.zeros(len(names))
    for _ in range(400):
        slope = -shrink * found / len(groups)
        for rows, so_far, right in groups:
            reached = so_far + rows / scale @ found
            belief = numpy.exp(reached - reached.max())
            belief /= belief.sum()
            wanted = belief * right / (belief * right).sum()
            slope += (wanted - belief) @ (rows / scale) / len(groups)
        found += 0.5 * slope
    return dict(zip(names, (found / scale).tolist(), strict=True))


def _judged(cases: Sequence[Case], halves: Sequence[Weights]) -> tuple[list[Weights], Numbers]:
    """Each case as the weights of the other half would answer it."""
    figures = []
    right = []
    for case in cases:
        weighed = case.weighed
        again = scores.ranked(
            [s.piece for s in weighed.ranked],
            [s.figures for s in weighed.ranked],
            halves[1 - case.half],
        )
        sentences = laid_out(again, weighed.pieces, weighed.wanted)
        said = " ".join(sentence.text for sentence in sentences)
        figures.append(quoting.summed_up(again, case.evidence, weighed.wanted, weighed.models))
        right.append(holds(said, case.question.answer))
    return figures, numpy.array(right, float)


def _report(
    what: str,
    figures: Sequence[Weights],
    *,
    wanted: Numbers,
    weights: Numbers,
    names: Sequence[str],
    cases: Sequence[Case],
) -> None:
    rows = numpy.array([[each.get(name, 0.0) for name in names] for each in figures])
    half = numpy.array([case.half for case in cases])
    likely = numpy.zeros(len(cases))
    for each in (0, 1):
        fitted = _logistic(rows, wanted, weights * (half != each))
        likely[half == each] = _likely(fitted, rows[half == each])
    counted = (weights == 1.0) | (wanted > 0)
    high, low = likely[counted & (wanted > 0)], likely[counted & (wanted == 0)]
    wins = (high[:, None] > low[None]).mean()
    print(f"{what}: told apart {wins:.3f} on articles not fitted on")
    fitted = _logistic(rows, wanted, weights)
    _show(what, dict(zip(["", *names], fitted.tolist(), strict=True)))


def _logistic(rows: Numbers, wanted: Numbers, weights: Numbers) -> Numbers:
    """Newton's steps with a little shrinkage; the first coefficient stands alone."""
    middle, scale = rows.mean(0), rows.std(0) + 1e-6
    plain = numpy.column_stack([numpy.ones(len(rows)), (rows - middle) / scale])
    shrink = numpy.eye(plain.shape[1])
    shrink[0, 0] = 1e-6
    found = numpy.zeros(plain.shape[1])
    for _ in range(50):
        likely = _likely(found, plain[:, 1:])
        bend = (plain * (weights * likely * (1 - likely))[:, None]).T @ plain + shrink
        found += numpy.linalg.solve(bend, plain.T @ (weights * (wanted - likely)) - shrink @ found)
    inner = found[1:] / scale
    return numpy.concatenate([[found[0] - inner @ middle], inner])


def _likely(weights: Numbers, rows: Numbers) -> Numbers:
    likely: Numbers = 1 / (1 + numpy.exp(-(weights[0] + rows @ weights[1:])))
    return likely


def _show(what: str, weights: Weights) -> None:
    print(what, {name: round(value, 2) for name, value in weights.items()})


if __name__ == "__main__":
    main()

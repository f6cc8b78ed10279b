"""How good the answers without a model are on questions with known answers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from app.services.knowledge.evaluation import Question, plain
from app.services.quoting import quoting
from app.services.quoting.quoting import Band, Quoted
from app.services.search import retrieval
from app.services.search.evidence import Evidence, Sentence

LONGEST = 60
STEPS = 10
OFF_TOPIC = "off_topic"
NO_SUCH_PRODUCT = "no_such_product"


@dataclass(frozen=True)
class Reliability:
    """Answers of about the same confidence, and how many of them were right."""

    least: float
    count: int
    confidence: float
    right: float


@dataclass(frozen=True)
class AnswerReport:
    """Shares from 0 to 1 by the kind of question; None where there was nothing to count."""

    by_kind: dict[str, dict[str, float | None]]
    told_apart: dict[str, float | None]
    reliability: list[Reliability] = field(default_factory=list)


@dataclass(frozen=True)
class _Outcome:
    question: Question
    quoted: Quoted
    cited_right: bool
    contains: bool


def evaluate_answers(organization_id: UUID, questions: Sequence[Question]) -> AnswerReport:
    """Ask every question and look at what a visitor would be shown."""
    outcomes = [_asked(organization_id, each) for each in questions]
    answerable = [each for each in outcomes if each.question.is_answerable]
    others = [each for each in outcomes if not each.question.is_answerable]
    kinds = dict.fromkeys(each.question.kind for each in outcomes)
    return AnswerReport(
        by_kind={
            "with an answer": _figures(answerable),
            "without": _figures(others),
            **{kind: _figures([o for o in outcomes if o.question.kind == kind]) for kind in kinds},
        },
        told_apart={
            "off topic": _apart(answerable, others, OFF_TOPIC, by_topic=True),
            "product that does not exist": _apart(answerable, others, NO_SUCH_PRODUCT),
            "anything without an answer": _apart(answerable, others),
        },
        reliability=list(_reliability(outcomes)),
    )


def holds(text: str, quote: str | None) -> bool:
    """A row of a table is there if all its cells are: a row is quoted with its columns' names."""
    if not quote:
        return False
    found = plain(text)
    return all(plain(cell) in found for cell in quote.strip("| ").split("|"))


def _asked(organization_id: UUID, question: Question) -> _Outcome:
    evidence = retrieval.evidence_for(
        organization_id, question.question, previous=question.previous
    )
    quoted = quoting.quote(question.question, evidence, question.previous)
    sentences = quoted.draft.sentences
    shown = " ".join(quoted.draft.text.split()[:LONGEST])
    return _Outcome(
        question,
        quoted,
        cited_right=bool(sentences) and _is_cited(question, sentences[0], evidence),
        contains=holds(shown, question.answer),
    )


def _is_cited(question: Question, first: Sentence, evidence: Sequence[Evidence]) -> bool:
    return any(holds(evidence[place].text, question.answer) for place in first.rests_on)


def _figures(outcomes: Sequence[_Outcome]) -> dict[str, float | None]:
    count = max(len(outcomes), 1)
    figures: dict[str, float | None] = {"questions": float(len(outcomes))}
    for band in Band:
        figures[band] = sum(each.quoted.band == band for each in outcomes) / count
    answered = [each for each in outcomes if each.quoted.band == Band.ANSWERED]
    for name, among in (("said", answered), ("all", outcomes)):
        known = [each for each in among if each.question.answer]
        figures[f"cited, {name}"] = _share(each.cited_right for each in known)
        figures[f"holds it, {name}"] = _share(each.contains for each in known)
    return figures


def _share(flags: Iterable[bool]) -> float | None:
    listed = list(flags)
    return sum(listed) / len(listed) if listed else None


def _apart(
    answerable: Sequence[_Outcome],
    others: Sequence[_Outcome],
    kind: str = "",
    *,
    by_topic: bool = False,
) -> float | None:
    """How often a question with an answer stands above one without: 1 is always, 0.5 is chance."""
    chosen = [each for each in others if not kind or each.question.kind == kind]
    if not chosen or not answerable:
        return None
    high, low = (
        [each.quoted.on_topic if by_topic else each.quoted.confidence for each in group]
        for group in (answerable, chosen)
    )
    wins = sum((a > b) + 0.5 * (a == b) for a in high for b in low)
    return wins / (len(high) * len(low))


def _reliability(outcomes: Sequence[_Outcome]) -> Iterable[Reliability]:
    shown = [each for each in outcomes if each.quoted.draft.sentences]
    for step in range(STEPS):
        least, most = step / STEPS, (step + 1) / STEPS
        inside = [o for o in shown if least <= o.quoted.confidence < most]
        if inside:
            mean = sum(each.quoted.confidence for each in inside) / len(inside)
            right = sum(each.contains for each in inside) / len(inside)
            yield Reliability(least, len(inside), mean, right)

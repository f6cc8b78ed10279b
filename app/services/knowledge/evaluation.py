"""How well search finds what is known to be there, and what changed since the last time."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.errors import Invalid
from app.extensions import db
from app.models import Document, TestRun
from app.services.search import retrieval
from app.services.search.retrieval import Found, Weights

DEPTH = 10
CUTS = (1, 3, 5, 10)


@dataclass(frozen=True)
class Question:
    """`document` is a file name, `document_id` the same for the organization's own questions."""

    id: str
    question: str
    kind: str = ""
    document: str | None = None
    answer: str | None = None
    previous: str = ""
    document_id: str | None = None
    answerable: bool | None = None

    @property
    def is_answerable(self) -> bool:
        """Said outright, or else told by whether there is a place where the answer stands."""
        if self.answerable is not None:
            return self.answerable
        return bool(self.document or self.answer)


@dataclass(frozen=True)
class Report:
    """`ranks` counts from 1; None means not among the first ten."""

    figures: dict[str, float]
    by_kind: dict[str, dict[str, float]]
    ranks: dict[str, int | None]
    better: list[str] = field(default_factory=list)
    worse: list[str] = field(default_factory=list)


def read_questions(lines: Iterable[str]) -> list[Question]:
    """One JSON object a line; a line that cannot be read is named."""
    questions = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            entry = json.loads(line)
            known = {key: entry[key] for key in Question.__dataclass_fields__ if key in entry}
            questions.append(Question(**{"id": str(number), **known}))
        except (ValueError, TypeError) as error:
            message = f"Line {number} is not a question: {error}"
            raise Invalid(message, fields={"questions": message}) from error
    return questions


def evaluate(
    organization_id: UUID,
    questions: Sequence[Question],
    weights: Weights | None = None,
    tell: Callable[[int], None] = lambda _asked: None,
) -> Report:
    """Ask every question and note at which place the answer came. `tell` hears how many it were."""
    ranks: dict[str, int | None] = {}
    best: dict[str, float] = {}
    for each in questions:
        found = retrieval.search(
            organization_id, each.question, limit=DEPTH, previous=each.previous, weights=weights
        )
        best[each.id] = found[0].score if found else 0.0
        if each.is_answerable:
            ranks[each.id] = _rank(each, found)
        tell(len(best))
    kinds = dict.fromkeys(each.kind for each in questions if each.is_answerable)
    return Report(
        figures=_figures(ranks.values()) | _told_apart(questions, best),
        by_kind={
            kind: _figures(
                ranks[each.id] for each in questions if each.kind == kind and each.id in ranks
            )
            for kind in kinds
        },
        ranks=ranks,
    )


def plain(text: str) -> str:
    """What is left when markup and spacing are taken away, since reading takes them away too."""
    return "".join(each for each in text.lower() if each.isalnum())


def record(organization_id: UUID, label: str, report: Report) -> Report:
    """Keep the run, and say which questions do better or worse than in the last one like it."""
    last = db.session.scalars(
        select(TestRun)
        .where(TestRun.organization_id == organization_id, TestRun.label == label)
        .order_by(TestRun.id.desc())
        .limit(1)
    ).one_or_none()
    db.session.add(
        TestRun(
            organization_id=organization_id,
            label=label,
            figures=report.figures,
            ranks=report.ranks,
        )
    )
    db.session.commit()
    return _compared(report, last.ranks if last else report.ranks)


def _compared(report: Report, before: dict[str, int | None]) -> Report:
    def place(rank: int | None) -> int:
        return rank or DEPTH + 1

    both = [name for name in report.ranks if name in before]
    better = [name for name in both if place(report.ranks[name]) < place(before[name])]
    worse = [name for name in both if place(report.ranks[name]) > place(before[name])]
    return Report(report.figures, report.by_kind, report.ranks, better, worse)


def _rank(question: Question, found: Sequence[Found]) -> int | None:
    fits = _fits(question)
    return next((place for place, each in enumerate(found, 1) if fits(each)), None)


def _fits(question: Question) -> Callable[[Found], bool]:
    """A passage is right if it holds the quote; without a quote, if its document is the one."""
    if question.answer:
        wanted = plain(question.answer)
        return lambda found: wanted in plain(found.passage.text)
    if question.document_id:
        return lambda found: str(found.document.id) == question.document_id
    return lambda found: found.document.file_name == question.document


def _figures(ranks: Iterable[int | None]) -> dict[str, float]:
    places = list(ranks)
    count = max(len(places), 1)
    figures: dict[str, float] = {"questions": len(places)}
    for cut in CUTS:
        hits = sum(1 for place in places if place is not None and place <= cut)
        figures[f"recall@{cut}"] = round(hits / count, 4)
    figures["mrr"] = round(sum(1 / place for place in places if place) / count, 4)
    return figures


def _told_apart(questions: Sequence[Question], best: dict[str, float]) -> dict[str, float]:
    """How often a question with an answer scores above one without: 1 is always, 0.5 is chance."""
    with_answer = [best[each.id] for each in questions if each.is_answerable]
    without = [best[each.id] for each in questions if not each.is_answerable]
    if not with_answer or not without:
        return {}
    wins = sum((a > b) + 0.5 * (a == b) for a in with_answer for b in without)
    return {"told_apart": round(wins / (len(with_answer) * len(without)), 4)}


def organization_by_slug(slug: str) -> UUID:
    """The organization that a command names."""
    from app.models import Organization

    found = db.session.scalar(select(Organization.id).where(Organization.slug == slug))
    if found is None:
        raise Invalid(f"There is no organization called {slug}.")
    return found


def still_learning(organization_id: UUID) -> int:
    """How many documents are not done: a run now would judge them unfairly."""
    rows: Any = db.session.scalars(
        select(Document).where(Document.organization_id == organization_id)
    )
    return sum(1 for document in rows if document.is_busy)

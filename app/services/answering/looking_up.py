"""From what was asked to the passages, in words and a language in which they can be found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from app.adapters.language_model import Usage
from app.services.answering import follow_ups, generating
from app.services.answering.answer_steps import Question
from app.services.answering.rewording import reworded
from app.services.languages import language_of
from app.services.search import retrieval
from app.services.search.evidence import Evidence

PASSAGES = 8
HISTORY = 5
# Below both of these nothing that was found has to do with the question.
FAR, FEW_WORDS = 0.22, 0.08
# So much of a passage tells which language it is written in.
TELLING = 120


@dataclass(frozen=True)
class Asked:
    """The question as it is looked up, and what was found. `usages` is what models took for it."""

    question: Question
    language: str
    text: str
    previous: str
    evidence: Sequence[Evidence]
    usages: list[Usage] = field(default_factory=list)

    @property
    def is_about_anything(self) -> bool:
        return any(
            each.words > FEW_WORDS or (each.meaning is not None and each.meaning > FAR)
            for each in self.evidence
        )

    @property
    def usage(self) -> Usage | None:
        return sum(self.usages[1:], self.usages[0]) if self.usages else None


def looked_up(question: Question, language: str) -> Asked:
    """A model puts the question in other words where it cannot be looked up as it is."""
    turns = [text for role, text in question.history if role == "visitor"][-HISTORY:]
    alone = follow_ups.standalone(question.text, turns)
    text = reworded(alone.question)
    evidence = _evidence(question, text, alone.previous)
    found = Asked(question, language, text, alone.previous, evidence)
    if question.quotes_only or not question.models:
        return found
    documents = language_of(" ".join(each.text[:TELLING] for each in found.evidence), "en")
    if not alone.is_follow_up and documents == language:
        return found
    return _rewritten(found, documents)


def _rewritten(found: Asked, documents: str) -> Asked:
    question = found.question
    rewritten = generating.rewrite(
        question.models[0], question.history, question.text, language=documents
    )
    usages = [rewritten.usage] if rewritten.usage else []
    text = rewritten.text or found.text
    previous = "" if rewritten.text else found.previous
    evidence = _evidence(question, text, previous) if rewritten.text else found.evidence
    return Asked(question, found.language, text, previous, evidence, usages)


def _evidence(question: Question, text: str, previous: str) -> list[Evidence]:
    return retrieval.evidence_for(question.organization_id, text, previous=previous, limit=PASSAGES)

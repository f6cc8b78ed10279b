"""From what was asked to the passages, in words and a language in which they can be found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from app.adapters.language_model import Usage
from app.services.answering import follow_ups, generating
from app.services.answering.answer_steps import Question
from app.services.answering.glossing import glossed
from app.services.answering.rewording import reworded
from app.services.languages import language_of
from app.services.search import retrieval
from app.services.search.evidence import Evidence
from app.services.wording import FALLBACK

PASSAGES = 8
HISTORY = 5
# Below both of these nothing that was found has to do with the question.
FAR, FEW_WORDS = 0.22, 0.08
# With so much of its words in a passage a question needs no closer look.
SHARED = 0.5
# So much of so many passages tells which language it is written in.
TELLING, TOLD_BY = 120, 4


@dataclass(frozen=True)
class Asked:
    """The question as it is looked up, and what was found. `usages` is what models took for it."""

    question: Question
    language: str
    text: str
    previous: str
    evidence: Sequence[Evidence]
    usages: list[Usage] = field(default_factory=list)
    # The language of what was found.
    documents: str = FALLBACK

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
    documents = _written_in(evidence, language)
    found = Asked(question, language, text, alone.previous, evidence, documents=documents)
    if question.quotes_only or not question.models:
        return found if documents == language else _glossed(found, documents)
    if not alone.is_follow_up and documents == language:
        return found
    return _rewritten(found, documents)


def _written_in(evidence: Sequence[Evidence], language: str) -> str:
    """Who writes English and shares its words with a passage reads English there, most likely."""
    if language == FALLBACK and any(each.words >= SHARED for each in evidence):
        return FALLBACK
    return language_of(" ".join(each.text[:TELLING] for each in evidence[:TOLD_BY]), FALLBACK)


def _glossed(found: Asked, documents: str) -> Asked:
    """Where no model translates, a dictionary says word by word what it knows."""
    text = glossed(found.text, found.language, documents)
    if not text:
        return found
    previous = glossed(found.previous, found.language, documents) or found.previous
    evidence = _evidence(found.question, text, previous)
    if _best(evidence) <= _best(found.evidence):
        # The documents were taken for what they are not: the question is in their words already.
        return found
    return replace(found, text=text, previous=previous, evidence=evidence)


def _best(evidence: Sequence[Evidence]) -> float:
    return max((each.score for each in evidence), default=0.0)


def _rewritten(found: Asked, documents: str) -> Asked:
    question = found.question
    rewritten = generating.rewrite(
        question.models[0], question.history, question.text, language=documents
    )
    usages = [rewritten.usage] if rewritten.usage else []
    if not rewritten.text:
        return replace(_glossed(found, documents), usages=usages)
    evidence = _evidence(question, rewritten.text, "")
    return replace(found, text=rewritten.text, previous="", evidence=evidence, usages=usages)


def _evidence(question: Question, text: str, previous: str) -> list[Evidence]:
    return retrieval.evidence_for(question.organization_id, text, previous=previous, limit=PASSAGES)

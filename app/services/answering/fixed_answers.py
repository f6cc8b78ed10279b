"""What is said without any document: honest sentences, in the visitor's language."""

from __future__ import annotations

from collections.abc import Sequence

from app.services.answering.answer_steps import Answer, Question
from app.services.languages import language_of
from app.services.search.evidence import Draft, Sentence
from app.services.wording import LANGUAGES, say
from app.services.wording import language as spoken


def language_of_question(question: Question) -> str:
    return language_of(question.text, question.locale[:2] or "en")


def introduction(quotation: str, language: str, *, is_closest: bool) -> str:
    """What is said before a quotation that is not quite what was asked for, or that the visitor
    may not be able to read; else nothing."""
    written = language_of(quotation, language)
    closest = say("closest", language) if is_closest else ""
    if written == language:
        return closest
    if written not in LANGUAGES:
        return f"{say('sources_language', language)} {closest}".strip()
    named = say(f"in_{written}", language)
    return say("closest_in" if is_closest else "found_in", language, in_language=named)


def apology(question: Question) -> Answer:
    """The last rung, for when even quoting fails: never silence."""
    language = language_of_question(question)
    return said("unknown", say("trouble", language), language, actions=people(language))


def patience(question: Question, ticket_number: int | None) -> Answer:
    """For whoever asks for a person again while one has been called already."""
    language = language_of_question(question)
    parts = [say("waiting_for_person", language)]
    if ticket_number is not None:
        parts.insert(0, say("escalated_already", language, number=str(ticket_number)))
    return said("chat", " ".join(parts), language, confidence=1.0)


def said(
    outcome: str,
    text: str,
    language: str,
    *,
    confidence: float = 0.0,
    actions: Sequence[dict[str, str]] = (),
) -> Answer:
    draft = Draft([Sentence(text)])
    return Answer(
        outcome,
        draft,
        # Nobody has put our own sentences into all the languages that visitors write.
        spoken(language),
        confidence,
        sentences=[{"text": text, "lead": "", "citations": []}],
        actions=list(actions),
    )


def people(language: str) -> list[dict[str, str]]:
    return [
        {"kind": "person", "text": say("action_person", language)},
        {"kind": "ticket", "text": say("action_ticket", language)},
    ]

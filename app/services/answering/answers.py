"""From a question to an answer in which every sentence has a source.

Plain values in, steps out; the database is only read on the way to the passages. The ladder of
what can go wrong: the model, the model behind it, the documents' own words, an honest "I don't
know" with the offer of a person.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import structlog

from app.adapters.language_model import LanguageModel, ModelFailed
from app.services.answering import comparing, small_talk
from app.services.answering.answer_steps import (
    Answer,
    Phase,
    Question,
    Refused,
    Released,
    Restarted,
    Step,
)
from app.services.answering.citing import Numbering, hosts_of
from app.services.answering.fixed_answers import (
    introduction,
    language_of_question,
    people,
    said,
)
from app.services.answering.looking_up import HISTORY, Asked, looked_up
from app.services.answering.prompting import Facts
from app.services.answering.suggestions import suggestions
from app.services.answering.writing import Rules, Written, write
from app.services.log.interruptions import Interruption
from app.services.quoting import quoting
from app.services.quoting.quoting import Band, Quoted
from app.services.search.evidence import Draft, Evidence, Sentence, Withheld
from app.services.wording import say

log = structlog.get_logger(__name__)
# Quotes stand in for what a model said wrongly only if they are surely what was asked for, and if
# they share words with the question: a model that was far off may have had good reason.
SURE_ENOUGH, SHARED_WORDS = 0.6, 0.3
# So much of a passage tells which language it is written in.
TELLING = 240


def answer(question: Question, interruption: Interruption) -> Iterator[Step]:
    """The steps to the answer; the last one is the Answer itself."""
    language = language_of_question(question)
    chat = small_talk.reply(question.text, question.organization, question.assistant, language)
    if chat is not None:
        wanted = people(chat.language) if chat.kind == "person" else ()
        yield said("chat", chat.text, chat.language, confidence=1.0, actions=wanted)
        return
    yield Phase("searching")
    asked = looked_up(question, language)
    if not asked.is_about_anything:
        yield _unknown(asked)
        return
    failures: list[str] = []
    for model in () if question.quotes_only else question.models:
        try:
            yield Phase("writing")
            yield from _written(asked, model, interruption, failures)
        except ModelFailed as error:
            if interruption.happened:
                return
            log.warning("model_failed", model=model.name, kind=error.kind)
            failures.append(f"{model.name}: {error}")
            yield Restarted()
        else:
            return
    yield from _quoted(asked, failures)


def _written(
    asked: Asked, model: LanguageModel, interruption: Interruption, failures: list[str]
) -> Iterator[Step]:
    """What the model says, sentence by sentence, as far as the passages say it too."""
    question = asked.question
    facts = _facts(asked)
    numbering = Numbering(asked.evidence)
    hosts = question.allowed_hosts | hosts_of(asked.evidence)
    rules = Rules(hosts, model, always_asks=question.second_opinion)
    written = Written(Draft(), usages=asked.usages)
    yield from _told(write(model, facts, rules, interruption, written), written, numbering)
    stopped = interruption.happened
    if stopped and not (interruption.keeps_what_is_there and written.has_a_source):
        return
    if not written.has_a_source:
        yield Restarted()
        for step in _instead(asked, written, failures):
            if isinstance(step, Answer):
                step.model = model.name
            yield step
        return
    yield Answer(
        outcome=_outcome(written, interruption),
        draft=written.draft,
        language=asked.language,
        confidence=written.confidence(asked.evidence),
        citations=list(numbering.citations()),
        sentences=numbering.sentences(written.draft),
        actions=_next_steps(asked, written),
        model=model.name,
        usage=asked.usage,
        degraded="fallback" if failures else "",
        asked=asked.text,
        evidence=asked.evidence,
        failures=failures,
    )


def _instead(asked: Asked, written: Written, failures: list[str]) -> Iterator[Step]:
    """Nothing of what the model said has a source. If it claimed something, quotes may know it."""
    withheld = written.draft.withheld
    quoted = quoting.quote(asked.text, asked.evidence, asked.previous) if withheld else None
    if quoted is None or not _stands_in(quoted, asked.evidence):
        yield replace(_unknown(asked, withheld), failures=failures)
        return
    quoted.draft.withheld.extend(withheld)
    yield from _of_quotes(asked, quoted, failures, says_so=True)


def _stands_in(quoted: Quoted, evidence: Sequence[Evidence]) -> bool:
    cited = {place for each in quoted.draft.sentences for place in each.rests_on}
    shared = max((evidence[place].words for place in cited), default=0.0)
    return quoted.confidence >= SURE_ENOUGH and shared >= SHARED_WORDS


def _told(sentences: Iterator[Sentence], written: Written, numbering: Numbering) -> Iterator[Step]:
    """What is released, and for the team what is not, in the order in which it was written."""
    refused = 0
    for sentence in sentences:
        yield from map(Refused, written.draft.withheld[refused:])
        refused = len(written.draft.withheld)
        yield _released(len(written.draft.sentences) - 1, sentence, numbering)
    yield from map(Refused, written.draft.withheld[refused:])


def _facts(asked: Asked) -> Facts:
    """What the model is told."""
    question = asked.question
    return Facts(
        organization=question.organization,
        assistant=question.assistant,
        question=question.text,
        history=question.history[-2 * HISTORY :],
        evidence=tuple(asked.evidence),
        guidance=question.guidance,
        language=asked.language,
    )


def _quoted(asked: Asked, failures: list[str]) -> Iterator[Step]:
    """The documents' own words."""
    question = asked.question
    pair = comparing.pair_in(asked.text) or comparing.pair_in(question.text)
    both = comparing.compared(question.organization_id, pair) if pair else None
    if both is not None:
        quoted, evidence = both
        asked = replace(asked, evidence=evidence)
    else:
        quoted = quoting.quote(asked.text, asked.evidence, asked.previous)
        if pair and quoted.band is Band.ANSWERED:
            # One of the two is not known, so nothing tells how they differ.
            quoted = replace(quoted, band=Band.CLOSEST)
    says_so = bool(failures or question.quotes_only)
    if quoted.band is Band.UNKNOWN or (question.is_praise and quoted.band is Band.CLOSEST):
        degraded = "quoted" if question.models else ""
        yield replace(_unknown(asked, says_so=says_so), failures=failures, degraded=degraded)
        return
    yield from _of_quotes(asked, quoted, failures, says_so=says_so)


def _of_quotes(
    asked: Asked, quoted: Quoted, failures: list[str], *, says_so: bool
) -> Iterator[Step]:
    draft = quoted.draft
    closest = quoted.band is Band.CLOSEST
    begun = [say("quoting_only", asked.language)] if says_so else []
    begun.append(introduction(_sources(asked, draft), asked.language, is_closest=closest))
    if any(begun):
        draft.sentences.insert(0, Sentence(" ".join(filter(None, begun))))
    if len(draft.sentences) > 1 and not draft.sentences[0].rests_on:
        draft.sentences[1] = replace(draft.sentences[1], lead="\n\n")
    numbering = Numbering(asked.evidence)
    for index, sentence in enumerate(draft.sentences):
        yield _released(index, sentence, numbering)
    yield Answer(
        outcome=quoted.band.value,
        draft=draft,
        language=asked.language,
        confidence=quoted.confidence,
        citations=list(numbering.citations()),
        sentences=numbering.sentences(draft),
        actions=people(asked.language) if closest else _questions(asked, draft),
        usage=asked.usage,
        degraded="quoted" if asked.question.models else "",
        asked=asked.text,
        evidence=asked.evidence,
        failures=failures,
    )


def _sources(asked: Asked, draft: Draft) -> str:
    """What is quoted, with what stands around it: a row of a table tells no language.

    Nothing where the documents are in the visitor's language.
    """
    if asked.documents == asked.language:
        return ""
    cited = dict.fromkeys(place for each in draft.sentences for place in each.rests_on)
    return " ".join(asked.evidence[place].text[:TELLING] for place in cited)


def _released(index: int, sentence: Sentence, numbering: Numbering) -> Released:
    numbers = numbering.numbers(sentence)
    return Released(index, sentence, numbers, numbering.citations(numbers))


def _outcome(written: Written, interruption: Interruption) -> str:
    if interruption.happened:
        return "stopped"
    return "answered" if written.share_kept >= 0.5 else "closest"


def _unknown(asked: Asked, withheld: Sequence[Withheld] = (), *, says_so: bool = False) -> Answer:
    # That nothing was found would be an odd answer to "I love your lights".
    if asked.question.is_praise:
        text, outcome = say("praised", asked.language), "chat"
    else:
        text, outcome = _sorry(asked, says_so=says_so), "unknown"
    answer = said(outcome, text, asked.language, actions=people(asked.language))
    answer.draft.withheld.extend(withheld)
    answer.asked, answer.evidence, answer.usage = asked.text, asked.evidence, asked.usage
    return answer


def _sorry(asked: Asked, *, says_so: bool) -> str:
    begun = [say("quoting_only", asked.language)] if says_so else []
    unknown = say("unknown", asked.language, organization=asked.question.organization)
    return " ".join([*begun, unknown, say("offer_person", asked.language)])


def _next_steps(asked: Asked, written: Written) -> list[dict[str, str]]:
    if written.share_kept < 0.5:
        return people(asked.language)
    return _questions(asked, written.draft)


def _questions(asked: Asked, draft: Draft) -> list[dict[str, str]]:
    used = {place for each in draft.sentences for place in each.rests_on}
    earlier = [text for role, text in asked.question.history if role == "visitor"]
    offered = suggestions(asked.question.text, asked.evidence, used, asked.language, earlier)
    return [{"kind": "ask", "text": text} for text in offered[:3]]

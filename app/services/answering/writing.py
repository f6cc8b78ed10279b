"""A model's words on their way to the visitor: cut into sentences, checked, let through or not."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace

from app.adapters.language_model import LanguageModel, Message, ModelFailed, Usage
from app.services.answering import generating
from app.services.answering.prompting import Facts, tells_rules
from app.services.answering.sentence_stream import Piece, SentenceStream
from app.services.grounding import SUPPORT_ACROSS, Checker, Verdict, judged
from app.services.log.interruptions import Interruption
from app.services.safe_markdown import sanitized
from app.services.search.evidence import Draft, Evidence, Sentence, Withheld

# L7: an answer is short, whatever the model would like to say.
MOST_TOKENS = 700
NOT_CONFIRMED = "The second opinion did not confirm it"
RULES = Verdict(False, (), 0.0, "It is taken from the rules of the assistant.")


@dataclass(frozen=True)
class Rules:
    """What may be linked to; who gives a second opinion, and whether about every sentence."""

    hosts: Collection[str] = ()
    judge: LanguageModel | None = None
    always_asks: bool = False


@dataclass
class Written:
    """What has become of the model's sentences so far."""

    draft: Draft
    supports: list[float] = field(default_factory=list)
    usages: list[Usage] = field(default_factory=list)

    @property
    def has_a_source(self) -> bool:
        return any(each.rests_on for each in self.draft.sentences)

    @property
    def share_kept(self) -> float:
        """How many of the claims were released."""
        kept = sum(1 for each in self.draft.sentences if each.rests_on)
        return kept / max(kept + len(self.draft.withheld), 1)

    def confidence(self, evidence: Sequence[Evidence]) -> float:
        """How near the passages are, and how firmly the sentences rest on them."""
        nearness = min(max((each.score for each in evidence), default=0.0) / 0.7, 1.0)
        firmness = sum(self.supports) / len(self.supports) if self.supports else 0.0
        return round((0.4 * nearness + 0.6 * min(firmness, 1.0)) * self.share_kept, 3)


def write(
    model: LanguageModel,
    facts: Facts,
    rules: Rules,
    interruption: Interruption,
    written: Written,
) -> Iterator[Sentence]:
    """Yield each sentence as soon as it is known to be so; `written` keeps the account."""
    checker = Checker(facts.evidence, facts.question)
    waiting: list[Sentence] = []
    for piece in _pieces(model, facts, interruption, written):
        sentence = Sentence(sanitized(piece.text, rules.hosts), lead=piece.lead)
        verdict = checker.check(piece.text, piece.marks)
        if not verdict.rests_on and tells_rules(piece.text, facts.guidance):
            verdict = RULES
        if rules.judge and _is_open(verdict, rules):
            verdict = _second(verdict, _stands(piece.text, verdict, rules.judge, facts, written))
        yield from _judged(sentence, verdict, written, waiting)


def _is_open(verdict: Verdict, rules: Rules) -> bool:
    """What was refused stays so; what could not be compared by its words is always asked about."""
    if verdict.is_across:
        return bool(verdict.rests_on)
    return rules.always_asks and verdict.supported and bool(verdict.rests_on)


def _second(verdict: Verdict, stands: bool) -> Verdict:
    if not stands:
        return replace(verdict, supported=False, reason=NOT_CONFIRMED)
    if verdict.is_across:
        return replace(verdict, supported=True, support=max(verdict.support, SUPPORT_ACROSS))
    return verdict


def _stands(
    text: str, verdict: Verdict, judge: LanguageModel, facts: Facts, written: Written
) -> bool:
    """The second opinion, from the passages that the first one named. No answer is no."""

    def ask(asked: list[dict[str, str]]) -> str:
        messages = [Message("system", asked[0]["content"]), Message("user", asked[1]["content"])]
        answering = judge.answer(messages, max_tokens=5, temperature=0.0)
        said = "".join(answering)
        written.usages.append(answering.usage)
        return said

    source = "\n\n".join(_source(facts.evidence[at]) for at in verdict.rests_on)
    try:
        return judged(text, source, ask)
    except ModelFailed:
        return False


def _source(evidence: Evidence) -> str:
    """Under its title and heading, which often say what a passage is about."""
    return "\n".join(filter(None, (evidence.title, evidence.heading, evidence.text)))


def _pieces(
    model: LanguageModel, facts: Facts, interruption: Interruption, written: Written
) -> Iterator[Piece]:
    stream = SentenceStream()
    answering = generating.generate(model, facts, max_tokens=MOST_TOKENS)
    interruption.whenever(answering.cancel)
    costs = True
    try:
        for text in answering:
            yield from stream.feed(text)
            if stream.ended or interruption.happened:
                answering.cancel()
                break
        else:
            # Where the limit of tokens cut it off, the last sentence is only half of one.
            if answering.finish_reason != "length":
                yield from stream.close()
    except ModelFailed as error:
        # To be cut off is what an interruption does.
        if not interruption.happened:
            costs = not error.before_first_token
            raise
    finally:
        if costs:
            written.usages.append(answering.usage)


def _judged(
    sentence: Sentence, verdict: Verdict, written: Written, waiting: list[Sentence]
) -> Iterator[Sentence]:
    """What claims nothing waits for the first that does: an opening alone is no answer."""
    if not verdict.supported:
        # The team gets to see it, and is to be no worse off than the visitor.
        written.draft.withheld.append(Withheld(sentence.text, verdict.reason))
        return
    if not sentence.text.strip():
        return
    if not verdict.rests_on and not written.has_a_source:
        waiting.append(sentence)
        return
    if verdict.rests_on:
        written.supports.append(verdict.support)
    for each in (*waiting, replace(sentence, rests_on=verdict.rests_on)):
        written.draft.sentences.append(each if written.draft.sentences else replace(each, lead=""))
        yield written.draft.sentences[-1]
    waiting.clear()

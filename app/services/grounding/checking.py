"""Whether a sentence says what the passages say.

Words and pairs of words nominate the stretch of a passage that a sentence may rest on. Then
everything that is easily changed has to be there: figures with their units, names, denials, and
words that have a contrary. Resemblance alone is never enough.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import combinations
from operator import eq, or_

from app.services.grounding import contradictions
from app.services.grounding.across import check_across
from app.services.grounding.claim_items import Items
from app.services.grounding.contradictions import Objection
from app.services.grounding.courtesy import claims_nothing, is_bare_answer
from app.services.grounding.facts import Facts, facts_of
from app.services.grounding.languages import ENGLISH, LITTLE
from app.services.grounding.number_words import numbers_in
from app.services.grounding.parts import Passage, bare, passage_of
from app.services.grounding.scope import Stretch
from app.services.languages import language_of
from app.services.search.evidence import Evidence

DEFAULT_STRICTNESS = 0.62
WIDEST = 3
# So many stretches are looked at closely before a sentence is given up.
MOST_TRIED = 8
PAIRED_WITH = 3
MOST_ROWS = 4
# What the model named is looked at first among equals.
FAVOUR = 0.05
SURELY = 3
# What is much less like the sentence than the likeliest stretch cannot outvote it.
MARGIN = 0.08
# What a second passage must add, to be worth a citation.
GAIN = 0.12
NOTHING = "Nothing in the documents says this."


@dataclass(frozen=True)
class Verdict:
    """`rests_on` are places in the list of evidence; empty for what claims nothing.

    `is_across`: the passages are in another language, so its words could not be compared.
    """

    supported: bool
    rests_on: tuple[int, ...]
    support: float
    reason: str
    is_across: bool = False


class Checker:
    """The passages of one question; they are taken apart when the first sentence comes."""

    def __init__(
        self,
        evidence: Sequence[Evidence],
        question: str = "",
        strictness: float = DEFAULT_STRICTNESS,
    ) -> None:
        self._evidence = evidence
        self._question_text = question
        self._strictness = strictness
        self._is_ready = False

    def check(self, sentence: str, marks: tuple[int, ...] = ()) -> Verdict:
        """`marks` are the passages that the model named, counted from one."""
        self._prepare()
        plain = bare(sentence)
        facts = facts_of(plain, self._language)
        language = self._language_of(plain, facts)
        if language != self._language:
            facts = facts_of(plain, language)
        if claims_nothing(plain, facts, self._question):
            return Verdict(True, (), 1.0, "It claims nothing.")
        if is_bare_answer(plain):
            return Verdict(False, (), 0.0, "A bare yes or no cannot be compared with anything.")
        if not self._evidence:
            return Verdict(False, (), 0.0, NOTHING)
        marked = frozenset(mark - 1 for mark in marks if 0 < mark <= len(self._evidence))
        if language != self._language:
            counts = numbers_in(plain, language)
            found = check_across(facts, self._passages, self._evidence, marked, counts)
            return Verdict(*found, is_across=True)
        return self._check(facts, marked)

    def _prepare(self) -> None:
        if self._is_ready:
            return
        self._language = _language_of(self._evidence)
        self._question = facts_of(self._question_text, self._language)
        self._taken_apart = [passage_of(each.text, self._language) for each in self._evidence]
        self._passages = [each.parts for each in self._taken_apart]
        self._above = [
            tuple(facts_of(text, self._language) for text in (each.heading, each.title) if text)
            for each in self._evidence
        ]
        self._over = [frozenset[object]().union(*(f.keys for f in each)) for each in self._above]
        self._known = contradictions.known_names(self._taken_apart, self._above)
        self._is_ready = True

    def _language_of(self, plain: str, facts: Facts) -> str:
        """Little words tell sooner than a comparison of all languages."""
        if len(facts.written & LITTLE.get(self._language, frozenset())) >= SURELY:
            return self._language
        return language_of(plain, self._language)

    def _check(self, facts: Facts, marked: frozenset[int]) -> Verdict:
        items = Items(facts, self._known)
        tried = _likeliest(items, self._nominated(items, marked))
        best, best_likeness = Verdict(False, (), 0.0, NOTHING), 0.0
        for likeness, stretches in tried:
            if likeness < max(tried[0][0] - MARGIN, best_likeness):
                break
            objection = contradictions.objection(facts, stretches, self._known, self._question)
            verdict = self._verdict(likeness, stretches, objection)
            if objection.is_contrary and likeness >= best_likeness:
                return verdict
            if verdict.supported and not best.supported:
                best, best_likeness = verdict, likeness
            elif not best.supported and verdict.support > best.support:
                best = verdict
        return best

    def _verdict(
        self, likeness: float, stretches: tuple[Stretch, ...], objection: Objection
    ) -> Verdict:
        rests_on = tuple(sorted({stretch.evidence for stretch in stretches}))
        support = round(likeness * objection.factor, 4)
        if objection.reason:
            return Verdict(False, rests_on, support, objection.reason)
        if support < self._strictness:
            return Verdict(False, rests_on, support, objection.doubt or NOTHING)
        return Verdict(True, rests_on, support, "Found in the documents.")

    def _nominated(self, items: Items, marked: frozenset[int]) -> list[tuple[Stretch, ...]]:
        """The stretches that have the most of the words, the likeliest first."""
        best: list[tuple[float, Stretch]] = []
        for index in range(len(self._evidence)):
            favour = (FAVOUR if index in marked else 0.0) - 0.001 * index
            best += [(score + favour, each) for score, each in self._stretches(items, index)]
        best.sort(key=lambda pair: -pair[0])
        joint = [
            (items.gain(one, other), (one, other))
            for (_, one), (_, other) in combinations(best[:PAIRED_WITH], 2)
            if one.evidence != other.evidence
        ]
        joint.sort(key=lambda pair: -pair[0])
        return [(each,) for _, each in best[:MOST_TRIED]] + [
            pair for gain, pair in joint if gain >= GAIN * items.whole
        ]

    def _stretches(self, items: Items, index: int) -> list[tuple[float, Stretch]]:
        """The best of each length, and the rows that the claim names."""
        passage, above = self._taken_apart[index], self._above[index]
        parts = passage.parts
        masks = items.masks(passage, items.mask(self._over[index]))
        named = [place for place, part in enumerate(parts) if part.label & items.keys]
        found = []
        for width in range(1, WIDEST + 1):
            apart = _apart(passage, named, width) if passage.has_rows else frozenset[int]()
            mask, start = _best_window(items, masks, apart, width)
            score = items.weights[mask] / items.whole - 0.03 * (width - 1)
            if score > 0:
                found.append((score, Stretch(index, parts[start : start + width], above, mask)))
        meant = named[:MOST_ROWS]
        if len(meant) > 1:
            mask = reduce(or_, (masks[place] for place in meant))
            listed = Stretch(index, tuple(parts[place] for place in meant), above, mask)
            found.append((items.weights[mask] / items.whole, listed))
        return found


def _apart(passage: Passage, named: Sequence[int], width: int) -> frozenset[int]:
    """Where so many neighbours make no stretch: each row of a table is about something else."""
    apart: set[int] = set()
    for start in range(len(passage.parts) - width + 1):
        rows = [place for place in range(start, start + width) if passage.rows[place]]
        if len(rows) > 1 and not all(place in named for place in rows):
            apart.add(start)
    return frozenset(apart)


def _best_window(
    items: Items, masks: Sequence[int], apart: frozenset[int], width: int
) -> tuple[int, int]:
    """What is in the best of so many neighbours, and where it begins; a longer one must add."""
    wide = list(masks)
    for further in range(1, width):
        wide = list(map(or_, wide, masks[further:]))
    weights = [items.weights[mask] for mask in wide]
    if width > 1:
        alike = map(eq, wide, masks)
        weights = [0.0 if same else each for same, each in zip(alike, weights, strict=False)]
    for start in apart:
        weights[start] = 0.0
    best_weight = max(weights, default=0.0)
    if not best_weight:
        return 0, 0
    start = weights.index(best_weight)
    return wide[start], start


def _likeliest(
    items: Items, nominated: Sequence[tuple[Stretch, ...]]
) -> list[tuple[float, tuple[Stretch, ...]]]:
    """Those that have a say, the likeliest first: nobody asks what is far less like the claim."""
    found: list[tuple[float, tuple[Stretch, ...]]] = []
    highest = 0.0
    for each in nominated:
        if items.most_likeness(each) < highest - MARGIN:
            continue
        likeness = items.likeness(each)
        highest = max(highest, likeness)
        found.append((likeness, each))
    found.sort(key=lambda pair: -pair[0])
    return found


def _language_of(evidence: Sequence[Evidence]) -> str:
    return language_of(" ".join(each.text[:120] for each in evidence), ENGLISH)

"""What a question is about, in words: how rare each is, and how it may have been misspelt."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from app.services.quoting.kinds import Kinds, kinds_of
from app.services.search import lexical
from app.services.search.phrases import looked_up_as
from app.services.search.standing import cases_asked, generality, openness
from app.services.search.synonyms import concept, stem

WORD = re.compile(r"[^\W_]+")
# A word that the evidence does not have is taken for a near one that it has, from this length on.
SHORTEST_MISSPELT = 4
TWO_SLIPS_FROM = 7
# Longer words of other languages agree in their beginning when our stems do not.
SHORTEST_SHARED = 5
# What only a program is called, and never a thing: slow_down, maxRetries, /v1/orders.
CODE = re.compile(
    r"[A-Za-z]\w*_\w+|\b[a-z]{2,}[A-Z]\w*|(?<!\S)/[\w{}-]+(?:/[\w{}.-]+)*|\b\w+\.\w+\(|\b[A-Z]+_[A-Z_]+\b"
)
# What a row or an item begins with is its name, also where it is a number: "409: too late".
NUMBER = re.compile(r"\b\d{3,}\b")
KEY = re.compile(r"\W*(\d{3,})\W{0,2}(?:[:—–]|means\b)")
SHARED = 0.7
SHARED_WORTH = 0.7
LEANT_ON = 0.4


@dataclass(frozen=True)
class Wanted:
    """The stems of a question with their weights, and what kind of answer it expects.

    `found` is the share of what it says that stands anywhere in the evidence, `names_missing` how
    many of its names and numbers stand nowhere.
    """

    weights: dict[str, float]
    pairs: frozenset[tuple[str, str]]
    found: float
    names_missing: int
    kinds: Kinds
    # 1 for a question in a word or two, which is about a matter as a whole; 0 from four words on.
    general: float = 0.0
    # Names of code, in small letters.
    codes: frozenset[str] = frozenset()
    # The special cases that it names.
    cases: frozenset[int] = frozenset()
    # How far it leaves open whether one of them is meant.
    openness: float = 0.0

    def coverage(self, stems: Iterable[str]) -> float:
        """Which share of what the question says stands among these."""
        there = set(stems)
        total = sum(self.weights.values())
        return sum(w for s, w in self.weights.items() if s in there) / total if total else 0.0

    def neighbours(self, stems: Sequence[str]) -> float:
        """Which share of its pairs of words stand side by side here."""
        if not self.pairs:
            return 0.0
        return len(self.pairs & set(pairwise(stems))) / len(self.pairs)

    def spelled(self, text: str) -> float:
        """Which share of the names of code stands here letter by letter."""
        if not self.codes:
            return 0.0
        written = text.lower()
        key = KEY.match(text)
        named = key[1] if key else ""
        there = (code == named if code.isdigit() else code in written for code in self.codes)
        return sum(there) / len(self.codes)


def wanted_of(question: str, previous: str, texts: Sequence[str]) -> Wanted:
    """`texts` are the passages that were found, each with its title and headings."""
    stems_of = [frozenset(lexical.concepts_of(text)) for text in texts]
    spread = Counter(stem for stems in stems_of for stem in stems)
    own = _weighted(question, spread, len(texts))
    leant_on = {s: LEANT_ON * w for s, w in _weighted(previous, spread, len(texts)).items()}
    weights = leant_on | own
    total = sum(weights.values())
    typed = lexical.stems_of(looked_up_as(question))
    # Side by side, words count as they are: "drop shipping costs" is not what delivery costs.
    ordered = [each if concept(each) in spread else _known(each, spread) for each in typed]
    return Wanted(
        weights=weights,
        pairs=frozenset(pairwise(ordered)),
        found=sum(w for s, w in weights.items() if s in spread) / total if total else 0.0,
        names_missing=_names_missing(question, spread),
        kinds=kinds_of(question),
        general=generality(len(own)) / (2 if previous else 1),
        codes=frozenset(map(str.lower, CODE.findall(question) or NUMBER.findall(question))),
        cases=cases_asked(f"{previous} {question}"),
        openness=openness(len(own)),
    )


def _weighted(question: str, spread: Counter[str], count: int) -> dict[str, float]:
    """A stem that all passages have says little about which; one that none has says most."""
    typed = lexical.typed_in(question)
    stems = {_known(stem, spread) for stem in _stems_of(question) if stem in typed or spread[stem]}
    return {stem: math.log(1 + (count + 1) / (spread[stem] + 0.5)) for stem in stems}


def _stems_of(question: str) -> list[str]:
    return lexical.concepts_of(looked_up_as(question))


def _known(stem: str, spread: Counter[str]) -> str:
    """The stem itself if the evidence has it, or the one that was probably meant."""
    if stem in spread or len(stem) < SHORTEST_MISSPELT or not stem.isalpha():
        return stem
    near = [each for each in spread if _is_near(stem, each)]
    return min(near, key=lambda each: (slips(stem, each), -spread[each], each), default=stem)


def _is_near(stem: str, other: str) -> bool:
    # Among words of four letters nearly each is a slip away from another one: "grave" and "gave".
    if len(other) < SHORTEST_MISSPELT or len(other) < min(len(stem), 5) or not other.isalpha():
        return False
    longer = max(len(stem), len(other))
    if abs(len(stem) - len(other)) <= 2 and stem[0] == other[0]:
        allowed = 2 if longer >= TWO_SLIPS_FROM else 1
        if slips(stem, other) <= allowed:
            return True
    shared = next((i for i, (a, b) in enumerate(zip(stem, other, strict=False)) if a != b), None)
    shared = min(len(stem), len(other)) if shared is None else shared
    return shared >= max(SHORTEST_SHARED, SHARED * longer)


@lru_cache(maxsize=20_000)
def slips(one: str, other: str) -> int:
    """How many letters were left out, added, mistaken or swapped with their neighbour."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        row = [i]
        for j, b in enumerate(other, 1):
            best = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                best = min(best, before[j - 2] + 1)
            row.append(best)
        before, last = last, row
    return last[-1]


def _names_missing(question: str, spread: Counter[str]) -> int:
    """Numbers, codes and capitalised words inside the question that no evidence has."""
    words = WORD.findall(question)
    if question.isupper():
        words = []
    return sum(
        1
        for place, word in enumerate(words)
        if (any(map(str.isdigit, word)) or (place and word[0].isupper() and len(word) > 1))
        and concept(stem(word)) not in spread
        and word.lower() not in lexical.STOP_WORDS
        and _known(concept(stem(word)), spread) not in spread
    )

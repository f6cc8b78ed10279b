"""What speaks for a passage by where it stands: at the top of its document, below a special case.

"Is delivery free" is answered by what holds for everybody, and not below "Delivery abroad"; and who
types "returns" wants to read how returns begin. Neither can be seen from the words of a text.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from app.services.search.lexical import concepts_of
from app.services.search.phrases import looked_up_as

CASES = Path(__file__).with_name("special_cases.toml")
MOST_KEPT = 20_000
# What a passage about a case that was not asked for loses of its score.
UNASKED = 0.12
# How far the top of the very document is lifted towards a full score.
TOP = 0.25
# From so many words on a question is about a detail.
FROM_HERE_SPECIFIC = 4
FROM_HERE_NAMED = 7
# A case that so much of what was found is about is no exception here.
COMMON = 0.5


@dataclass(frozen=True, slots=True)
class Standing:
    """The concepts of the title, the special cases that are named over a passage."""

    title: frozenset[str]
    cases: frozenset[int]
    is_top: bool


def standing_of(title: str, headings: Sequence[str], ordinal: int) -> Standing:
    return Standing(_concepts(title), cases_in(" ".join((title, *headings))), ordinal == 0)


@lru_cache(maxsize=MOST_KEPT)
def cases_in(text: str) -> frozenset[int]:
    """Which special cases a heading names."""
    return frozenset(case for each in concepts_of(text) for case in _cases().get(each, ()))


def cases_asked(question: str) -> frozenset[int]:
    return cases_in(looked_up_as(question))


def unasked(asked: frozenset[int], found: Sequence[tuple[float, frozenset[int]]]) -> frozenset[int]:
    """The cases over what was found, with its scores, that are exceptions and were not meant.

    What is far below the best says nothing about what is common.
    """
    best = max((score for score, _ in found), default=0.0)
    near = [cases for score, cases in found if score >= COMMON * best]
    counted = Counter(case for cases in near for case in cases)
    return frozenset(case for case, n in counted.items() if n <= COMMON * len(near)) - asked


def generality(words: int) -> float:
    """1 for a question in a word or two, which is about a matter as a whole; 0 from four on."""
    return max(0.0, min(1.0, (FROM_HERE_SPECIFIC - words) / 2))


def openness(words: int) -> float:
    """How far a question leaves open which case is meant: one of many words says so somehow."""
    return max(0.0, min(1.0, (FROM_HERE_NAMED - words) / 4))


def regarded(
    question: str, rarities: Mapping[str, float], found: Sequence[tuple[float, Standing]]
) -> list[float]:
    """The scores with regard to where each stands; each stem asked for has its rarity."""
    named = [(score, standing.cases) for score, standing in found]
    exceptions = unasked(cases_asked(question), named)
    return [_weighed(score, standing, exceptions, rarities) for score, standing in found]


def _weighed(
    score: float, standing: Standing, unasked_cases: frozenset[int], rarities: Mapping[str, float]
) -> float:
    if standing.cases & unasked_cases:
        return score * (1 - UNASKED * openness(len(rarities)))
    general = generality(len(rarities))
    if not standing.is_top or not general:
        return score
    title = standing.title
    covered = sum(rarity for stem, rarity in rarities.items() if stem in title)
    covered /= sum(rarities.values()) or 1.0
    shared = sum(stem in rarities for stem in title) / max(len(title), 1)
    return score + TOP * general * covered**2 * (1 + shared) / 2 * (1 - score)


@lru_cache(maxsize=MOST_KEPT)
def _concepts(text: str) -> frozenset[str]:
    return frozenset(concepts_of(text))


@cache
def _cases() -> dict[str, frozenset[int]]:
    with CASES.open("rb") as file:
        lines: Iterable[str] = tomllib.load(file)["cases"]
    found: dict[str, set[int]] = {}
    for number, line in enumerate(lines):
        for each in concepts_of(line):
            found.setdefault(each, set()).add(number)
    return {each: frozenset(numbers) for each, numbers in found.items()}

"""How well a passage fits a question by its words: BM25, over single words and over pairs.

A passage's stems are written in a row with marks around each, so that counting one is a search in
a string: a passage takes a kilobyte instead of the thirty of two tables of counts.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from app.services.search.lexical import Terms, concepts_of

K1 = 1.2
B = 0.75


@dataclass(frozen=True, slots=True)
class Stemmed:
    """The stems of a passage, each between marks that no stem contains, and how many they are."""

    marked: str
    count: int


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What a question looks for: a stem or two neighbours, and how much it says."""

    marked: str
    weight: float
    # A stem beside itself: occurrences overlap, which counting in a string would not see.
    overlaps: bool = False


@dataclass(frozen=True, slots=True)
class Measure:
    """What all candidates of one search are measured by; the pairs are of neighbouring singles."""

    singles: tuple[_Wanted, ...]
    pairs: tuple[_Wanted, ...]
    average_words: float
    most_by_singles: float
    most_by_pairs: float
    # How much each stem says.
    rarities: dict[str, float]


def stemmed(indexed: str) -> Stemmed:
    stems = concepts_of(indexed)
    return Stemmed("".join(map(_marked, stems)), len(stems))


def measure_of(
    terms: Terms, counted: dict[str, int], passages: int, average_words: float
) -> Measure:
    """`counted` says in how many of all the `passages` each stem stands."""
    stems = [each for each in terms.stems if counted[each] or each not in terms.added]
    rarity = {each: _rarity(counted[each], passages) for each in stems}
    singles = tuple(_Wanted(_marked(stem), rarity[stem]) for stem in stems)
    pairs = tuple(
        _Wanted(_marked(one) + _marked(other), rarity[one] + rarity[other], one == other)
        for one, other in pairwise(stems)
    )
    return Measure(singles, pairs, average_words, _most(singles), _most(pairs), rarity)


def bm25(measure: Measure, passage: Stemmed) -> tuple[float, float]:
    """How well a text fits by single words, and by pairs of neighbours; both from 0 to 1."""
    marked = passage.marked
    counts = [marked.count(each.marked) for each in measure.singles]
    if not any(counts):
        return 0.0, 0.0
    length = 1 - B + B * passage.count / max(measure.average_words, 1.0)
    single = _share(measure.singles, counts, length, measure.most_by_singles)
    if not measure.pairs:
        return single, single
    together = [
        _count(pair, marked) if one and other else 0
        for pair, (one, other) in zip(measure.pairs, pairwise(counts), strict=True)
    ]
    return single, _share(measure.pairs, together, length, measure.most_by_pairs)


def _marked(stem: str) -> str:
    return f"<{stem}>"


def _rarity(count: int, passages: int) -> float:
    """How much it says that a passage has the stem; never less than nothing."""
    count = min(count, passages)
    return math.log(1 + (passages - count + 0.5) / (count + 0.5))


def _most(wanted: Sequence[_Wanted]) -> float:
    return sum(each.weight * (K1 + 1) for each in wanted)


def _count(wanted: _Wanted, marked: str) -> int:
    if wanted.overlaps:
        return len(re.findall(f"(?={wanted.marked})", marked))
    return marked.count(wanted.marked)


def _share(wanted: Sequence[_Wanted], counts: Sequence[int], length: float, most: float) -> float:
    reached = 0.0
    for each, count in zip(wanted, counts, strict=True):
        if count:
            reached += each.weight * count * (K1 + 1) / (count + K1 * length)
    return reached / most if most else 0.0

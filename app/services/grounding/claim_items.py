"""The words of a claim as bits, so that it is compared with much in little time."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import reduce
from itertools import chain, pairwise
from operator import or_

from app.services.grounding.binding import names_of
from app.services.grounding.facts import Facts
from app.services.grounding.parts import Passage
from app.services.grounding.scope import Stretch
from app.services.grounding.words import SAYING_LITTLE

LIGHT = 0.35
HARD = 1.5
# What likeness is made of: the words that are there, and those of them that are neighbours.
COVERED, JOINED = 0.75, 0.25


class Items:
    """The words of a claim as bits, so that a stretch is compared by a handful of operations."""

    def __init__(self, facts: Facts, known: frozenset[str]) -> None:
        order = [word.stem for word in facts.words]
        named = names_of(facts, known) | facts.codes
        figures = [(each.figure.value, each.figure.unit) for each in facts.amounts]
        keys: list[object] = list(dict.fromkeys([*order, *named, *figures]))
        self.keys = frozenset(order) | named | {f"{value:g}" for value, _ in figures}
        self._bits = {key: 1 << place for place, key in enumerate(keys)}
        self._keys = frozenset(keys)
        hard = {*figures, *facts.codes}
        light = (self._keys & SAYING_LITTLE) - hard
        self.weights = _Weights(light=self.mask(light), hard=self.mask(hard))
        self.whole = self.weights[(1 << len(keys)) - 1] or 1.0
        self._pairs = [(one, other) for one, other in pairwise(order) if one != other]
        self._either_way = {*self._pairs, *((other, one) for one, other in self._pairs)}

    def mask(self, keys: Collection[object]) -> int:
        """Which of the items are among the keys of a part."""
        mask = 0
        for key in self._keys.intersection(keys):
            mask |= self._bits[key]
        return mask

    def masks(self, passage: Passage, over: int) -> list[int]:
        """The same for each part of a passage, with what stands over all of them."""
        masks = [over] * len(passage.parts)
        places = passage.places
        for key, bit in self._bits.items():
            for place in places.get(key, ()):
                masks[place] |= bit
        return masks

    def gain(self, one: Stretch, other: Stretch) -> float:
        """What two have together beyond the better of them."""
        alone = max(self.weights[one.mask], self.weights[other.mask])
        return self.weights[one.mask | other.mask] - alone

    def likeness(self, stretches: Sequence[Stretch]) -> float:
        """From 0 to 1: how much of the words is there, and of the pairs of words."""
        covered = self._covered(stretches)
        if not self._pairs:
            return covered
        parts = (part for stretch in stretches for part in stretch.parts)
        there = self._either_way.intersection(chain.from_iterable(part.pairs for part in parts))
        joined = sum((a, b) in there or (b, a) in there for a, b in self._pairs)
        return COVERED * covered + JOINED * joined / len(self._pairs)

    def most_likeness(self, stretches: Sequence[Stretch]) -> float:
        """What it could be at most, going by the words alone."""
        covered = self._covered(stretches)
        return COVERED * covered + JOINED if self._pairs else covered

    def _covered(self, stretches: Sequence[Stretch]) -> float:
        mask = reduce(or_, [stretch.mask for stretch in stretches])
        return self.weights[mask] / self.whole


class _Weights(dict[int, float]):
    """How much is in a mask, reckoned when it is first asked for."""

    def __init__(self, light: int, hard: int) -> None:
        self._light = light
        self._hard = hard
        self._others = ~(light | hard)

    def __missing__(self, mask: int) -> float:
        self[mask] = weight = (
            (mask & self._others).bit_count()
            + LIGHT * (mask & self._light).bit_count()
            + HARD * (mask & self._hard).bit_count()
        )
        return weight

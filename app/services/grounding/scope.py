"""The stretches of passages that a claim is held against, and all that is in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain

from app.services.grounding.facts import Facts
from app.services.grounding.parts import Part, Place


@dataclass(frozen=True)
class Stretch:
    """One to three neighbouring parts of a passage, and what stands above the passage."""

    evidence: int
    parts: tuple[Part, ...]
    above: tuple[Facts, ...]
    mask: int = 0


@dataclass(frozen=True)
class Scope:
    """All that a claim may lean on; `above` is what only headings and titles say."""

    parts: tuple[Part, ...]
    places: tuple[Place, ...]
    facts: tuple[Facts, ...]
    over: tuple[Facts, ...]
    written: frozenset[str]
    stems: frozenset[str]
    names: frozenset[str]
    above: frozenset[str]


def scope_of(stretches: Sequence[Stretch]) -> Scope:
    """One stretch, or two of different passages."""
    parts = tuple(part for stretch in stretches for part in stretch.parts)
    above = (
        *chain.from_iterable((*part.above, *part.heads) for part in parts),
        *chain.from_iterable(stretch.above for stretch in stretches),
    )
    facts = (*(part.facts for part in parts), *above)
    return Scope(
        parts=parts,
        places=tuple(
            place
            for stretch in stretches
            for part in stretch.parts
            for place in _places(part, stretch)
        ),
        facts=facts,
        over=above,
        written=frozenset(chain.from_iterable([each.told for each in facts])),
        stems=frozenset([word.stem for each in facts for word in each.words]),
        names=frozenset[str]().union(
            *[each.names for each in facts], *[each.initials for each in facts]
        ),
        above=frozenset([word.stem for each in above for word in each.words]),
    )


def _places(part: Part, stretch: Stretch) -> tuple[Place, ...]:
    """What is listed below "Not covered" is denied by its heading; a title is too far above."""
    if not part.is_listed:
        return part.places
    denied = frozenset(
        chain.from_iterable(each.denied for each in (*part.above, *stretch.above[:-1]))
    )
    if not denied:
        return part.places
    return tuple(
        place
        if place.denies
        else replace(place, denies=True, stems=place.stems | denied, denied=place.stems | denied)
        for place in part.places
    )

"""A passage cut into what a claim can rest on: sentences, items, rows, and the cells of a row.

Each part knows what stands above it: the head of its table, the line that led into its list, the
heading within the passage.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import chain

from app.reading.sentences import sentences_of
from app.services.grounding.facts import Amount, Facts, facts_of

CELL = "|"
_ITEM = re.compile(r"^\s*(?:[-*+•–]|\d{1,3}[.)])\s+")
_MARKUP = re.compile(r"[*`]+|^\s*#{1,6}\s+|^\s*>\s?", re.MULTILINE)
_EMPTY_CELL = frozenset({"no", "none", "–", "-", "—", "nein", "non", "nee", "✗", "✘", "×"})
_AFTER_A_UNIT = re.compile(r"(?<=\d[ \u00a0][A-Za-z]\.)\s+(?=[A-Z])")
_LONGEST_HEADING = 80
_LONGEST_ANSWER = 6
# Neighbours at this distance count as a pair.
_NEAR = 2


@dataclass(frozen=True)
class Place:
    """A clause or a cell: the smallest stretch to which a figure, a name or a denial belongs."""

    stems: frozenset[str]
    amounts: tuple[Amount, ...]
    names: frozenset[str]
    codes: frozenset[str]
    denied: frozenset[str]
    denies: bool


@dataclass(frozen=True)
class Part:
    """A sentence, an item or a row; a row knows what it is about, and what its neighbours are.

    What only the few parts need that are looked at closely is made when it is asked for.
    """

    facts: Facts
    above: tuple[Facts, ...]
    is_listed: bool = False
    cells: tuple[str, ...] = ()
    heads: tuple[Facts, ...] = ()
    label: frozenset[str] = frozenset()
    other_labels: tuple[frozenset[str], ...] = ()

    @cached_property
    def stems(self) -> frozenset[str]:
        """The words that say something, by what their forms have in common."""
        return self.facts.stems

    @property
    def keys(self) -> frozenset[object]:
        """All that it can be found by, with what stands above it."""
        over = (*self.above, *self.heads)
        return self.facts.keys.union(*(each.keys for each in over)) if over else self.facts.keys

    @property
    def pairs(self) -> Iterator[tuple[str, str]]:
        """Words that stand next to each other, or nearly, in the order of the text."""
        stems = [word.stem for word in self.facts.words]
        return chain(*(zip(stems, stems[far:], strict=False) for far in range(1, _NEAR + 1)))

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """Clauses, or the cells of a row: each belongs to the first cell and to its head."""
        if not self.cells:
            return places_of(self.facts)
        language = self.facts.language
        label = facts_of(_labelled(self.cells[0], self.heads), language)
        empty = facts_of("", language)
        return tuple(
            _cell(cell, label, self.heads[column] if column < len(self.heads) else empty)
            for column, cell in enumerate(self.cells)
            if column or len(self.cells) == 1
        )


@dataclass(frozen=True)
class Passage:
    """A text in its parts, and where in it everything stands that a part can be found by."""

    parts: tuple[Part, ...]
    places: dict[object, tuple[int, ...]]
    rows: tuple[bool, ...]
    has_rows: bool
    names: frozenset[str]


@lru_cache(maxsize=1_000)
def passage_of(text: str, language: str) -> Passage:
    """A text is taken apart once, however often it is found."""
    parts = tuple(_parts(text, language))
    places: dict[object, list[int]] = {}
    for place, part in enumerate(parts):
        for key in part.keys:
            places.setdefault(key, []).append(place)
    rows = tuple(bool(part.label) for part in parts)
    names = frozenset[str]().union(*(part.facts.names for part in parts))
    by_key = {key: tuple(each) for key, each in places.items()}
    return Passage(parts, by_key, rows, any(rows), names)


def bare(text: str) -> str:
    """Without the marks of an item, of emphasis, of a heading."""
    return _ITEM.sub("", _MARKUP.sub("", text), count=1).strip()


def places_of(facts: Facts) -> tuple[Place, ...]:
    """The clauses of a sentence."""
    return tuple(
        Place(
            stems=frozenset(word.stem for word in facts.words if word.clause == clause),
            amounts=tuple(each for each in facts.amounts if each.clause == clause),
            names=names,
            codes=facts.codes,
            denied=frozenset(
                word.stem for word in facts.words if word.clause == clause and word.is_denied
            ),
            denies=clause in facts.denying_clauses,
        )
        for clause, names in enumerate(facts.names_in)
    )


def _parts(text: str, language: str) -> Iterator[Part]:
    above: tuple[Facts, ...] = ()
    lead: tuple[Facts, ...] = ()
    lines = [line for line in text.split("\n") if line.strip()]
    number = 0
    while number < len(lines):
        line = lines[number]
        if CELL in line:
            rows = list(_run_of_rows(lines[number:]))
            number += len(rows)
            yield from _table(rows, (*above, *lead), language)
            continue
        number += 1
        plain = bare(line)
        is_item = bool(_ITEM.match(line))
        if not is_item and number < len(lines) and _is_heading(plain):
            above, lead = (facts_of(plain, language),), ()
        elif not is_item:
            lead = ()
        for sentence in _sentences(plain):
            yield Part(facts_of(sentence, language), (*above, *lead), is_item)
            if not is_item and sentence.endswith(":"):
                lead = (facts_of(sentence, language),)


def _sentences(text: str) -> Iterator[str]:
    """A yes or no belongs to what follows; "900 g." ends a sentence, for a unit is no initial."""
    answer = ""
    for sentence in sentences_of(text):
        for piece in _AFTER_A_UNIT.split(sentence):
            if len(piece) <= _LONGEST_ANSWER and piece.lower().strip(" .!") in ("yes", "no"):
                answer = f"{piece} "
                continue
            yield answer + piece
            answer = ""
    if answer:
        yield answer.strip()


def _is_heading(line: str) -> bool:
    return len(line) <= _LONGEST_HEADING and line[-1:] not in ".!:;,…"


def _run_of_rows(lines: Sequence[str]) -> Iterator[list[str]]:
    for line in lines:
        if CELL not in line:
            return
        yield [
            cell.strip() for cell in line.strip().removeprefix(CELL).removesuffix(CELL).split(CELL)
        ]


def _table(rows: list[list[str]], above: tuple[Facts, ...], language: str) -> Iterator[Part]:
    """The first row is the head, if it is not the only one."""
    header, body = (rows[0], rows[1:]) if len(rows) > 1 else ([], rows)
    heads = tuple(facts_of(cell, language) for cell in header)
    if body and len(header) == len(body[0]) - 1:
        # The cell above the first column is empty, and the bar before it looks like a margin.
        heads = (facts_of("", language), *heads)
    parts = [_row(cells, heads, above, language) for cells in body]
    labels = [part.label for part in parts]
    for place, part in enumerate(parts):
        others = tuple(label for label in (*labels[:place], *labels[place + 1 :]) if label)
        yield replace(part, other_labels=others)


def _row(
    cells: list[str], heads: tuple[Facts, ...], above: tuple[Facts, ...], language: str
) -> Part:
    facts = facts_of(f" {CELL} ".join(cell for cell in cells if cell), language)
    label = facts_of(_labelled(cells[0], heads), language)
    numbers = frozenset(f"{each.figure.value:g}" for each in label.amounts)
    return Part(
        facts,
        above,
        is_listed=True,
        cells=tuple(cells),
        heads=heads,
        label=label.stems | label.names | numbers,
    )


def _labelled(cell: str, heads: tuple[Facts, ...]) -> str:
    """A letter below "Zone" is a zone."""
    kind = next((word.written for word in heads[0].words), "") if heads else ""
    return f"{kind} {cell}" if kind and len(cell) == 1 and cell.isupper() else cell


def _cell(cell: str, label: Facts, head: Facts) -> Place:
    own = facts_of(cell, label.language)
    stems = own.stems | label.stems | head.stems
    is_empty = cell.lower() in _EMPTY_CELL
    return Place(
        stems=stems,
        amounts=(*own.amounts, *label.amounts),
        names=own.names | label.names | label.initials | head.names | head.initials,
        codes=own.codes | label.codes,
        denied=stems if is_empty else own.denied,
        denies=is_empty or bool(own.denying_clauses),
    )

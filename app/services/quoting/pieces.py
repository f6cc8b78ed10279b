"""A passage taken apart into what can be quoted: sentences, items of lists, steps, rows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from app.reading.sentences import sentences_of
from app.services.search.evidence import Evidence

ITEM = re.compile(r"^\s*(?:[-*•–·]|(\d{1,3})[.)]|[a-z][.)])\s+(?=\S)")
CELL = re.compile(r"\s*\|\s*")
LEADS_IN = (":", "：")
ENDS = (".", ":", ";", ",", "!", "…", "。", "：")
LONGEST_HEADING = 90
# Lines below one another that are no sentences: an address, a piece of code.
LONGEST_LINE = 100
MOST_LINES = 12
FEW_WORDS = 2
SAYS_NOTHING = re.compile(
    r"steps?|procedure|instructions|list|table|examples?|schritte|anleitung|étapes|pasos|passos",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Piece:
    """`text` is what is shown, `around` what stands over it and is needed to understand it.

    `source` is the place of its evidence, `block` and `place` where it stands in there. A block is
    a paragraph, a list, or a table. `columns` is what the first row of a table says of the others.
    """

    text: str
    kind: str
    source: int
    block: int
    place: int
    around: str = ""
    lead_in: str = ""
    columns: str = ""

    @property
    def block_of(self) -> tuple[int, int]:
        return self.source, self.block


@dataclass(frozen=True, slots=True)
class _Unit:
    kind: str
    lines: tuple[str, ...]


def pieces_of(evidence: Evidence, source: int) -> list[Piece]:
    """In the order in which they stand."""
    pieces: list[Piece] = []
    heading = evidence.heading.rpartition(" › ")[2]
    lead_in = ""
    for number, unit in enumerate(_units(evidence)):
        if unit.kind == "heading":
            heading, lead_in = " ".join(unit.lines), ""
            continue
        columns = _columns(unit)
        over = heading if unit.kind == "prose" else _telling(heading, evidence.title)
        made = [
            Piece(text, kind, source, number, place, above or over, above, columns)
            for place, (text, kind, above) in enumerate(_quotable(unit, lead_in))
        ]
        pieces.extend(made)
        last = unit.lines[-1]
        lead_in = last if unit.kind == "prose" and last.endswith(LEADS_IN) else ""
        lead_in = made[-1].text if lead_in and made else ""
    return pieces


def row_of(cells: Sequence[str], header: Sequence[str]) -> str:
    """A row that can be read by itself: what it is about, then each value with its column."""
    first, rest = cells[0], cells[1:]
    names = list(header[1:]) if header else []
    named = [
        f"{name}: {cell}" if name else cell
        for name, cell in zip([*names, *[""] * len(rest)], rest, strict=False)
        if cell
    ]
    if not named:
        return first
    return f"{first}{' — ' if any(names) else ': '}{'; '.join(named)}"


def _telling(heading: str, title: str) -> str:
    """What a list is of: "Steps" says nothing about them."""
    return title if not heading or SAYS_NOTHING.fullmatch(heading) else heading


def _units(evidence: Evidence) -> Iterator[_Unit]:
    """What stands between blank lines, and within it what is of one kind."""
    parts = [part for part in re.split(r"\n\s*\n", evidence.text) if part.strip()]
    for number, part in enumerate(parts):
        lines = tuple(line.rstrip() for line in part.split("\n") if line.strip())
        if number + 1 < len(parts) and all(map(_is_heading, lines)):
            yield _Unit("heading", lines)
        elif _is_table(lines, evidence.kind):
            yield _Unit("table", lines)
        else:
            for kind, group in groupby(lines, lambda line: "list" if ITEM.match(line) else "prose"):
                same = tuple(group)
                whole = kind == "prose" and _is_verse(same, evidence)
                yield _Unit("code" if whole else kind, same)


def _is_heading(line: str) -> bool:
    if len(line) > LONGEST_HEADING or line.endswith(ENDS) or "|" in line:
        return False
    return not ITEM.match(line)


def _is_table(lines: Sequence[str], kind: str) -> bool:
    rows = sum("|" in line for line in lines)
    return rows > len(lines) / 2 and (kind == "table" or rows > 1 or lines[0].count(" | ") > 1)


def _is_verse(lines: Sequence[str], evidence: Evidence) -> bool:
    if evidence.kind == "code":
        return True
    broken = sum(len(line) <= LONGEST_LINE and not line.endswith((".", "!", "?")) for line in lines)
    return len(lines) > 1 and broken > len(lines) / 2


def _quotable(unit: _Unit, lead_in: str) -> Iterator[tuple[str, str, str]]:
    """Text, kind and what leads into it."""
    if unit.kind == "table":
        for text in _rows(unit.lines):
            yield text, "row", lead_in
    elif unit.kind == "list":
        for line in unit.lines:
            match = ITEM.match(line)
            yield line.strip(), "step" if match and match[1] else "item", lead_in
    elif unit.kind == "code":
        for start in range(0, len(unit.lines), MOST_LINES):
            yield "\n".join(unit.lines[start : start + MOST_LINES]), "code", lead_in
    else:
        for line in unit.lines:
            for sentence in _whole(sentences_of(line)):
                yield sentence, "sentence", ""


def _whole(sentences: Iterator[str]) -> Iterator[str]:
    """A word or two with a full stop is the name of what follows: "Cut-off. The upper edge …"."""
    held = ""
    for sentence in sentences:
        held = f"{held} {sentence}" if held else sentence
        if len(held.split()) > FEW_WORDS:
            yield held
            held = ""
    if held:
        yield held


def _columns(unit: _Unit) -> str:
    if unit.kind != "table" or len(unit.lines) < 2:
        return ""
    table = [_cells(line) for line in unit.lines]
    return " ".join(table[0]) if _is_header(table) else ""


def _rows(lines: Sequence[str]) -> Iterator[str]:
    table = [_cells(line) for line in lines]
    header: list[str] = []
    if len(table) > 1 and _is_header(table):
        header, table = table[0], table[1:]
    for cells in table:
        if any(cells):
            yield row_of(cells, header)


def _cells(line: str) -> list[str]:
    return CELL.split(line.strip())


def _is_header(table: list[list[str]]) -> bool:
    """Names of columns: no figures beside the first, unless the columns are years or models."""
    first = table[0]
    if len(first) < 2 or not any(first):
        return not any(first)
    return not any(re.match(r"\W*\d", cell) for cell in first[1:]) or not first[0]

"""CSV: every row says for itself what its values mean."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator

from app.reading.blocks import Block, Document, Record, TableRow
from app.reading.cleaning import clean_line
from app.reading.encodings import decode
from app.reading.limits import Limits, Progress

DELIMITERS = ",;\t|"
SAMPLE_LINES = 50
FIELD_CHARACTERS = 1_000_000
FIGURE = re.compile(r"[-+]?[\d.,:/%€$£ -]*\d[\d.,:/%€$£ -]*")
LONGEST_NAME = 60


def read_csv(data: bytes, limits: Limits, progress: Progress) -> Document:
    progress.opened(0, "")
    text = decode(data).replace("\x00", "")
    csv.field_size_limit(FIELD_CHARACTERS)
    rows = _rows(text)
    first = next(rows, None)
    if first is None:
        return Document([])
    second = next(rows, None)
    names = first if second is not None and _are_names(first, second) else None
    blocks: list[Block] = []
    characters = 0
    for row in _all(None if names else first, second, rows):
        block = _block(names, row)
        characters += sum(map(len, row))
        blocks.append(block)
        if characters > limits.characters:
            # Cut short with the warning that every format gives.
            break
    return Document(blocks)


def _rows(text: str) -> Iterator[list[str]]:
    lines = text.splitlines(keepends=True)
    for row in csv.reader(lines, delimiter=_delimiter(lines)):
        cells = [clean_line(cell) for cell in row]
        if any(cells):
            yield cells


def _all(
    first: list[str] | None, second: list[str] | None, rows: Iterator[list[str]]
) -> Iterator[list[str]]:
    if first is not None:
        yield first
    if second is not None:
        yield second
    yield from rows


def _delimiter(lines: list[str]) -> str:
    """The sign that cuts the most rows into the same number of cells, at least two."""

    def agreement(delimiter: str) -> tuple[int, int]:
        widths = [len(row) for row in csv.reader(lines[:SAMPLE_LINES], delimiter=delimiter) if row]
        usual = max(set(widths), key=widths.count, default=0)
        return (widths.count(usual), usual) if usual > 1 else (0, 0)

    return max(DELIMITERS, key=agreement)


def _are_names(first: list[str], second: list[str]) -> bool:
    named = [name for name in first if name]
    return (
        len(named) >= min(len(first), len(second)) - 1
        and len(set(named)) == len(named)
        and all(len(name) <= LONGEST_NAME and not FIGURE.fullmatch(name) for name in named)
        and (len(named) > 1 or len(first) == 1)
    )


def _block(names: list[str] | None, row: list[str]) -> Block:
    if names is None:
        return TableRow(tuple(row), table=1)
    pairs = [
        f"{names[at]}: {cell}" if at < len(names) and names[at] else cell
        for at, cell in enumerate(row)
        if cell
    ]
    return Record("; ".join(pairs))

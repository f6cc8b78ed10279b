"""Rows of a table, recognised by what stands below each other."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise

from app.reading.blocks import TableRow
from app.reading.pdf.lines import Line, Piece

Join = Callable[[str, str], str]
ALIGNED = 4.0
NEXT_ROW = 3.2
NEXT_LINE = 1.5
DIGIT = re.compile(r"\d")


def table_at(lines: list[Line], at: int, number: int, join: Join) -> tuple[list[TableRow], int]:
    """The rows of the table that begins here, and the lines it takes; none if it is just a line."""
    if at + 1 >= len(lines) or not _begins_table(lines[at], lines[at + 1 : at + 3]):
        return [], 0
    table = _Table(join)
    table.add(lines[at])
    for before, line in pairwise(lines[at:]):
        if not _near(before, line):
            break
        if len(line.pieces) > 1:
            table.add(line)
        elif not table.extend(line, before):
            break
    return table.rows(number), table.lines


class _Table:
    """Grows line by line, and its columns with it."""

    def __init__(self, join: Join) -> None:
        self._join = join
        self._columns: list[tuple[float, float]] = []
        self._rows: list[list[str]] = []
        self._bold: list[bool] = []
        self._pages: list[int] = []
        self.lines = 0

    def add(self, line: Line) -> None:
        self._columns = _widened(self._columns, line.pieces)
        self._rows.append(_placed(line.pieces, self._columns))
        self._bold.append(line.bold)
        self._pages.append(line.page)
        self.lines += 1

    def extend(self, line: Line, before: Line) -> bool:
        """The second line of a cell that is not the first of its row."""
        if before.y - line.y > NEXT_LINE * line.size or line.x <= self._columns[0][1]:
            return False
        if not any(abs(line.x - start) <= ALIGNED for start, _ in self._columns[1:]):
            return False
        row, at = self._rows[-1], _column(line.pieces[0], self._columns)
        row[at] = self._join(row[at], line.text) if row[at] else line.text
        self.lines += 1
        return True

    def rows(self, number: int) -> list[TableRow]:
        width = len(self._columns)
        rows = [row + [""] * (width - len(row)) for row in self._rows]
        header = _has_header(rows, self._bold)
        return [
            TableRow(tuple(row), number, header and index == 0, page)
            for index, (row, page) in enumerate(zip(rows, self._pages, strict=True))
        ]


def _begins_table(line: Line, following: list[Line]) -> bool:
    """Another row stands below, and something in it right below something of this one."""
    before = line
    for other in following:
        if not _near(before, other):
            return False
        if len(other.pieces) > 1:
            return any(_aligned(one, two) for one in line.pieces[1:] for two in other.pieces[1:])
        before = other
    return False


def _aligned(one: Piece, two: Piece) -> bool:
    return (
        abs(one.x - two.x) <= ALIGNED
        or abs(one.end - two.end) <= ALIGNED
        or abs(one.x + one.end - two.x - two.end) <= ALIGNED
    )


def _near(before: Line, line: Line) -> bool:
    return 0 < before.y - line.y <= NEXT_ROW * max(before.size, line.size)


def _widened(columns: list[tuple[float, float]], pieces: list[Piece]) -> list[tuple[float, float]]:
    """The columns as wide as their cells; cells that hit none make a column of their own."""
    if len(pieces) == len(columns):
        return [
            (min(start, piece.x), max(end, piece.end))
            for (start, end), piece in zip(columns, pieces, strict=True)
        ]
    if len(pieces) > len(columns):
        return columns + [(piece.x, piece.end) for piece in pieces[len(columns) :]]
    return columns


def _placed(pieces: list[Piece], columns: list[tuple[float, float]]) -> list[str]:
    cells = [""] * len(columns)
    if len(pieces) >= len(columns):
        return [piece.text for piece in pieces]
    for piece in pieces:
        at = _column(piece, columns)
        cells[at] = f"{cells[at]} {piece.text}".strip()
    return cells


def _column(piece: Piece, columns: list[tuple[float, float]]) -> int:
    def distance(at: int) -> float:
        start, end = columns[at]
        overlap = min(piece.end, end) - max(piece.x, start)
        return -overlap if overlap > 0 else min(abs(piece.x - start), abs(piece.end - end))

    return min(range(len(columns)), key=distance)


def _has_header(rows: list[list[str]], bold: list[bool]) -> bool:
    """Set in bold, or words above figures."""
    if bold[0] and not all(bold):
        return True
    if any(DIGIT.search(cell) for cell in rows[0]) or not all(rows[0]):
        return False
    return any(DIGIT.search(cell) for row in rows[1:] for cell in row)

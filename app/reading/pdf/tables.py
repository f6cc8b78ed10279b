"""Rows of a table, recognised by what stands below each other."""

from __future__ import annotations

import re
from collections.abc import Callable

from app.reading.blocks import Block, Paragraph, TableRow
from app.reading.pdf.lines import Line, Piece

Join = Callable[[str, str], str]
ALIGNED = 4.0
NEXT_ROW = 3.2
NEXT_LINE = 1.5
DIGIT = re.compile(r"\d")


def table_at(lines: list[Line], at: int, number: int, join: Join) -> tuple[list[Block], int]:
    """The table that begins here and how many lines it takes; one row alone is no table."""
    columns = [(piece.x, piece.end) for piece in lines[at].pieces]
    rows = [_placed(lines[at].pieces, columns)]
    bold = [lines[at].bold]
    full = 1
    end = at + 1
    while end < len(lines) and _near(lines[end - 1], lines[end]):
        line = lines[end]
        if len(line.pieces) > 1:
            columns = _widened(columns, line.pieces)
            rows = [row + [""] * (len(columns) - len(row)) for row in rows]
            rows.append(_placed(line.pieces, columns))
            bold.append(line.bold)
            full += 1
        elif _wraps(line, lines[end - 1], columns):
            cell = _column(line.pieces[0], columns)
            rows[-1][cell] = join(rows[-1][cell], line.text) if rows[-1][cell] else line.text
        else:
            break
        end += 1
    if full < 2:
        line = lines[at]
        text = " ".join(piece.text for piece in line.pieces)
        return [Paragraph(text, line.page, line.page)], 1
    header = _has_header(rows, bold)
    return [
        TableRow(tuple(row), number, header and index == 0, lines[at].page)
        for index, row in enumerate(rows)
    ], end - at


def _near(before: Line, line: Line) -> bool:
    return 0 < before.y - line.y <= NEXT_ROW * max(before.size, line.size)


def _wraps(line: Line, before: Line, columns: list[tuple[float, float]]) -> bool:
    """The second line of a cell that is not the first of its row."""
    return (
        before.y - line.y <= NEXT_LINE * line.size
        and line.x > columns[0][1]
        and any(abs(line.x - start) <= ALIGNED for start, _ in columns[1:])
    )


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

"""In which order the lines of a page are read: column by column where there are columns."""

from __future__ import annotations

from itertools import groupby
from statistics import fmean

from app.reading.pdf.lines import Piece

BIN = 4.0
# A gutter lies in the middle part of the page, and few lines run across it.
MARGIN = 0.18
CROSSING = 0.2
# A piece of this share of the width stands above, below or between columns, not in one.
WIDE = 0.55
# In sizes of the print: baselines beside each other, and below each other in one column.
LEVEL = 0.9
NEXT_LINE = 2.2
FEWEST_LINES = 4
WORDS_A_LINE = 3.0
FILLED = 0.55
DEEPEST = 3
Rows = list[list[Piece]]


def reading_order(rows: Rows, depth: int = 0) -> Rows:
    """The same rows; where they run in columns, those of the left column come first."""
    wide = WIDE * (max(row[-1].end for row in rows) - min(row[0].x for row in rows))
    ordered: Rows = []
    for is_wide, some in groupby(rows, lambda row: any(p.end - p.x > wide for p in row)):
        band = list(some)
        ordered += band if is_wide else _band(band, depth)
    return ordered


def _band(rows: Rows, depth: int) -> Rows:
    """Rows between two lines of full width: here columns may stand."""
    gutter = _gutter(rows) if depth < DEEPEST else None
    if gutter is None:
        return rows
    first, last = _extent(rows, gutter)
    if not _divides_prose(rows[first:last], gutter):
        return rows
    ordered = rows[:first]
    for crosses, some in groupby(rows[first:last], lambda row: _crosses(row, gutter)):
        part = list(some)
        ordered += part if crosses else _columns(part, gutter, depth)
    return ordered + rows[last:]


def _extent(rows: Rows, gutter: float) -> tuple[int, int]:
    """From the first to the last row with text on both sides, and what runs on from there."""
    both = [at for at in range(len(rows)) if _stands_beside(rows, at, gutter)]
    if not both:
        return 0, 0
    first, last = both[0], both[-1] + 1
    while first > 0 and _runs_on(rows[first - 1], rows[first]):
        first -= 1
    while last < len(rows) and _runs_on(rows[last - 1], rows[last]):
        last += 1
    return first, last


def _stands_beside(rows: Rows, at: int, gutter: float) -> bool:
    """Text on both sides, in this row or in the next, whose baseline may be a little lower."""
    near = rows[at] + [
        piece for piece in (rows[at + 1] if at + 1 < len(rows) else []) if _level(rows[at], piece)
    ]
    return any(p.end <= gutter for p in near) and any(p.x >= gutter for p in near)


def _level(row: list[Piece], piece: Piece) -> bool:
    return row[0].y - piece.y < LEVEL * piece.size


def _runs_on(row: list[Piece], following: list[Piece]) -> bool:
    size = row[0].size
    same_size = abs(following[0].size - size) < 0.1 * size
    return same_size and abs(row[0].y - following[0].y) < NEXT_LINE * size


def _crosses(row: list[Piece], gutter: float) -> bool:
    return any(piece.x < gutter < piece.end for piece in row)


def _columns(band: Rows, gutter: float, depth: int) -> Rows:
    left = [side for row in band if (side := [p for p in row if p.end <= gutter])]
    right = [side for row in band if (side := [p for p in row if p.end > gutter])]
    if len(left) < 2 or len(right) < 2:
        return band
    return reading_order(left, depth + 1) + reading_order(right, depth + 1)


def _gutter(rows: Rows) -> float | None:
    """Where a white strip runs down the middle, if one does."""
    if sum(len(row) > 1 for row in rows) < 2 and len(rows) < 2 * FEWEST_LINES:
        return None
    left = min(row[0].x for row in rows)
    right = max(row[-1].end for row in rows)
    return _whitest(rows, left, right)


def _whitest(rows: Rows, left: float, right: float) -> float | None:
    bins = int((right - left) / BIN) + 2
    if not 20 <= bins <= 5_000:
        return None
    steps = [0] * (bins + 1)
    for row in rows:
        for piece in row:
            steps[int((piece.x - left) / BIN)] += 1
            steps[int((piece.end - left) / BIN) + 1] -= 1
    covered = []
    height = 0
    for step in steps:
        height += step
        covered.append(height)
    inside = range(int(bins * MARGIN), int(bins * (1 - MARGIN)))
    lowest = min(covered[at] for at in inside)
    if lowest > CROSSING * len(rows):
        return None
    first = next(at for at in inside if covered[at] == lowest)
    last = first
    while last + 1 < bins and covered[last + 1] == lowest:
        last += 1
    return left + (first + last + 1) / 2 * BIN


def _divides_prose(rows: Rows, gutter: float) -> bool:
    sides = (
        [piece for row in rows for piece in row if piece.end <= gutter],
        [piece for row in rows for piece in row if piece.x >= gutter],
    )
    if any(len(side) < FEWEST_LINES for side in sides) or not _side_by_side(*sides):
        return False
    for side in sides:
        width = max(p.end for p in side) - min(p.x for p in side)
        filled = fmean(piece.end - piece.x for piece in side) / max(width, 1.0)
        words = fmean(piece.text.count(" ") + 1 for piece in side)
        if filled < FILLED or words < WORDS_A_LINE:
            return False
    return True


def _side_by_side(left: list[Piece], right: list[Piece]) -> bool:
    top = min(max(p.y for p in left), max(p.y for p in right))
    bottom = max(min(p.y for p in left), min(p.y for p in right))
    shorter = min(
        max(p.y for p in left) - min(p.y for p in left),
        max(p.y for p in right) - min(p.y for p in right),
    )
    return top - bottom >= shorter / 2

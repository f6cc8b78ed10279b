"""In which order the lines of a page are read: column by column where there are columns."""

from __future__ import annotations

from statistics import fmean

from app.reading.pdf.lines import Piece

BIN = 4.0
# A gutter lies in the middle part of the page, and few lines run across it.
MARGIN = 0.18
CROSSING = 0.2
FEWEST_LINES = 5
WORDS_A_LINE = 3.0
FILLED = 0.55
DEEPEST = 3
Rows = list[list[Piece]]


def reading_order(rows: Rows, depth: int = 0) -> Rows:
    """The same rows; where they run in columns, those of the left column come first."""
    gutter = _gutter(rows) if depth < DEEPEST else None
    if gutter is None:
        return rows
    ordered: Rows = []
    band: Rows = []
    for row in rows:
        if any(piece.x < gutter < piece.end for piece in row):
            ordered += _columns(band, gutter, depth)
            ordered.append(row)
            band = []
        else:
            band.append(row)
    return ordered + _columns(band, gutter, depth)


def _columns(band: Rows, gutter: float, depth: int) -> Rows:
    left = [side for row in band if (side := [p for p in row if p.end <= gutter])]
    right = [side for row in band if (side := [p for p in row if p.end > gutter])]
    if len(left) < 2 or len(right) < 2:
        return band
    return reading_order(left, depth + 1) + reading_order(right, depth + 1)


def _gutter(rows: Rows) -> float | None:
    """Where a white strip runs down between two stretches of prose, if it does."""
    if sum(len(row) > 1 for row in rows) < 2 and len(rows) < 2 * FEWEST_LINES:
        return None
    left = min(row[0].x for row in rows)
    right = max(row[-1].end for row in rows)
    strip = _whitest(rows, left, right)
    return strip if strip is not None and _divides_prose(rows, strip) else None


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

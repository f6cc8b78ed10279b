"""Spans put side by side into lines, as the eye reads them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from operator import attrgetter

from app.reading.cleaning import clean_line
from app.reading.pdf.spans import Span

# In sizes of the font: what still stands on the same line, and what gap is more than a space.
SAME_LINE = 0.4
NEXT_COLUMN = 1.0
TOUCHING = 0.1
REPAINTED = 0.35
MARKER = re.compile(r"(?:[•◦▪■●○·‣⁃➢➤✓✔❖–*-]|\(?\d{1,3}[.)]|\(?[A-Za-z][.)]|\(?[ivxIVX]{1,5}[.)])$")
NUMBERING = re.compile(r"(?:\d{1,3}\.)*\d{1,3}\.?$|[A-Z]\.\d{1,2}(?:\.\d{1,2})*\.?$")
LEADERS = re.compile(r"\s*(?:\.\s?){4,}\s*|\s*…{2,}\s*")
RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
# Within a line that runs to the left, numbers and Latin words still run to the right.
RUNS_RIGHT = re.compile(r"[0-9A-Za-z\u00c0-\u024f](?:[\w.,:/%@+-]*[0-9A-Za-z\u00c0-\u024f%])?")
MIRRORED = str.maketrans("()[]{}<>«»", ")(][}{><»«")


@dataclass(slots=True)
class Piece:
    """A stretch of one line without a gap that the eye would jump over."""

    x: float
    end: float
    y: float
    size: float
    bold: bool
    mono: bool
    text: str


@dataclass(slots=True)
class Line:
    """What stands on one line of one column. More than one cell: perhaps a row of a table."""

    pieces: list[Piece]
    page: int
    x: float
    end: float
    y: float
    size: float
    bold: bool
    mono: bool
    text: str


def rows_of(spans: list[Span]) -> list[list[Piece]]:
    """Pieces grouped by baseline, from the top down and from left to right."""
    rows: list[list[Span]] = []
    baseline = size = 0.0
    for span in sorted(spans, key=_from_the_top):
        if rows and abs(span.y - baseline) <= SAME_LINE * max(size, span.size):
            rows[-1].append(span)
            if span.size > size:
                baseline, size = span.y, span.size
        else:
            rows.append([span])
            baseline, size = span.y, span.size
    return [pieces for row in rows if (pieces := _pieces(row))]


def line_of(pieces: list[Piece], page: int) -> Line:
    pieces = _with_marker(pieces)
    widest = max(pieces, key=lambda piece: len(piece.text))
    return Line(
        pieces=pieces,
        page=page,
        x=pieces[0].x,
        end=pieces[-1].end,
        y=widest.y,
        size=widest.size,
        bold=all(piece.bold for piece in pieces),
        mono=all(piece.mono for piece in pieces),
        text=" ".join(piece.text for piece in pieces),
    )


def logical(text: str) -> str:
    """Painted from left to right, whatever the script; here as it is read and searched."""
    if not RIGHT_TO_LEFT.search(text):
        return text
    turned = text[::-1].translate(MIRRORED)
    return RUNS_RIGHT.sub(lambda run: run.group()[::-1], turned)


def _from_the_top(span: Span) -> tuple[float, float]:
    return -span.y, span.x


def _pieces(row: list[Span]) -> list[Piece]:
    if len(row) > 1:
        row.sort(key=attrgetter("x"))
    groups: list[list[Span]] = []
    for span in row:
        if not span.text.strip():
            continue
        if groups and span.x - groups[-1][-1].end <= NEXT_COLUMN * span.size:
            groups[-1].append(span)
        else:
            groups.append([span])
    pieces = [_piece(group) for group in groups]
    return [piece for piece in pieces if piece.text]


def _piece(group: list[Span]) -> Piece:
    first = group[0]
    largest = first if len(group) == 1 else max(group, key=lambda span: len(span.text))
    text = LEADERS.sub(" … ", logical(clean_line(_joined(group))))
    return Piece(
        x=first.x,
        end=group[-1].end,
        y=largest.y,
        size=largest.size,
        bold=all(span.bold for span in group),
        mono=all(span.mono for span in group),
        text=text,
    )


def _joined(group: list[Span]) -> str:
    parts = [group[0].text]
    for before, span in pairwise(group):
        if span.text == before.text and span.x - before.x < REPAINTED * span.size:
            continue  # Painted twice, a little aside, to look bold.
        gap = span.x - before.end
        if gap > max(TOUCHING * span.size, min(before.space, span.space) / 2):
            parts.append(" ")
        parts.append(span.text)
    return "".join(parts)


def _with_marker(pieces: list[Piece]) -> list[Piece]:
    """The mark of a list item and the number of a heading stand apart, and belong to the text."""
    first = pieces[0]
    if len(pieces) != 2 or not (MARKER.match(first.text) or NUMBERING.match(first.text)):
        return pieces
    if NUMBERING.match(pieces[1].text):
        return pieces
    second = pieces[1]
    joined = Piece(
        first.x, second.end, second.y, second.size, second.bold, second.mono,
        f"{first.text} {second.text}",
    )  # fmt: skip
    return [joined]

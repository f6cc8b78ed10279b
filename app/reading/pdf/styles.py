"""What the print looks like: which size is the text, which sizes are headings."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from app.reading.pdf.lines import Line

LARGER = 1.12
LONGEST_HEADING = 150
MOST_WORDS = 20
MOST_WORDS_IN_BOLD = 14
HEADING_SIZES = 4
LETTER = re.compile(r"[^\W\d_]")
SENTENCE_END = re.compile(r"[.,;!]$")
BULLET = re.compile(r"[•◦▪■●○·‣⁃➢➤✓✔❖]")
PLAIN = re.compile(r"[\W_]+")
SAMPLED_LINES = 20_000


@dataclass(frozen=True)
class Style:
    """Measured over the whole document, so that a page of large print is not all headings."""

    body: float
    leading: float
    heading_sizes: tuple[float, ...]
    bold_marks_headings: bool
    mono_marks_code: bool
    outline: frozenset[str]

    def heading_level(self, line: Line) -> int | None:
        """Only by its looks; whoever puts blocks together also looks at what stands around it."""
        text = line.text
        if len(line.pieces) > 1 or len(text) > LONGEST_HEADING or not LETTER.search(text):
            return None
        words = text.count(" ") + 1
        if words > MOST_WORDS or BULLET.match(text):
            return None
        if line.size >= self.body * LARGER:
            return self._level_of_size(line.size)
        if not self._fits_bold(line, words):
            return None
        if line.bold and self.bold_marks_headings:
            return len(self.heading_sizes) + 1
        return len(self.heading_sizes) + 2 if plain(text) in self.outline else None

    def _fits_bold(self, line: Line, words: int) -> bool:
        return (
            line.size >= self.body * 0.95
            and words <= MOST_WORDS_IN_BOLD
            and not SENTENCE_END.search(line.text)
        )

    def _level_of_size(self, size: float) -> int:
        for level, known in enumerate(self.heading_sizes, start=1):
            if size >= known - 0.6:
                return level
        return max(len(self.heading_sizes), 1)


def measure(pages: list[list[Line]], outline: frozenset[str]) -> Style:
    sizes: Counter[float] = Counter()
    bold = mono = total = 0
    for line in (line for lines in pages for line in lines):
        length = len(line.text)
        sizes[_rounded(line.size)] += length
        total += length
        bold += length * line.bold
        mono += length * line.mono
    body = sizes.most_common(1)[0][0] if sizes else 10.0
    return Style(
        body=body,
        leading=_leading(pages, body),
        heading_sizes=_heading_sizes(pages, body),
        bold_marks_headings=bold < total * 0.4,
        mono_marks_code=mono < total * 0.6,
        outline=outline,
    )


def plain(text: str) -> str:
    return PLAIN.sub(" ", text).strip().casefold()


def _leading(pages: list[list[Line]], body: float) -> float:
    steps: list[float] = []
    for lines in pages:
        for before, line in pairwise(lines):
            step = before.y - line.y
            if 0 < step < 2.5 * body and _rounded(line.size) == _rounded(before.size) == body:
                steps.append(step)
        if len(steps) > SAMPLED_LINES:
            break
    return median(steps) if steps else body * 1.2


def _heading_sizes(pages: list[list[Line]], body: float) -> tuple[float, ...]:
    found = {
        _rounded(line.size)
        for lines in pages
        for line in lines
        if line.size >= body * LARGER
        and len(line.text) <= LONGEST_HEADING
        and LETTER.search(line.text)
    }
    apart: list[float] = []
    for size in sorted(found, reverse=True):
        if not apart or apart[-1] - size > 0.6:
            apart.append(size)
    return tuple(apart[:HEADING_SIZES])


def _rounded(size: float) -> float:
    return round(size * 2) / 2

"""Lines put together into what they were before they were printed: paragraphs, lists, tables."""

from __future__ import annotations

import re

from app.reading.blocks import Block, Code, Heading, ListItem, Paragraph
from app.reading.pdf.lines import Line
from app.reading.pdf.styles import Style
from app.reading.pdf.tables import table_at
from app.reading.pdf.wrapping import Wrapping

ITEM = re.compile(
    r"(?P<marker>[•◦▪■●○·‣⁃➢➤✓✔❖–*-]|\(?\d{1,3}[.)]|\(?[A-Za-z][.)]|\(?[ivxIVX]{2,5}[.)])\s+(?P<text>\S.*)"
)
NUMBERED = re.compile(r"[\dA-Za-z(]")
SENTENCE_END = re.compile(r"[.!?:;。！？…][\"'”’»)\]]*$")
CONTENTS_ENTRY = re.compile(r".* … (?:\d{1,4}|[ivxlc]{1,6})$")
HEADING_LINES = 3
NEW_PARAGRAPH = 1.3
INDENT = 0.8
HANGING = 3.0
# A line that ends this much before the others was ended on purpose.
ENDED_EARLY = 0.3
BAND = 12.0
LETTER_WIDTH = 0.6


def blocks_of(pages: list[list[Line]], style: Style, wrapping: Wrapping) -> list[Block]:
    """The blocks of the whole document; a paragraph may begin on one page and end on another."""
    assembly = _Assembly(style, wrapping)
    for lines in pages:
        assembly.take_page(lines)
    return assembly.blocks


class _Assembly:
    def __init__(self, style: Style, wrapping: Wrapping) -> None:
        self.blocks: list[Block] = []
        self._style = style
        self._join = wrapping.join
        self._before: Line | None = None
        # Where the lines of the open paragraph or item begin, and how deep the open list is.
        self._margin = 0.0
        self._indents: list[float] = []
        self._tables = 0
        self._edges: dict[int, float] = {}

    def take_page(self, lines: list[Line]) -> None:
        self._edges = _right_edges(lines)
        at = 0
        while at < len(lines):
            at += self._take(lines, at)

    def _take(self, lines: list[Line], at: int) -> int:
        """Take one line, or all lines of a heading or a table; say how many."""
        line = lines[at]
        taken = self._take_heading(lines, at) or self._take_table(lines, at)
        if not taken:
            self._take_text(line)
            taken = 1
        self._before = lines[at + taken - 1]
        return taken

    def _take_heading(self, lines: list[Line], at: int) -> int:
        line = lines[at]
        level = self._style.heading_level(line)
        if level is None or not self._stands_alone(line) or CONTENTS_ENTRY.match(line.text):
            return 0
        end = at + 1
        while end < len(lines) and self._continues_heading(lines[end - 1], lines[end]):
            end += 1
        if end - at > HEADING_LINES:
            return 0
        text = line.text
        for more in lines[at + 1 : end]:
            text = self._join(text, more.text)
        self.blocks.append(Heading(level, text, line.page))
        self._indents.clear()
        return end - at

    def _stands_alone(self, line: Line) -> bool:
        """Bold words in the flow of a paragraph are no heading."""
        before = self._before
        if line.size >= self._style.body * 1.12 or before is None or before.page != line.page:
            return True
        step = before.y - line.y
        return step < 0 or step > 1.12 * self._style.leading or _closed(before, self._style)

    def _continues_heading(self, line: Line, following: Line) -> bool:
        return (
            abs(following.size - line.size) < 0.3
            and following.bold == line.bold
            and 0 < line.y - following.y < 1.5 * line.size
            and self._style.heading_level(following) is not None
            and not ITEM.match(following.text)
        )

    def _take_table(self, lines: list[Line], at: int) -> int:
        if len(lines[at].pieces) < 2:
            return 0
        rows, taken = table_at(lines, at, self._tables + 1, self._join)
        if rows:
            self._tables += 1
            self.blocks.extend(rows)
            self._indents.clear()
        return taken

    def _take_text(self, line: Line) -> None:
        if line.mono and self._style.mono_marks_code:
            self._take_code(line)
        elif CONTENTS_ENTRY.match(line.text):
            self._begin_item(line, "-", line.text)
        elif item := ITEM.match(line.text):
            self._begin_item(line, item["marker"], item["text"])
        elif open_block := self._continued_by(line):
            self._extend(open_block, line)
        else:
            self._margin = line.x
            self._indents.clear()
            self.blocks.append(Paragraph(line.text, line.page, line.page))

    def _take_code(self, line: Line) -> None:
        last = self.blocks[-1] if self.blocks else None
        if not isinstance(last, Code) or last.page != line.page:
            self._margin = line.x
            self.blocks.append(Code(line.text, line.page))
            return
        indent = round(max(0.0, line.x - self._margin) / (LETTER_WIDTH * line.size))
        last.text += "\n" + " " * indent + line.text

    def _begin_item(self, line: Line, marker: str, text: str) -> None:
        while self._indents and line.x < self._indents[-1] - HANGING:
            self._indents.pop()
        if not self._indents or line.x > self._indents[-1] + HANGING:
            self._indents.append(line.x)
        marker = marker if NUMBERED.match(marker) else "-"
        depth = len(self._indents) - 1
        self._margin = line.x
        self.blocks.append(ListItem(text, depth, marker, line.page, line.page))

    def _continued_by(self, line: Line) -> Paragraph | ListItem | None:
        """The open paragraph or item, if the line belongs to it."""
        last = self.blocks[-1] if self.blocks else None
        before = self._before
        if before is None or not isinstance(last, Paragraph | ListItem):
            return None
        if abs(before.size - line.size) > 0.15 * line.size:
            return None
        if before.page != line.page or line.y >= before.y:
            goes_on = _runs_on(before.text, line.text)
        elif before.y - line.y > NEW_PARAGRAPH * max(self._style.leading, line.size * 1.1):
            goes_on = False
        elif isinstance(last, ListItem):
            goes_on = self._hangs(line) and not CONTENTS_ENTRY.match(before.text)
        else:
            goes_on = not self._ended_early(before, line) and not self._is_indented(line, before)
        return last if goes_on else None

    def _is_indented(self, line: Line, before: Line) -> bool:
        """The first line of a new paragraph, where nothing but an indentation marks it."""
        indented = line.x - self._margin > INDENT * line.size and before.x - self._margin < 2
        return indented and SENTENCE_END.search(before.text) is not None

    def _ended_early(self, before: Line, line: Line) -> bool:
        edge = self._edges.get(int(before.x / BAND), before.end)
        short = edge - before.end > ENDED_EARLY * (edge - before.x)
        return short and not _runs_on(before.text, line.text)

    def _hangs(self, line: Line) -> bool:
        """Indented below its mark, or, where nothing hangs, on the same margin."""
        start = self._indents[-1] if self._indents else line.x
        return line.x >= start - 1

    def _extend(self, open_block: Paragraph | ListItem, line: Line) -> None:
        open_block.text = self._join(open_block.text, line.text)
        open_block.page_to = line.page
        if isinstance(open_block, Paragraph):
            self._margin = min(self._margin, line.x)


def _closed(line: Line, style: Style) -> bool:
    return line.bold or bool(SENTENCE_END.search(line.text)) or line.size > style.body * 1.12


def _right_edges(lines: list[Line]) -> dict[int, float]:
    """How far the lines of each column reach, by where they begin: a wide band around it."""
    reach: dict[int, float] = {}
    for line in lines:
        if len(line.pieces) == 1:
            at = int(line.x / BAND)
            reach[at] = max(reach.get(at, 0.0), line.end)
    return {at: max(reach.get(at + step, 0.0) for step in range(-5, 6)) for at in reach}


def _runs_on(text: str, following: str) -> bool:
    """A sentence that goes on at the top of the next column or page."""
    return not SENTENCE_END.search(text) and (following[:1].islower() or text.endswith("-"))

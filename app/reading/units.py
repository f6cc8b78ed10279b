"""What a passage is packed from: pieces that are better not torn apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from app.reading.blocks import Block, Code, ListItem, Paragraph, Record, TableRow
from app.reading.sentences import sentences_of
from app.reading.tokens import TokenCounter

CELL = " | "
END: tuple[str, list[Block]] = ("", [])
# A sentence that leads into a list belongs to the list, if it is no whole story.
LEAD_IN = (":", "：")
LONGEST_LEAD_IN = 0.4
# A header is repeated above every part of its table, unless it would fill the passage.
LONGEST_HEADER = 0.3


@dataclass(frozen=True)
class Unit:
    """`close` stands directly below the unit before it."""

    text: str
    kind: str
    tokens: int
    page_from: int
    page_to: int
    close: bool = False


def units_of(blocks: list[Block], counter: TokenCounter, limit: int) -> list[Unit]:
    """Every unit fits into a passage of `limit` tokens."""
    return list(_Units(counter, limit).of(blocks))


class _Units:
    def __init__(self, counter: TokenCounter, limit: int) -> None:
        self._count = counter.count
        self._limit = limit

    def of(self, blocks: list[Block]) -> Iterator[Unit]:
        groups = [(kind, list(group)) for kind, group in groupby(blocks, _group)]
        lead: Block | None = None
        for (kind, group), following in zip(groups, [*groups[1:], END], strict=False):
            if kind == "text" and following[0].startswith(("list", "table", "code", "record")):
                lead_in = self._lead_in(group[-1])
                yield from self._paragraphs(group[:-1] if lead_in else group)
                lead = group[-1] if lead_in else None
                continue
            yield from self._grouped(kind, group, lead)
            lead = None

    def _grouped(self, kind: str, group: list[Block], lead: Block | None) -> Iterator[Unit]:
        if kind == "text":
            yield from self._paragraphs(group)
        elif kind.startswith("table"):
            yield from self._table([block for block in group if isinstance(block, TableRow)], lead)
        elif kind == "list":
            yield from self._lines("list", _items(group), lead)
        elif kind == "record":
            yield from self._lines("table", [(_text(block), block.page) for block in group], lead)
        else:
            yield from self._code(group, lead)

    def _lead_in(self, block: Block) -> bool:
        text = _text(block)
        return text.endswith(LEAD_IN) and self._count(text) <= LONGEST_LEAD_IN * self._limit

    def _paragraphs(self, blocks: Iterable[Block]) -> Iterator[Unit]:
        for block in blocks:
            text = _text(block)
            tokens = self._count(text)
            page_to = block.page_to if isinstance(block, Paragraph) else block.page
            if tokens <= self._limit:
                yield Unit(text, "text", tokens, block.page, page_to)
            else:
                for part, count in self._split(text):
                    yield Unit(part, "text", count, block.page, page_to)

    def _lines(self, kind: str, lines: list[tuple[str, int]], lead: Block | None) -> Iterator[Unit]:
        """Lines that belong together: in one unit if they fit, or else as many as fit."""
        if lead is not None:
            lines = [(_text(lead), lead.page), *lines]
        yield from self._stacked(kind, lines, [])

    def _table(self, rows: list[TableRow], lead: Block | None) -> Iterator[Unit]:
        header = [_row(row) for row in rows if row.header]
        if sum(map(self._count, header)) > LONGEST_HEADER * self._limit:
            header = []
        body = [(_row(row), row.page) for row in rows if not (row.header and header)]
        if not body:
            body, header = [(line, rows[0].page) for line in header], []
        if lead is not None:
            yield from self._paragraphs([lead])
        yield from self._stacked("table", body, header)

    def _code(self, blocks: list[Block], lead: Block | None) -> Iterator[Unit]:
        lines = [(line, block.page) for block in blocks for line in _text(block).split("\n")]
        if lead is not None:
            lines = [(_text(lead), lead.page), *lines]
        yield from self._stacked("code", lines, [])

    def _stacked(
        self, kind: str, lines: list[tuple[str, int]], header: list[str]
    ) -> Iterator[Unit]:
        """Line upon line until the next would be too much; the header above each stack."""
        room = self._limit - sum(map(self._count, header))
        stack: list[tuple[str, int]] = []
        tokens = 0
        for line, page in lines:
            for part, count in self._fitting(line, room):
                if stack and tokens + count > room:
                    yield self._stack(kind, stack, header)
                    stack, tokens = [], 0
                stack.append((part, page))
                tokens += count
        if stack:
            yield self._stack(kind, stack, header)

    def _stack(self, kind: str, stack: list[tuple[str, int]], header: list[str]) -> Unit:
        text = "\n".join([*header, *(line for line, _ in stack)])
        pages = [page for _, page in stack]
        return Unit(text, kind, self._count(text), min(pages), max(pages), close=True)

    def _fitting(self, line: str, room: int) -> Iterator[tuple[str, int]]:
        tokens = self._count(line)
        if tokens <= room:
            yield line, tokens
        else:
            yield from self._split(line, room)

    def _split(self, text: str, room: int = 0) -> Iterator[tuple[str, int]]:
        """At sentences, as evenly as they allow; a sentence that is too long, between words."""
        room = room or self._limit
        parts = [part for sentence in sentences_of(text) for part in self._clauses(sentence, room)]
        total = sum(count for _, count in parts)
        aim = total / max(1, -(-total // room))
        held: list[str] = []
        tokens = 0
        for part, count in parts:
            if held and (tokens + count > room or tokens + count / 2 > aim):
                yield " ".join(held), tokens
                held, tokens = [], 0
            held.append(part)
            tokens += count
        if held:
            yield " ".join(held), tokens

    def _clauses(self, sentence: str, room: int) -> Iterator[tuple[str, int]]:
        tokens = self._count(sentence)
        if tokens <= room:
            yield sentence, tokens
            return
        held: list[str] = []
        tokens = 0
        for word in self._words(sentence, room):
            count = self._count(word)
            if held and tokens + count > room:
                yield " ".join(held), tokens
                held, tokens = [], 0
            held.append(word)
            tokens += count
        if held:
            yield " ".join(held), tokens

    def _words(self, sentence: str, room: int) -> Iterator[str]:
        """Scripts without spaces, and what somebody pasted without any, are cut by letters."""
        for word in sentence.split():
            if self._count(word) <= room:
                yield word
                continue
            # A letter takes at most a few tokens; halving until it fits takes few steps.
            waiting = [word]
            while waiting:
                piece = waiting.pop()
                if self._count(piece) <= room or len(piece) == 1:
                    yield piece
                else:
                    half = len(piece) // 2
                    waiting += [piece[half:], piece[:half]]


def _group(block: Block) -> str:
    if isinstance(block, TableRow):
        return f"table {block.table}"
    if isinstance(block, ListItem):
        return "list"
    if isinstance(block, Record):
        return "record"
    return "code" if isinstance(block, Code) else "text"


def _text(block: Block) -> str:
    if isinstance(block, TableRow):
        return _row(block)
    return block.text


def _row(row: TableRow) -> str:
    return CELL.join(row.cells).strip()


def _items(group: list[Block]) -> list[tuple[str, int]]:
    return [
        (f"{'  ' * min(item.depth, 6)}{item.marker} {item.text}", item.page)
        for item in group
        if isinstance(item, ListItem)
    ]

"""A document cut into passages: small enough for the embedding model, whole enough to be quoted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from app.reading.blocks import Block, Heading, Paragraph
from app.reading.tokens import TokenCounter
from app.reading.units import Unit, units_of

LONGEST_HEADING = 160
# Sections shorter than this share of a passage are put together with their neighbours.
SMALL = 0.3
# The last piece of a long section should not be a mere leftover.
SLACK = 1.15
# What the model sees beyond the body is for the title and the headings above a passage. Where
# they need more, the body gets less, though never less than half.
HEADING_ROOM = 54
BETWEEN_HEADINGS = " > "


@dataclass(frozen=True)
class Passage:
    """What is searched and quoted. Pages count from 1; None where the format has no pages."""

    ordinal: int
    text: str
    heading_path: tuple[str, ...]
    page_from: int | None
    page_to: int | None
    kind: str
    tokens: int


@dataclass
class _Section:
    """What stands between two headings; `top` changes wherever a new chapter begins."""

    path: tuple[str, ...]
    top: int
    limit: int
    units: list[Unit]

    @property
    def tokens(self) -> int:
        return sum(unit.tokens for unit in self.units)


def cut(
    blocks: list[Block], counter: TokenCounter, body_tokens: int, title: str = ""
) -> list[Passage]:
    """Passages in reading order. The same blocks always give the same passages."""
    cutter = _Cutter(counter, body_tokens, title)
    pieces = [
        (section.path, piece)
        for section in cutter.merged(cutter.sections(blocks))
        for piece in _packed(section.units, section.limit)
    ]
    return [_passage(ordinal, path, piece) for ordinal, (path, piece) in enumerate(pieces)]


def indexed(title: str, heading_path: tuple[str, ...], text: str) -> str:
    """What is searched and embedded for a passage: its text below all that stands above it."""
    above = [title, BETWEEN_HEADINGS.join(heading_path), text]
    return "\n".join(part for part in above if part)


class _Cutter:
    def __init__(self, counter: TokenCounter, body_tokens: int, title: str) -> None:
        self._counter = counter
        self._body_tokens = body_tokens
        self._title = title

    def sections(self, blocks: list[Block]) -> Iterator[_Section]:
        open_headings: list[Heading] = []
        own: list[Block] = []
        top_level = _top_level(blocks)
        top = 0
        for block in (*blocks, Heading(0, "")):
            if not isinstance(block, Heading):
                own.append(block)
                continue
            if not own and open_headings and block.level <= open_headings[-1].level:
                # Nothing stands below it, so its words must stand for themselves.
                leaf = open_headings.pop()
                if leaf.text.casefold() != self._title.casefold():
                    own = [Paragraph(leaf.text, leaf.page, leaf.page)]
            yield self._section(_path(open_headings, self._title), top, own)
            own = []
            while open_headings and open_headings[-1].level >= block.level:
                open_headings.pop()
            open_headings.append(block)
            top += block.level <= top_level

    def merged(self, sections: Iterable[_Section]) -> list[_Section]:
        """Small sections of one chapter joined, each below its heading, now part of the text."""
        done: list[_Section] = []
        for section in sections:
            if not section.units:
                continue
            joined = self._joined(done[-1], section) if done else None
            if joined is None:
                done.append(section)
            else:
                done[-1] = joined
        return done

    def _section(self, path: tuple[str, ...], top: int, blocks: list[Block]) -> _Section:
        limit = self._limit(path)
        return _Section(path, top, limit, units_of(blocks, self._counter, limit))

    def _limit(self, path: tuple[str, ...]) -> int:
        above = self._counter.count(indexed(self._title, path, ""))
        room = self._body_tokens + HEADING_ROOM - above
        return max(self._body_tokens // 2, min(self._body_tokens, room))

    def _joined(self, last: _Section, section: _Section) -> _Section | None:
        small = SMALL * self._body_tokens
        if last.top != section.top or min(last.tokens, section.tokens) > small:
            return None
        shared = _shared(last.path, section.path)
        if not shared and last.path and section.path:
            return None
        path = last.path[:shared]
        units = [*self._with_headings(last, shared), *self._with_headings(section, shared)]
        joined = _Section(path, last.top, self._limit(path), units)
        return joined if joined.tokens <= joined.limit else None

    def _with_headings(self, section: _Section, shared: int) -> list[Unit]:
        """The headings that the joined section no longer shares go into the text."""
        headings = section.path[shared:]
        if not headings:
            return section.units
        text = "\n".join(headings)
        page = section.units[0].page_from
        return [Unit(text, "heading", self._counter.count(text), page, page), *section.units]


def _path(headings: list[Heading], title: str) -> tuple[str, ...]:
    """Without the title of the document, which is known anyway."""
    own = title.casefold()
    return tuple(h.text[:LONGEST_HEADING] for h in headings if h.text.casefold() != own)


def _top_level(blocks: list[Block]) -> int:
    """The highest level that divides the document; a lone heading at its top is its title."""
    levels = [block.level for block in blocks if isinstance(block, Heading)]
    for level in sorted(set(levels)):
        if levels.count(level) > 1:
            return level
    return min(levels, default=0)


def _shared(first: tuple[str, ...], second: tuple[str, ...]) -> int:
    count = 0
    for one, other in zip(first, second, strict=False):
        if one != other:
            break
        count += 1
    return count


def _packed(units: list[Unit], limit: int) -> Iterator[list[Unit]]:
    """As few passages as will do, of about the same length; no unit is split here."""
    total = sum(unit.tokens for unit in units)
    count = -(-total // limit) if total else 1
    aim = min(limit, total / count * SLACK)
    packed: list[Unit] = []
    tokens = 0
    for unit in units:
        full = tokens + unit.tokens > limit or (tokens + unit.tokens / 2 > aim and count > 1)
        if packed and full and packed[-1].kind != "heading":
            yield packed
            packed, tokens = [], 0
        packed.append(unit)
        tokens += unit.tokens
    if packed:
        yield packed


def _passage(ordinal: int, path: tuple[str, ...], units: list[Unit]) -> Passage:
    pages = [page for unit in units for page in (unit.page_from, unit.page_to) if page]
    kinds = {unit.kind for unit in units} - {"heading"}
    text = units[0].text
    for before, unit in pairwise(units):
        text += ("\n" if unit.close and before.kind == unit.kind else "\n\n") + unit.text
    return Passage(
        ordinal=ordinal,
        text=text,
        heading_path=path,
        page_from=min(pages, default=None),
        page_to=max(pages, default=None),
        kind=kinds.pop() if len(kinds) == 1 else "text",
        tokens=sum(unit.tokens for unit in units),
    )

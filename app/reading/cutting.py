"""A document cut into passages: small enough for the embedding model, whole enough to be quoted."""

from __future__ import annotations

from collections.abc import Iterator
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
    units: list[Unit]

    @property
    def tokens(self) -> int:
        return sum(unit.tokens for unit in self.units)


def cut(
    blocks: list[Block], counter: TokenCounter, body_tokens: int, title: str = ""
) -> list[Passage]:
    """Passages in reading order. The same blocks always give the same passages."""
    sections = _merged(list(_sections(blocks, counter, body_tokens, title)), counter, body_tokens)
    pieces = [
        (section.path, piece)
        for section in sections
        for piece in _packed(section.units, body_tokens)
    ]
    return [_passage(ordinal, path, piece) for ordinal, (path, piece) in enumerate(pieces)]


def _sections(
    blocks: list[Block], counter: TokenCounter, limit: int, title: str
) -> Iterator[_Section]:
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
            own = [Paragraph(leaf.text, leaf.page, leaf.page)]
        yield _Section(_path(open_headings, title), top, units_of(own, counter, limit))
        own = []
        while open_headings and open_headings[-1].level >= block.level:
            open_headings.pop()
        open_headings.append(block)
        top += block.level <= top_level


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


def _merged(sections: list[_Section], counter: TokenCounter, limit: int) -> list[_Section]:
    """Small sections of one chapter joined, each below its heading, which then is in the text."""
    done: list[_Section] = []
    for section in sections:
        if not section.units:
            continue
        last = done[-1] if done else None
        if last is not None and _belong_together(last, section, limit):
            done[-1] = _joined(last, section, counter, limit) or last
            if done[-1] is not last:
                continue
        done.append(section)
    return done


def _belong_together(last: _Section, section: _Section, limit: int) -> bool:
    small = SMALL * limit
    return (
        last.top == section.top
        and (section.tokens <= small or last.tokens <= small)
        and last.tokens + section.tokens <= limit
    )


def _joined(
    last: _Section, section: _Section, counter: TokenCounter, limit: int
) -> _Section | None:
    shared = _shared(last.path, section.path)
    if not shared and last.path and section.path:
        return None
    units = [
        *_with_headings(last, shared, counter),
        *_with_headings(section, shared, counter),
    ]
    joined = _Section(last.path[:shared], last.top, units)
    return joined if joined.tokens <= limit else None


def _shared(first: tuple[str, ...], second: tuple[str, ...]) -> int:
    count = 0
    for one, other in zip(first, second, strict=False):
        if one != other:
            break
        count += 1
    return count


def _with_headings(section: _Section, shared: int, counter: TokenCounter) -> list[Unit]:
    """The headings that the joined section no longer shares go into the text."""
    headings = section.path[shared:]
    if not headings or not section.units:
        return section.units
    text = "\n".join(headings)
    page = section.units[0].page_from
    return [Unit(text, "heading", counter.count(text), page, page), *section.units]


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

"""Plain text: its writer had nothing but lines, and still made headings and lists."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.reading.blocks import Block, Code, Document, Heading, ListItem, Paragraph
from app.reading.cleaning import SOFT_HYPHEN, clean
from app.reading.encodings import decode
from app.reading.limits import Limits, Progress

UNDERLINE = re.compile(r"\s*([=\-~^*#_+])\1{2,}\s*$")
ITEM = re.compile(r"(\s*)([-*•◦▪·+–]|\(?\d{1,3}[.)]|\(?[a-z][.)])\s+(\S.*)$")
NUMBERED = re.compile(r"(\d{1,2}(?:\.\d{1,2})*)\.?\s+(\S.*)$")
SENTENCE_END = re.compile(r"[.!?,;:]$")
BROKEN = re.compile(r"[^\W\d_]{2,}-$")
LONGEST_HEADING = 90
SHORT_LINE = 0.6
NARROW = 45
INDENT_OF_CODE = 4
HIGHEST = "=*#"


def read_plain_text(data: bytes, _: Limits, progress: Progress) -> Document:
    progress.opened(0, "")
    text = clean(decode(data)).replace(SOFT_HYPHEN, "").expandtabs(4)
    return Document([block for group in _groups(text) for block in _blocks(group)])


def _groups(text: str) -> Iterator[list[str]]:
    """Lines between blank lines."""
    group: list[str] = []
    for line in text.split("\n"):
        if line.strip():
            group.append(line.rstrip())
        elif group:
            yield group
            group = []
    if group:
        yield group


def _blocks(group: list[str]) -> Iterator[Block]:
    if heading := _heading(group):
        yield heading
        return
    if len(group) > 1 and UNDERLINE.match(group[0]) and UNDERLINE.match(group[-1]):
        group = group[1:-1] or group
    if len(group) > 1 and (underline := UNDERLINE.match(group[1])) and _is_short(group[0]):
        yield Heading(1 if underline.group(1) in HIGHEST else 2, group[0].strip())
        group = group[2:]
    if group and all(line.startswith(" " * INDENT_OF_CODE) for line in group):
        yield from _indented(group)
    elif group:
        yield from _items_and_paragraphs(group)


def _heading(group: list[str]) -> Heading | None:
    """A line alone between blank lines, numbered or in capitals."""
    line = group[0].strip()
    if len(group) > 1 or not _is_short(line):
        return None
    if SENTENCE_END.search(line) or UNDERLINE.match(line):
        return None
    if (numbered := NUMBERED.match(line)) and numbered.group(2)[:1].isupper():
        return Heading(1 + numbered.group(1).count("."), line)
    if line.isupper() and len(line) > 3 and sum(map(str.isalpha, line)) > len(line) / 2:
        return Heading(1, line)
    return None


def _is_short(line: str) -> bool:
    return len(line.strip()) <= LONGEST_HEADING


def _indented(group: list[str]) -> Iterator[Block]:
    """Indented as a whole: code, unless it reads like a list."""
    if any(ITEM.match(line) for line in group):
        yield from _items_and_paragraphs(group)
        return
    margin = min(len(line) - len(line.lstrip()) for line in group)
    yield Code("\n".join(line[margin:] for line in group))


def _items_and_paragraphs(group: list[str]) -> Iterator[Block]:
    width = max(map(len, group))
    margins = sorted({len(item.group(1)) for line in group if (item := ITEM.match(line))})
    block: ListItem | Paragraph | None = None
    before = ""
    for line in group:
        if item := ITEM.match(line):
            if block:
                yield block
            marker = item.group(2) if item.group(2)[-1] in ".)" else "-"
            block = ListItem(item.group(3), margins.index(len(item.group(1))), marker)
        elif UNDERLINE.match(line):
            continue
        elif block is None:
            block = Paragraph(line.strip())
        else:
            block.text = _joined(block.text, line.strip(), _ended_early(before, width))
        before = line
    if block:
        yield block


def _ended_early(line: str, width: int) -> bool:
    """Broken on purpose, as in an address, and not because the line was full."""
    return width < NARROW or len(line) < SHORT_LINE * width


def _joined(text: str, line: str, ended_early: bool) -> str:
    if BROKEN.search(text) and line[:1].islower():
        return text[:-1] + line
    return f"{text}\n{line}" if ended_early else f"{text} {line}"

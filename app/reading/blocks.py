"""What a document is made of once its format is forgotten."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias


@dataclass(slots=True)
class Heading:
    """Level 1 is the highest. Pages count from 1; a format without pages says 0."""

    level: int
    text: str
    page: int = 0


@dataclass(slots=True)
class Paragraph:
    """`page_to` is the page on which it ends, when that is another one."""

    text: str
    page: int = 0
    page_to: int = 0


@dataclass(slots=True)
class ListItem:
    """The marker is what stands in front of it: a dash, or the number of a step."""

    text: str
    depth: int = 0
    marker: str = "-"
    page: int = 0
    page_to: int = 0


@dataclass(slots=True)
class TableRow:
    """Rows with the same `table` belong together; the header rows come first."""

    cells: tuple[str, ...]
    table: int
    header: bool = False
    page: int = 0


@dataclass(slots=True)
class Record:
    """A row of data that says itself what each value is: "Weight: 2 kg; Colour: red"."""

    text: str
    page: int = 0


@dataclass(slots=True)
class Code:
    """Its line breaks and its indentation mean something."""

    text: str
    page: int = 0


Block: TypeAlias = Heading | Paragraph | ListItem | TableRow | Record | Code


@dataclass(slots=True)
class Document:
    """What was read: the blocks in reading order, and the title if the document names one."""

    blocks: list[Block]
    title: str = ""
    pages: int = 0
    warnings: list[tuple[int, str]] = field(default_factory=list)


def words_of(block: Block) -> str:
    """All that the block says, however it is laid out."""
    return " ".join(block.cells) if isinstance(block, TableRow) else block.text


def characters_of(blocks: list[Block]) -> int:
    return sum(len(words_of(block)) for block in blocks)

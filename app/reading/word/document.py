"""The body of a Word document: headings by their styles, lists by their numbering, tables."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.reading.blocks import Block, Document, Heading, ListItem, Paragraph, TableRow
from app.reading.cleaning import clean_line
from app.reading.limits import Limits, Progress
from app.reading.refusals import CannotRead
from app.reading.word.markup import Attributes, follow
from app.reading.word.package import Package
from app.reading.word.styles import LEVELS, Numbering, Styles, read_numbering, read_styles

MAIN_PARTS = ("word/document.xml", "word/document2.xml")
# Text that was moved away, the second rendering of a drawing, settings of former days.
LEFT_OUT = {"moveFrom", "Fallback", "pPrChange", "rPrChange"}
BREAKS = {"tab": " ", "br": " ", "cr": " ", "noBreakHyphen": "-", "ptab": " "}
OFF = {"0", "false", "off"}


def read_word(data: bytes, limits: Limits, progress: Progress) -> Document:
    package = Package(data, limits.unpacked_bytes)
    body = next((part for name in MAIN_PARTS if (part := package.part(name))), None)
    if body is None:
        raise CannotRead(
            "wrong_type", "This is not a Word document although its name says so. Check the file."
        )
    title = _title(package.part("docProps/core.xml"))
    progress.opened(0, title)
    assembly = _Assembly(
        read_styles(package.part("word/styles.xml")),
        read_numbering(package.part("word/numbering.xml")),
        _notes(package.part("word/footnotes.xml")),
    )
    follow(body, assembly.enter, assembly.leave, assembly.text)
    return Document(assembly.blocks, title or assembly.title)


@dataclass
class _OpenParagraph:
    style: str = ""
    outline: int | None = None
    list_id: str | None = None
    list_level: int | None = None
    text: list[str] = field(default_factory=list)


@dataclass
class _OpenTable:
    number: int
    rows: list[TableRow] = field(default_factory=list)
    cells: list[list[str]] = field(default_factory=list)
    header_style: bool = False
    header: bool = False


class _Assembly:
    def __init__(self, styles: Styles, numbering: Numbering, notes: dict[str, str]) -> None:
        self.blocks: list[Block] = []
        self.title = ""
        self._styles = styles
        self._numbering = numbering
        self._notes = notes
        # A text box is a paragraph inside a paragraph, and a table stands in a table's cell.
        self._paragraphs: list[_OpenParagraph] = []
        self._tables: list[_OpenTable] = []
        self._count = 0
        self._silent = 0
        self._in_text = False
        self._hidden = False

    def enter(self, name: str, given: Attributes) -> None:
        if self._silent or name in LEFT_OUT:
            self._silent += 1
        elif name == "p":
            self._paragraphs.append(_OpenParagraph())
        elif name in {"t", "r"}:
            self._in_text = name == "t"
            self._hidden = self._hidden and name == "t"
        elif name == "vanish":
            self._hidden = bool(self._paragraphs) and given.get("val", "1") not in OFF
        elif name in {"tbl", "tr", "tc", "tblHeader", "tblLook"}:
            self._enter_table(name, given)
        elif self._paragraphs:
            self._enter_paragraph(self._paragraphs[-1], name, given)

    def leave(self, name: str) -> None:
        if self._silent:
            self._silent -= 1
        elif name == "t":
            self._in_text = False
        elif name == "p" and self._paragraphs:
            self._close_paragraph(self._paragraphs.pop())
        elif name == "tr" and self._tables:
            self._close_row(self._tables[-1])
        elif name == "tbl" and self._tables:
            self._close_table(self._tables.pop())

    def text(self, text: str) -> None:
        if self._in_text and not self._silent and not self._hidden and self._paragraphs:
            self._paragraphs[-1].text.append(text)

    def _enter_paragraph(self, paragraph: _OpenParagraph, name: str, given: Attributes) -> None:
        value = given.get("val", "")
        if name in BREAKS:
            # Inside the paragraph's settings a tab is a place on the ruler, and has a value.
            if not (name == "tab" and value):
                paragraph.text.append(BREAKS[name])
        elif name == "pStyle":
            paragraph.style = value
        elif name == "numId":
            paragraph.list_id = value
        elif name == "ilvl":
            paragraph.list_level = int(value) if value.isdecimal() and len(value) < 3 else 0
        elif name == "outlineLvl":
            paragraph.outline = int(value) if value.isdecimal() and len(value) < 3 else None
        elif name == "footnoteReference" and (note := self._notes.get(given.get("id", ""))):
            paragraph.text.append(f" [{note}] ")

    def _enter_table(self, name: str, given: Attributes) -> None:
        if name == "tbl":
            self._count += 1
            self._tables.append(_OpenTable(self._count))
        elif not self._tables:
            return
        elif name == "tc":
            self._tables[-1].cells.append([])
        elif name == "tblHeader":
            self._tables[-1].header = given.get("val", "1") not in OFF
        elif name == "tblLook":
            self._tables[-1].header_style = given.get("firstRow") == "1" or _first_row(given)

    def _close_paragraph(self, paragraph: _OpenParagraph) -> None:
        text = clean_line("".join(paragraph.text))
        if not text:
            return
        if self._tables and self._tables[-1].cells:
            self._tables[-1].cells[-1].append(text)
            return
        if self._styles.is_title(paragraph.style):
            self.title = self.title or text
            self.blocks.append(Heading(1, text))
            return
        level = self._level(paragraph)
        marker, depth = self._list_place(paragraph)
        if level is not None:
            number = f"{marker} " if marker not in {"", "-"} else ""
            self.blocks.append(Heading(level, number + text))
        elif marker:
            self.blocks.append(ListItem(text, depth, marker))
        else:
            self.blocks.append(Paragraph(text))

    def _level(self, paragraph: _OpenParagraph) -> int | None:
        if paragraph.outline is not None:
            return paragraph.outline + 1 if paragraph.outline < LEVELS else None
        return self._styles.heading_level(paragraph.style)

    def _list_place(self, paragraph: _OpenParagraph) -> tuple[str, int]:
        list_id, depth = self._styles.list_of(paragraph.style)
        if paragraph.list_id is not None:
            list_id = paragraph.list_id
        if paragraph.list_level is not None:
            depth = paragraph.list_level
        if list_id in {"", "0"}:
            return "", 0
        return self._numbering.marker(list_id, depth), depth

    def _close_row(self, table: _OpenTable) -> None:
        cells = tuple(" ".join(parts) for parts in table.cells)
        first = not table.rows and table.header_style
        if any(cells):
            table.rows.append(TableRow(cells, table.number, table.header or first))
        table.cells, table.header = [], False

    def _close_table(self, table: _OpenTable) -> None:
        if self._tables and self._tables[-1].cells:
            self._tables[-1].cells[-1] += [" ".join(filter(None, r.cells)) for r in table.rows]
        elif all(len(row.cells) == 1 for row in table.rows):
            # A frame around a paragraph, not a table.
            self.blocks += [Paragraph(row.cells[0]) for row in table.rows]
        else:
            self.blocks += table.rows


def _first_row(given: Attributes) -> bool:
    try:
        return bool(int(given.get("val", "0"), 16) & 0x20)
    except ValueError:
        return False


def _title(part: bytes | None) -> str:
    found: list[str] = []
    inside = False

    def enter(name: str, _: Attributes) -> None:
        nonlocal inside
        inside = name == "title"

    def leave(_: str) -> None:
        nonlocal inside
        inside = False

    def text(content: str) -> None:
        if inside:
            found.append(content)

    if part:
        follow(part, enter, leave, text)
    return clean_line("".join(found))


def _notes(part: bytes | None) -> dict[str, str]:
    """Footnotes by their ids; the first ones are only the line above them."""
    notes: dict[str, list[str]] = {}
    current: list[str] = []
    inside = False

    def enter(name: str, given: Attributes) -> None:
        nonlocal current, inside
        if name == "footnote":
            current = notes.setdefault(given.get("id", ""), [])
        inside = name == "t"

    def leave(_: str) -> None:
        nonlocal inside
        inside = False

    def text(content: str) -> None:
        if inside:
            current.append(content)

    if part:
        follow(part, enter, leave, text)
    return {key: clean_line("".join(parts)) for key, parts in notes.items()}

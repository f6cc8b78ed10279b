"""Markdown, by the CommonMark rules and with tables; HTML inside it is read as HTML."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from app.reading.blocks import Block, Code, Document, Heading, ListItem, Paragraph, TableRow
from app.reading.cleaning import clean_line, clean_lines
from app.reading.encodings import decode
from app.reading.limits import Limits, Progress

if TYPE_CHECKING:
    from markdown_it.token import Token

FRONT_MATTER = re.compile(r"\A\ufeff?---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
TITLE = re.compile(r"^title\s*:\s*(.+?)\s*$", re.MULTILINE | re.IGNORECASE)
COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
LINE_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)


def read_markdown(data: bytes, _: Limits, progress: Progress) -> Document:
    from markdown_it import MarkdownIt

    text = decode(data).replace("\r\n", "\n").replace("\r", "\n")
    title, text = _front_matter(text)
    progress.opened(0, title)
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    parser.options["maxNesting"] = 50
    return Document(_Assembly().blocks_of(parser.parse(text)), title)


def _front_matter(text: str) -> tuple[str, str]:
    match = FRONT_MATTER.match(text)
    if match is None:
        return "", text
    title = TITLE.search(match.group(1))
    return clean_line(title.group(1).strip("\"'")) if title else "", text[match.end() :]


class _Assembly:
    """Follows the tokens, and knows in which list or table it is."""

    def __init__(self) -> None:
        self._blocks: list[Block] = []
        # The next number of every open list; nothing for a list with bullets.
        self._lists: list[int | None] = []
        self._item_waits = False
        self._heading = 0
        self._tables = 0
        self._row: list[str] | None = None
        self._header = False

    def blocks_of(self, tokens: Sequence[Token]) -> list[Block]:
        for token in tokens:
            self._follow(token)
            if token.type == "inline":
                self._take(_words(token))
            elif token.type in {"fence", "code_block"}:
                if code := clean_lines(token.content):
                    self._blocks.append(Code(code))
            elif token.type == "html_block":
                self._take_html(token.content)
        return self._blocks

    def _follow(self, token: Token) -> None:
        if token.type in {"bullet_list_open", "ordered_list_open"}:
            ordered = token.type == "ordered_list_open"
            self._lists.append(int(token.attrs.get("start", 1)) if ordered else None)
        elif token.type in {"bullet_list_close", "ordered_list_close"}:
            self._lists.pop()
        elif token.type == "list_item_open":
            self._item_waits = True
        elif token.type in {"heading_open", "heading_close"}:
            self._heading = int(token.tag[1:]) if token.nesting == 1 else 0
        elif token.type in {"table_open", "thead_open", "thead_close", "tr_open", "tr_close"}:
            self._follow_table(token.type)

    def _follow_table(self, what: str) -> None:
        if what == "table_open":
            self._tables += 1
        elif what == "tr_open":
            self._row = []
        elif what == "tr_close":
            if self._row:
                self._blocks.append(TableRow(tuple(self._row), self._tables, self._header))
            self._row = None
        else:
            self._header = what == "thead_open"

    def _take(self, text: str) -> None:
        if self._row is not None:
            self._row.append(text)
        elif not text:
            return
        elif self._heading:
            self._blocks.append(Heading(self._heading, text))
        elif self._item_waits:
            self._item_waits = False
            self._blocks.append(ListItem(text, len(self._lists) - 1, self._marker()))
        elif self._lists and self._blocks and isinstance(last := self._blocks[-1], ListItem):
            last.text += "\n" + text
        else:
            self._blocks.append(Paragraph(text))

    def _marker(self) -> str:
        number = self._lists[-1] if self._lists else None
        if number is None:
            return "-"
        self._lists[-1] = number + 1
        return f"{number}."

    def _take_html(self, content: str) -> None:
        content = COMMENT.sub("", content)
        if content.strip():
            from app.reading.web_page import blocks_of_fragment

            self._blocks += blocks_of_fragment(content)


def _words(inline: Token) -> str:
    parts: list[str] = []
    for token in inline.children or ():
        if token.type in {"text", "code_inline"}:
            parts.append(token.content)
        elif token.type in {"softbreak", "hardbreak"} or (
            token.type == "html_inline" and LINE_BREAK.match(token.content)
        ):
            parts.append(" ")
        elif token.type == "image":
            parts.append(_words(token))
    return clean_line("".join(parts))

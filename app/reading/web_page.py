"""HTML: what the page is about, without what stands around it on every page of a site."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from app.reading.blocks import Block, Code, Document, Heading, ListItem, Paragraph, TableRow
from app.reading.cleaning import clean_line, clean_lines
from app.reading.encodings import decode
from app.reading.limits import Limits, Progress

NOT_TEXT = {
    "script", "style", "noscript", "template", "svg", "math", "iframe", "object", "embed", "canvas",
    "video", "audio", "map", "head", "select", "textarea", "button", "input", "datalist", "dialog",
    "nav", "footer", "aside",
}  # fmt: skip
AROUND = {"navigation", "banner", "contentinfo", "search", "complementary", "dialog", "menu"}
HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
AROUND_CLASS = re.compile(
    r"(?:^|[\s_-])(?:cookie|consent|breadcrumbs?|skip-?(?:link|to)|share-?buttons?|social-?links)"
    r"(?:$|[\s_-])",
    re.IGNORECASE,
)
BLOCKS = {
    "address", "article", "blockquote", "body", "caption", "center", "dd", "details", "div", "dl",
    "dt", "fieldset", "figcaption", "figure", "form", "header", "hgroup", "hr", "html", "legend",
    "main", "p", "section", "summary", "li", "ul", "ol", "menu", "table", "thead", "tbody", "tfoot",
    "tr", "td", "th", "pre", "h1", "h2", "h3", "h4", "h5", "h6",
}  # fmt: skip
HEADINGS = {f"h{level}": level for level in range(1, 7)}
RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
SITE_NAME = re.compile(r"\s+[|–—·»-]\s+[^|–—·»]{1,40}$")
ENOUGH = 0.25
MOST_NODES = 3_000_000


def read_html(data: bytes, _: Limits, progress: Progress) -> Document:
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(decode(data, markup=True))
    title = _title(tree)
    progress.opened(0, title)
    return Document(_main_blocks(tree), title)


def blocks_of_fragment(markup: str) -> list[Block]:
    """HTML that stands inside another document."""
    from selectolax.lexbor import LexborHTMLParser

    body = LexborHTMLParser(markup).body
    return _Assembly(keep_header=True).blocks_of(body) if body is not None else []


def _title(tree: Any) -> str:
    """Of the window, without the name of the site at its end."""
    node = tree.css_first("head > title") or tree.css_first("title")
    whole = clean_line(node.text()) if node is not None else ""
    headings = [clean_line(heading.text()) for heading in tree.css("h1")]
    if len(headings) == 1 and headings[0] and headings[0] in whole:
        return str(headings[0])
    return SITE_NAME.sub("", whole) or whole


def _main_blocks(tree: Any) -> list[Block]:
    """Those of the main part, unless there is hardly anything in it."""
    body = tree.body
    if body is None:
        return []
    everything = _Assembly(keep_header=False).blocks_of(body)
    parts = tree.css("main, [role=main]") or tree.css("article")
    outermost = [part for part in parts if not _is_inside(part, parts)]
    blocks = [b for part in outermost for b in _Assembly(keep_header=True).blocks_of(part)]
    return blocks if _length(blocks) >= ENOUGH * _length(everything) else everything


def _is_inside(node: Any, others: list[Any]) -> bool:
    identities = {other.mem_id for other in others}
    parent = node.parent
    while parent is not None:
        if parent.mem_id in identities:
            return True
        parent = parent.parent
    return False


def _length(blocks: list[Block]) -> int:
    return sum(
        sum(map(len, block.cells)) if isinstance(block, TableRow) else len(block.text)
        for block in blocks
    )


class _Assembly:
    """Walks the tree without recursion: a page may nest a hundred thousand elements."""

    def __init__(self, *, keep_header: bool) -> None:
        self._keep_header = keep_header
        self._blocks: list[Block] = []
        self._text: list[str] = []
        self._lists: list[int | None] = []
        self._open: ListItem | None = None
        self._marker: str | None = None
        self._heading = 0
        self._tables: list[_Table] = []
        self._pre = 0
        self._count = 0

    def blocks_of(self, root: Any) -> list[Block]:
        for node, entering in _walk(root, self._is_left_out):
            tag = node.tag
            if tag == "-text":
                self._text.append(node.text_content or "")
            elif tag == "br" and entering:
                self._text.append("\n")
            elif tag == "sup":
                self._raise(node, entering)
            elif tag in BLOCKS:
                self._flush()
                self._enter(tag, node) if entering else self._leave(tag)
        self._flush()
        return self._blocks

    def _is_left_out(self, node: Any) -> bool:
        tag = node.tag
        if tag in NOT_TEXT or (tag == "header" and not self._keep_header):
            return True
        attributes = node.attributes
        if not attributes:
            return False
        if "hidden" in attributes or attributes.get("aria-hidden") == "true":
            return True
        if (attributes.get("role") or "") in AROUND:
            return True
        if HIDDEN_STYLE.search(attributes.get("style") or ""):
            return True
        names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
        return len(names) < 500 and AROUND_CLASS.search(names) is not None

    def _enter(self, tag: str, node: Any) -> None:
        if tag in HEADINGS:
            self._heading = HEADINGS[tag]
        elif tag in {"ul", "ol", "menu"}:
            self._lists.append(_start(node) if tag == "ol" else None)
        elif tag == "li":
            self._marker = self._next_marker()
        elif tag == "pre":
            self._pre += 1
        elif tag == "table":
            self._count += 1
            self._tables.append(_Table(self._count))
        elif self._tables and tag in {"tr", "td", "th"}:
            self._tables[-1].enter(tag)

    def _leave(self, tag: str) -> None:
        if tag in HEADINGS:
            self._heading = 0
        elif tag in {"ul", "ol", "menu"}:
            if self._lists:
                self._lists.pop()
            self._open = None
        elif tag == "li":
            self._marker = self._open = None
        elif tag == "pre":
            self._pre -= 1
        elif tag == "table" and self._tables:
            self._close_table(self._tables.pop())

    def _close_table(self, table: _Table) -> None:
        rows = table.blocks()
        if self._tables:
            self._tables[-1].write(" ".join(" ".join(row.cells) for row in rows))
        elif all(len(row.cells) == 1 for row in rows):
            # A table of one column only held things in place.
            self._blocks += [Paragraph(row.cells[0]) for row in rows if row.cells[0]]
        else:
            self._blocks += rows

    def _next_marker(self) -> str:
        number = self._lists[-1] if self._lists else None
        if number is None:
            return "-"
        self._lists[-1] = number + 1
        return f"{number}."

    def _raise(self, node: Any, entering: bool) -> None:
        """10<sup>2</sup> m is not 102 m."""
        if not entering and self._text and (digits := self._text[-1].strip()).isdecimal():
            self._text[-1] = digits.translate(RAISED)

    def _flush(self) -> None:
        raw, self._text = "".join(self._text), []
        if self._pre and not self._tables:
            if code := clean_lines(raw):
                self._blocks.append(Code(code))
            return
        text = clean_line(raw)
        if not text:
            return
        if self._tables:
            self._tables[-1].write(text)
        elif self._heading:
            self._blocks.append(Heading(self._heading, text))
        elif self._marker is not None:
            depth = max(len(self._lists) - 1, 0)
            self._open = ListItem(text, depth, self._marker)
            self._blocks.append(self._open)
            self._marker = None
        elif self._open is not None and self._blocks[-1] is self._open:
            self._open.text += "\n" + text
        else:
            self._blocks.append(Paragraph(text))


class _Table:
    def __init__(self, number: int) -> None:
        self._number = number
        self._rows: list[list[str]] = []
        self._headers: list[bool] = []

    def enter(self, tag: str) -> None:
        if tag == "tr" or not self._rows:
            self._rows.append([])
            self._headers.append(True)
        if tag != "tr":
            self._rows[-1].append("")
            self._headers[-1] = self._headers[-1] and tag == "th"

    def write(self, text: str) -> None:
        """A caption has no cell: it becomes a row of its own."""
        if not self._rows:
            self.enter("td")
        if not self._rows[-1]:
            self.enter("td")
        self._rows[-1][-1] = f"{self._rows[-1][-1]} {text}".strip()

    def blocks(self) -> list[TableRow]:
        return [
            TableRow(tuple(row), self._number, header and any(row))
            for row, header in zip(self._rows, self._headers, strict=True)
            if any(row)
        ]


def _start(node: Any) -> int:
    start = node.attributes.get("start") or "1"
    return int(start[:6]) if start[:6].lstrip("-").isdecimal() else 1


def _walk(root: Any, is_left_out: Any) -> Iterator[tuple[Any, bool]]:
    """Every node on the way in, and every element once more on the way out."""
    node, depth = root.child, 0
    for _ in range(MOST_NODES):
        if node is None:
            return
        left_out = node.tag != "-text" and is_left_out(node)
        if not left_out:
            yield node, True
            if node.child is not None:
                node, depth = node.child, depth + 1
                continue
            if node.tag != "-text":
                yield node, False
        while node.next is None:
            node = node.parent
            depth -= 1
            if depth < 0 or node is None:
                return
            yield node, False
        node = node.next

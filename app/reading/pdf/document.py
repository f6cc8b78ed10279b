"""A PDF, page by page. A page that fails is named and left out; the others are kept."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from typing import Any

from pypdf import PdfReader
from pypdf.errors import FileNotDecryptedError, WrongPasswordError

from app.reading.blocks import Document
from app.reading.cleaning import clean_line
from app.reading.limits import Limits, Progress
from app.reading.patience import at_most
from app.reading.pdf.columns import reading_order
from app.reading.pdf.fonts import Glyphs
from app.reading.pdf.lines import Line, line_of, rows_of
from app.reading.pdf.running import without_running_lines
from app.reading.pdf.spans import Painter, Span
from app.reading.pdf.structure import blocks_of
from app.reading.pdf.styles import measure, plain
from app.reading.pdf.wrapping import Wrapping
from app.reading.refusals import (
    CannotRead,
    PageTooSlow,
    looks_like_a_scan,
    needs_too_much_memory,
    password_protected,
)

OUTLINE_ENTRIES = 5_000


def read_pdf(data: bytes, limits: Limits, progress: Progress) -> Document:
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    reader = _open(data)
    title = _title(reader)
    count = len(reader.pages)
    wanted = min(count, limits.pages)
    progress.opened(wanted, title)
    if wanted < count:
        progress.warn(f"Only the first {wanted} of {count} pages were read.")
    pages = _Pages(reader, limits, progress)
    lines = pages.read(wanted)
    if not any(lines):
        raise pages.reason_for_silence()
    style = measure(lines, _outline(reader))
    lines = without_running_lines(lines, style.body)
    wrapping = Wrapping(line for page in lines for line in page)
    return Document(blocks_of(lines, style, wrapping), title, wanted)


class _Pages:
    """Reads page after page, with the fonts that they share."""

    def __init__(self, reader: PdfReader, limits: Limits, progress: Progress) -> None:
        self._reader = reader
        self._limits = limits
        self._progress = progress
        self._fonts: dict[Any, Glyphs | None] = {}
        self._characters = 0
        self._failed: list[BaseException] = []
        self._unreadable = 0

    def read(self, wanted: int) -> list[list[Line]]:
        pages: list[list[Line]] = []
        for number in range(1, wanted + 1):
            pages.append(self._lines(number))
            self._progress.page_done(number)
            self._characters += sum(len(line.text) for line in pages[-1])
            if self._characters > self._limits.characters:
                self._progress.warn(
                    f"Only the first {number} pages were read: the text is longer than allowed."
                )
                break
        return pages

    def reason_for_silence(self) -> CannotRead:
        if any(isinstance(error, MemoryError) for error in self._failed):
            return needs_too_much_memory()
        if self._failed:
            return CannotRead(
                "unreadable",
                "None of the pages could be read, the file seems to be damaged. "
                "Open it in a PDF program, save it again and upload the new copy.",
            )
        if self._unreadable:
            return CannotRead(
                "no_text",
                "The text of this PDF is stored as drawings of letters and cannot be read. "
                "Run it through text recognition (OCR) and upload the result.",
            )
        return looks_like_a_scan()

    def _lines(self, number: int) -> list[Line]:
        try:
            with at_most(self._limits.page_seconds):
                return self._read_page(number)
        except PageTooSlow as slow:
            self._failed.append(slow)
            self._progress.warn("This page took too long to read and was left out.", number)
        except MemoryError as error:
            self._failed.append(error)
            self._progress.warn("This page is too large to read and was left out.", number)
        except Exception as error:  # noqa: BLE001
            # Parsers raise whatever a broken page makes them stumble over.
            self._failed.append(error)
            self._progress.warn("This page is damaged and was left out.", number)
        return []

    def _read_page(self, number: int) -> list[Line]:
        page = self._reader.pages[number - 1]
        spans: list[Span] = []
        painter = Painter(self._font, spans)
        painter.paint(_content(page), _resolved(page.get("/Resources")))
        if not spans and painter.unreadable:
            self._unreadable += 1
            self._progress.warn("The text of this page is stored as drawings of letters.", number)
        return list(_ordered(spans, number))

    def _font(self, entry: Any) -> Glyphs | None:
        key = getattr(entry, "idnum", None) or id(entry)
        if key not in self._fonts:
            self._fonts[key] = _glyphs(entry)
        return self._fonts[key]


def _open(data: bytes) -> PdfReader:
    reader = PdfReader(io.BytesIO(data))
    try:
        if reader.is_encrypted and not reader.decrypt(""):
            raise password_protected()
        len(reader.pages)
    except (FileNotDecryptedError, WrongPasswordError) as error:
        raise password_protected() from error
    return reader


def _ordered(spans: list[Span], number: int) -> Iterator[Line]:
    """Upright text first, then what runs up or down the edge of the page."""
    if not spans:
        return
    turns = sorted({span.turn for span in spans})
    if len(turns) > 1:
        sizes = {turn: sum(len(s.text) for s in spans if s.turn == turn) for turn in turns}
        turns.sort(key=lambda turn: -sizes[turn])
    for turn in turns:
        rows = rows_of([span for span in spans if span.turn == turn])
        for pieces in reading_order(rows) if rows else []:
            yield line_of(pieces, number)


def _content(page: Any) -> bytes:
    content = _resolved(page.get("/Contents"))
    if content is None:
        return b""
    if isinstance(content, list):
        return b"\n".join(part.get_object().get_data() for part in content)
    return bytes(content.get_data())


def _resolved(value: Any) -> Any:
    return value.get_object() if value is not None else None


def _glyphs(entry: Any) -> Glyphs | None:
    resource = _resolved(entry)
    if resource is None:
        return None
    try:
        return Glyphs(resource)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001
        # One font that cannot be understood; what is set in the others is still read.
        return None


def _title(reader: PdfReader) -> str:
    try:
        metadata = reader.metadata
        return clean_line(str(metadata.title or "")) if metadata else ""
    except Exception:  # noqa: BLE001
        # The title is welcome, and not worth a failed document.
        return ""


def _outline(reader: PdfReader) -> frozenset[str]:
    """The titles of the table of contents that PDF programs show at the side."""
    titles: set[str] = set()
    try:
        root = _resolved(reader.root_object.get("/Outlines"))
        waiting = [root.get("/First")] if root is not None else []
        for _ in range(OUTLINE_ENTRIES):
            entry = _resolved(waiting.pop()) if waiting else None
            if entry is None:
                break
            titles.add(plain(clean_line(str(entry.get("/Title", "")))))
            waiting += [after for key in ("/Next", "/First") if (after := entry.get(key))]
    except Exception:  # noqa: BLE001
        # A help to find headings, nothing more.
        return frozenset()
    return frozenset(titles - {""})

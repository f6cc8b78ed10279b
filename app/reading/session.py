"""One file read from its first byte to its last passage, told in events."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

from app.reading.blocks import Document, characters_of, words_of
from app.reading.cutting import cut
from app.reading.formats import HTML, MARKDOWN, NAMES, PDF, PLAIN, TABULAR, WORD, kind_of
from app.reading.limits import Limits, Reader
from app.reading.refusals import (
    UNREADABLE,
    UNREADABLE_MESSAGE,
    CannotRead,
    PageTooSlow,
    needs_too_much_memory,
    no_text,
)
from app.reading.titles import title_of
from app.reading.tokens import counter_for

Emit = Callable[[dict[str, Any]], None]
# Loaded when their format turns up: a page of text must not wait for the PDF library.
READERS = {
    PDF: ("app.reading.pdf.document", "read_pdf"),
    WORD: ("app.reading.word.document", "read_word"),
    HTML: ("app.reading.web_page", "read_html"),
    MARKDOWN: ("app.reading.markdown", "read_markdown"),
    TABULAR: ("app.reading.tabular", "read_csv"),
    PLAIN: ("app.reading.plain_text", "read_plain_text"),
}
BODY_TOKENS = 200
SLICE = 200
PROGRESS_EVERY = 0.1


@dataclass(frozen=True)
class Request:
    """`tokenizer` is the model's tokenizer.json; without it lengths are estimated."""

    path: str
    file_name: str
    media_type: str = ""
    tokenizer: str | None = None
    body_tokens: int = BODY_TOKENS
    limits: Limits = field(default_factory=Limits)

    @classmethod
    def from_json(cls, given: Mapping[str, Any]) -> Request:
        return cls(
            path=str(given["path"]),
            file_name=str(given.get("file_name") or Path(str(given["path"])).name),
            media_type=str(given.get("media_type") or ""),
            tokenizer=given.get("tokenizer") or None,
            body_tokens=max(20, int(given.get("body_tokens") or BODY_TOKENS)),
            limits=Limits.from_request(given.get("limits") or {}),
        )


def read(request: Request, emit: Emit, ready: Callable[[], None] = lambda: None) -> None:
    """Every way this can go ends in a "done" or a "failed" event, never in an exception.

    `ready` is called when all code is loaded and nothing of the file has been parsed.
    """
    try:
        _read(request, emit, ready)
    except CannotRead as refusal:
        emit(failed(refusal))
    except MemoryError:
        emit(failed(needs_too_much_memory()))
    except (Exception, PageTooSlow) as error:  # noqa: BLE001
        # Whatever a parser stumbles over is the file's fault, not a reason to tell of our insides.
        emit(failed(CannotRead(UNREADABLE, UNREADABLE_MESSAGE), type(error).__name__))


def failed(refusal: CannotRead, detail: str = "") -> dict[str, Any]:
    return {
        "event": "failed",
        "code": refusal.code,
        "message": refusal.message,
        "detail": detail,
    }


def _read(request: Request, emit: Emit, ready: Callable[[], None]) -> None:
    data = Path(request.path).read_bytes()
    kind = kind_of(data, request.file_name, request.media_type)
    module, name = READERS[kind]
    reader: Reader = getattr(import_module(module), name)
    counter = counter_for(request.tokenizer)
    ready()
    progress = _Progress(emit, request.file_name)
    document: Document = reader(data, request.limits, progress)
    progress.finish()
    del data
    _shorten(document, request.limits.characters, progress)
    characters = characters_of(document.blocks)
    if not characters:
        raise no_text(NAMES[kind].partition(" ")[2])
    title = title_of(document.title, document.blocks, request.file_name)
    # A document that is nothing but its title still has that to say.
    passages = cut(document.blocks, counter, request.body_tokens, title) or cut(
        document.blocks, counter, request.body_tokens
    )
    for start in range(0, len(passages), SLICE):
        items = [asdict(passage) for passage in passages[start : start + SLICE]]
        emit({"event": "passages", "items": items})
    emit(
        {
            "event": "done",
            "title": title,
            "pages": document.pages,
            "characters": characters,
            "passages": len(passages),
            "warnings": progress.warnings,
        }
    )


def _shorten(document: Document, most: int, progress: _Progress) -> None:
    left = most
    for index, block in enumerate(document.blocks):
        left -= len(words_of(block))
        if left < 0:
            del document.blocks[index + (index == 0) :]
            if not document.pages:
                progress.warn(f"Only the first {most:,} characters were read.")
            return


class _Progress:
    """Tells how far it is ten times a second, not once a page."""

    def __init__(self, emit: Emit, file_name: str) -> None:
        self._emit = emit
        self._file_name = file_name
        self._told_at = 0.0
        self._page = self._told = 0
        self.warnings = 0

    def opened(self, pages: int, title: str) -> None:
        known = title_of(title, [], self._file_name)
        self._emit({"event": "opened", "pages": pages, "title": known})

    def page_done(self, number: int) -> None:
        self._page = number
        now = time.monotonic()
        if now - self._told_at >= PROGRESS_EVERY:
            self._told_at = now
            self._tell()

    def warn(self, message: str, page: int = 0) -> None:
        self.warnings += 1
        self._emit({"event": "warning", "page": page or None, "message": message})

    def finish(self) -> None:
        if self._page != self._told:
            self._tell()

    def _tell(self) -> None:
        self._told = self._page
        self._emit({"event": "page", "done": self._page})

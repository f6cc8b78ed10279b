"""PROVISIONAL"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True)
class Source:
    path: Path
    media_type: str
    file_name: str


@dataclass(frozen=True)
class Opened:
    pages: int
    title: str = ""


@dataclass(frozen=True)
class PageDone:
    done: int


@dataclass(frozen=True)
class Warned:
    page: int | None
    message: str


@dataclass(frozen=True)
class PassageText:
    text: str
    heading_path: tuple[str, ...] = ()
    page_from: int | None = None
    page_to: int | None = None
    kind: str = "prose"


@dataclass(frozen=True)
class PassagesRead:
    passages: Sequence[PassageText]


@dataclass(frozen=True)
class Failed:
    code: str
    message: str


class TextExtraction(Protocol):
    def read(self, source: Source) -> Iterator[object]: ...


class ReadingProcess:
    def read(self, source: Source) -> Iterator[object]:
        text = source.path.read_text()
        yield Opened(1)
        yield PassagesRead([PassageText(p.strip()) for p in text.split("\n\n") if p.strip()])

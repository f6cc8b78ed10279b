"""Documents to passages, in a process that can be killed without harm."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol, TypeAlias

from app.reading.calling import Call
from app.reading.cutting import Passage
from app.reading.session import BODY_TOKENS, Request, read

MIB = 1024 * 1024
# The reading process keeps its own time; this is for the case that it cannot.
GRACE_SECONDS = 5.0
STOPPED = "Reading was interrupted. It will be tried again."
SLOW = "This file took longer than {:.0f} seconds to read. Save it again, or split it."


@dataclass(frozen=True)
class Source:
    """The file as it lies here, and as whoever uploaded it called it."""

    path: Path
    file_name: str
    media_type: str = ""


@dataclass(frozen=True)
class Opened:
    """The first event of a file that can be read. No pages: its format has none.

    The title is the best that is known by then; Done has the final one.
    """

    pages: int
    title: str


@dataclass(frozen=True)
class PageRead:
    """How far it is; not every page is told."""

    done: int


@dataclass(frozen=True)
class Warned:
    """Something was left out; `page` is None where it concerns the whole."""

    page: int | None
    message: str


@dataclass(frozen=True)
class PassagesRead:
    """The next passages, in their order."""

    items: tuple[Passage, ...]


@dataclass(frozen=True)
class Done:
    """The last event of a file that was read. The title is never empty."""

    title: str
    pages: int
    characters: int
    passages: int
    warnings: int


@dataclass(frozen=True)
class Failed:
    """The last event otherwise: a sentence for the admin, a detail for the log.

    `transient`: it was not the file's fault, and reading it again may work.
    """

    code: str
    message: str
    detail: str = ""
    transient: bool = False


Reading: TypeAlias = Opened | PageRead | Warned | PassagesRead | Done | Failed


@dataclass(frozen=True)
class ReadingLimits:
    """More pages or characters are left out with a warning; more of the others fails the file."""

    pages: int = 5_000
    characters: int = 10_000_000
    unpacked_bytes: int = 200 * MIB
    memory_bytes: int = 1024 * MIB
    cpu_seconds: int = 240
    wall_seconds: float = 300.0
    page_seconds: float = 10.0


class TextExtraction(Protocol):
    """The contract: Done or Failed is the last event, and nothing is raised."""

    def read(self, source: Source) -> Iterator[Reading]:
        """Whoever stops to listen stops the reading."""


class ReadingProcess:
    """`python -m app.reading`, one process a file. Works in greenlets and in threads alike."""

    def __init__(
        self,
        limits: ReadingLimits | None = None,
        *,
        tokenizer: Path | None = None,
        body_tokens: int = BODY_TOKENS,
    ) -> None:
        self._limits = limits or ReadingLimits()
        self._tokenizer = tokenizer
        self._body_tokens = body_tokens

    def read(self, source: Source) -> Iterator[Reading]:
        seconds = self._limits.wall_seconds
        try:
            call = Call(self._request(source), seconds + GRACE_SECONDS)
        except OSError as error:
            yield Failed("stopped", STOPPED, f"not started: {error}", transient=True)
            return
        try:
            for event in map(_reading, call.events()):
                yield event
                if isinstance(event, Done | Failed):
                    return
            if call.late:
                yield Failed("too_slow", SLOW.format(seconds), "no sign of life")
            else:
                yield Failed("stopped", STOPPED, "both processes gone", transient=True)
        finally:
            call.end()

    def _request(self, source: Source) -> dict[str, Any]:
        return {
            "path": str(source.path.resolve()),
            "file_name": source.file_name,
            "media_type": source.media_type,
            "tokenizer": str(self._tokenizer.resolve()) if self._tokenizer else None,
            "body_tokens": self._body_tokens,
            "limits": asdict(self._limits),
            "lifeline": True,
        }


class FakeExtraction:
    """Reads with the same code in this very process; `failures` says which names fail, and how."""

    def __init__(self, *, body_tokens: int = BODY_TOKENS) -> None:
        self.failures: dict[str, Failed] = {}
        self.asked: list[Source] = []
        self._body_tokens = body_tokens

    def read(self, source: Source) -> Iterator[Reading]:
        self.asked.append(source)
        if source.file_name in self.failures:
            yield self.failures[source.file_name]
            return
        events: list[dict[str, Any]] = []
        request = Request(
            str(source.path), source.file_name, source.media_type, body_tokens=self._body_tokens
        )
        read(request, events.append)
        yield from map(_reading, events)


def _reading(event: Mapping[str, Any]) -> Reading:
    given = {name: value for name, value in event.items() if name != "event"}
    match event["event"]:
        case "opened":
            return Opened(**given)
        case "page":
            return PageRead(**given)
        case "warning":
            return Warned(**given)
        case "passages":
            return PassagesRead(tuple(map(_passage, given["items"])))
        case "done":
            return Done(**given)
        case _:
            return Failed(**given)


def _passage(given: Mapping[str, Any]) -> Passage:
    return Passage(**{**given, "heading_path": tuple(given["heading_path"])})

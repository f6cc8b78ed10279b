"""How much one file may ask of its reader."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

MIB = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """Pages and characters beyond these are left out, with a warning; the rest refuses the file."""

    pages: int = 5_000
    characters: int = 10_000_000
    unpacked_bytes: int = 200 * MIB
    page_seconds: float = 10.0

    @classmethod
    def from_request(cls, given: Mapping[str, Any]) -> Limits:
        base = cls()
        return cls(
            pages=int(given.get("pages") or base.pages),
            characters=int(given.get("characters") or base.characters),
            unpacked_bytes=int(given.get("unpacked_bytes") or base.unpacked_bytes),
            page_seconds=float(given.get("page_seconds") or base.page_seconds),
        )


class Progress(Protocol):
    """Whom a reader tells how far it is."""

    def opened(self, pages: int, title: str) -> None: ...

    def page_done(self, number: int) -> None: ...

    def warn(self, message: str, page: int = 0) -> None: ...


Reader = Callable[[bytes, Limits, Progress], Any]

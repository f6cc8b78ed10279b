"""Reading in this process, with everything that was said written down."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.reading.cutting import HEADING_ROOM, indexed
from app.reading.limits import Limits
from app.reading.session import BODY_TOKENS, Request, read
from app.reading.tokens import counter_for
from tests.reading.papers import TOKENIZER

WORD = re.compile(r"\w+")


@dataclass
class Heard:
    events: list[dict[str, Any]] = field(default_factory=list)

    @property
    def passages(self) -> list[dict[str, Any]]:
        return [item for event in self._named("passages") for item in event["items"]]

    @property
    def text(self) -> str:
        return "\n\n".join(passage["text"] for passage in self.passages)

    @property
    def headings(self) -> list[tuple[str, ...]]:
        """The paths in their order, each once."""
        return list(dict.fromkeys(passage["heading_path"] for passage in self.passages))

    @property
    def warnings(self) -> list[tuple[int | None, str]]:
        return [(event["page"], event["message"]) for event in self._named("warning")]

    @property
    def end(self) -> dict[str, Any]:
        return self.events[-1]

    @property
    def code(self) -> str:
        """Why it failed, or nothing."""
        return str(self.end.get("code", ""))

    def words(self) -> Counter[str]:
        """Those of the passages and of the headings above them, each heading once."""
        headings = {heading for path in self.headings for heading in path}
        return words_in(self.text) + words_in(" ".join(headings))

    def _named(self, name: str) -> list[dict[str, Any]]:
        return [event for event in self.events if event["event"] == name]


def words_in(text: str) -> Counter[str]:
    return Counter(word.casefold() for word in WORD.findall(text))


def hear(
    content: bytes | str,
    file_name: str,
    folder: Path,
    *,
    media_type: str = "",
    body_tokens: int = BODY_TOKENS,
    limits: Limits | None = None,
) -> Heard:
    path = folder / "upload"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    heard = Heard()
    tokenizer = str(TOKENIZER) if TOKENIZER.is_file() else None
    request = Request(str(path), file_name, media_type, tokenizer, body_tokens, limits or Limits())
    read(request, heard.events.append)
    assert heard.end["event"] in {"done", "failed"}
    counter = counter_for(tokenizer)
    for passage in heard.passages:
        assert passage["tokens"] == counter.count(passage["text"]) <= body_tokens
        assert passage["text"].strip()
        above = indexed(heard.end["title"], passage["heading_path"], "")
        if counter.count(above) <= body_tokens // 2 + HEADING_ROOM:
            whole = indexed(heard.end["title"], passage["heading_path"], passage["text"])
            assert counter.count(whole) <= body_tokens + HEADING_ROOM
    assert [passage["ordinal"] for passage in heard.passages] == list(range(len(heard.passages)))
    return heard

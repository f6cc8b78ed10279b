"""Words that were broken at the end of a line, made whole."""

from __future__ import annotations

import re
from collections.abc import Iterable

from app.reading.pdf.lines import Line

BROKEN = re.compile(r"([^\W\d_]{2,})[-‐]$")
REST = re.compile(r"([^\W\d_]+)")
COMPOUND = re.compile(r"[^\W\d_]+[-‐][^\W\d_]+")
WORD = re.compile(r"[^\W\d_]{4,}")


class Wrapping:
    """Knows the words of the document: they decide whether a hyphen belongs to the word."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self._lines = lines
        self._known: tuple[set[str], set[str]] | None = None

    def join(self, text: str, following: str) -> str:
        broken = BROKEN.search(text[-40:])
        rest = REST.match(following)
        if broken is None or rest is None or not rest.group()[0].islower():
            return f"{text} {following}"
        first, second = broken.group(1), rest.group(1)
        whole, compounds = self._words()
        kept = f"{first}-{second}".casefold() in compounds
        if kept and (first + second).casefold() not in whole:
            return text + following
        return text[:-1] + following

    def _words(self) -> tuple[set[str], set[str]]:
        """Gathered when the first broken word turns up: most documents have none."""
        if self._known is None:
            whole: set[str] = set()
            compounds: set[str] = set()
            for line in self._lines:
                text = line.text.casefold()
                whole.update(WORD.findall(text))
                if "-" in text:
                    compounds.update(COMPOUND.findall(text))
            self._known = whole, compounds
        return self._known

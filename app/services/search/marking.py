"""Where the words of a question stand in a text, so that an eye finds them at once."""

from __future__ import annotations

from dataclasses import dataclass

from app.services.search.lexical import WORD, terms_of
from app.services.search.synonyms import concept, stem


@dataclass(frozen=True)
class Piece:
    """A stretch of the text. All pieces together are the text again, letter by letter."""

    text: str
    is_marked: bool


def mark(written: str, asked: str) -> list[Piece]:
    """Cut the text at the words that mean the same as a telling word of the question."""
    wanted = frozenset(terms_of(asked).stems)
    pieces: list[Piece] = []
    done = 0
    for match in WORD.finditer(written):
        if concept(stem(match.group())) in wanted:
            if match.start() > done:
                pieces.append(Piece(written[done : match.start()], is_marked=False))
            pieces.append(Piece(match.group(), is_marked=True))
            done = match.end()
    if done < len(written):
        pieces.append(Piece(written[done:], is_marked=False))
    return pieces

"""Lists and steps in an answer: whole or not at all, and never announced without being there."""

from __future__ import annotations

from collections.abc import Sequence

from app.services.quoting.pieces import LEADS_IN, Piece
from app.services.quoting.words import Wanted

# Lists and steps may be longer than prose, since half of the steps help nobody.
MOST_LISTED_WORDS = 150


def are_steps(more: Sequence[Piece], wanted: Wanted) -> bool:
    """Steps come whole to whoever asks how, since half of them help nobody."""
    is_list = bool(more) and more[0].place == 0 and all(piece.kind == "step" for piece in more)
    return wanted.kinds.how and is_list and words_of(more) <= MOST_LISTED_WORDS


def announced(pieces: Sequence[Piece], chosen: Sequence[Piece]) -> list[Piece]:
    """The lists that quoted sentences lead in to, unless they are too long."""
    more: list[Piece] = []
    for piece in chosen:
        if is_left_open(piece, pieces, chosen):
            listed = _led_in_to(piece, pieces)
            more += listed if words_of([*chosen, *more, *listed]) <= MOST_LISTED_WORDS else []
    return more


def is_left_open(piece: Piece, pieces: Sequence[Piece], chosen: Sequence[Piece]) -> bool:
    """Whether it announces what is not quoted."""
    listed = _led_in_to(piece, pieces)
    return bool(listed) and not any(p in chosen for p in listed)


def words_of(pieces: Sequence[Piece]) -> int:
    return sum(len(piece.text.split()) for piece in pieces)


def _led_in_to(piece: Piece, pieces: Sequence[Piece]) -> list[Piece]:
    if piece.kind != "sentence" or not piece.text.endswith(LEADS_IN):
        return []
    return [p for p in pieces if p.source == piece.source and p.lead_in == piece.text]

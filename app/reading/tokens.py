"""How long a text is to the embedding model."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

PIECES = re.compile(r"\w+|[^\w\s]")
LETTERS_A_TOKEN = 4
LAST_LATIN = "\u024f"


class TokenCounter(dict[str, int]):
    """Counts word by word and remembers each: documents repeat their words, and counts add up."""

    def __init__(self, measure: Callable[[str], int]) -> None:
        super().__init__()
        self._measure = measure

    def __missing__(self, word: str) -> int:
        count = self[word] = self._measure(word)
        return count

    def count(self, text: str) -> int:
        return sum(map(self.__getitem__, text.split()))


def counter_for(tokenizer: str | None) -> TokenCounter:
    """Exact with the model's own tokenizer file; an estimate on the high side without."""
    if tokenizer and Path(tokenizer).is_file():
        return TokenCounter(_exact(tokenizer))
    return TokenCounter(estimate)


def estimate(word: str) -> int:
    """A passage that is a little short loses nothing, so this errs towards too many."""
    return sum(map(_estimate_piece, PIECES.findall(word)))


def _estimate_piece(piece: str) -> int:
    # MiniLM knows few words outside the Latin script, and spells them letter by letter.
    return -(-len(piece) // LETTERS_A_TOKEN) if max(piece) <= LAST_LATIN else len(piece)


def _exact(tokenizer: str) -> Callable[[str], int]:
    from tokenizers import Tokenizer

    model = Tokenizer.from_file(tokenizer)
    model.no_truncation()
    model.no_padding()

    def measure(word: str) -> int:
        whole = word.encode("utf-8", "replace").decode("utf-8")
        return len(model.encode(whole, add_special_tokens=False).ids)

    return measure

"""Words that are almost the same: a letter too many, too few, another one, or two exchanged.

An index of three letters in a row finds what has a slip in it by what the slip has left whole: the
letters before it and those behind it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

# Shorter words have too many neighbours that mean something else.
SHORTEST = 5
LONG = 9
INDEXED = 3
MOST_SLIPS = 2


def sure_pieces(word: str) -> list[tuple[str, ...]]:
    """Texts in which the word without its slip may stand, each so much of it that few others do.

    Two letters that have changed places are put back, one too many is left out; for one that is
    missing or wrong, all of a tuple has to be found.
    """
    if len(word) < SHORTEST:
        return []
    places = range(len(word))
    swapped = [word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in places[:-1]]
    shorter = [word[:at] + word[at + 1 :] for at in places]
    around = [_around(word, at, behind) for at in places for behind in (at, at + 1)]
    found = [*((each,) for each in (*swapped, *shorter)), *around]
    enough = max(len(word) - 2, INDEXED + 1)
    return list(dict.fromkeys(each for each in found if sum(map(len, each)) >= enough))


def vague_pieces(word: str) -> list[tuple[str, ...]]:
    """What remains: where a letter in the middle is wrong, and little is left beside it."""
    if len(word) < SHORTEST:
        return []
    found = dict.fromkeys(_around(word, at, at + 1) for at in range(len(word)))
    sure = set(sure_pieces(word))
    return [each for each in found if each and each not in sure]


def halves(word: str) -> list[str]:
    """One of them is whole wherever the slip is: a gap is left where two letters meet."""
    if len(word) < SHORTEST:
        return []
    length = (len(word) - 1) // 2
    return [word[:length], word[-length:]]


def closest(word: str, others: Sequence[str]) -> str | None:
    """The one that is at most a slip away (two in long words), the nearest first."""
    best: tuple[int, str] | None = None
    for other in others:
        # What a visitor made up is not remembered: a word may be as long as a message.
        if abs(len(word) - len(other)) > MOST_SLIPS:
            continue
        distance = _slips(word, other)
        if distance is not None and (best is None or distance < best[0]):
            best = (distance, other)
    return best[1] if best else None


def _around(word: str, at: int, behind: int) -> tuple[str, ...]:
    return tuple(each for each in (word[:at], word[behind:]) if len(each) >= INDEXED)


@lru_cache(maxsize=20_000)
def _slips(word: str, other: str) -> int | None:
    """How many, or nothing where it is too many; kept, since a language has few words."""
    most = MOST_SLIPS if len(word) >= LONG else 1
    if abs(len(word) - len(other)) > most:
        return None
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(word, start=1):
        this = [row]
        for column, other_letter in enumerate(other, start=1):
            cost = min(
                last[column] + 1,
                this[column - 1] + 1,
                last[column - 1] + (letter != other_letter),
            )
            exchanged = row > 1 < column and (letter, word[row - 2]) == (
                other[column - 2],
                other_letter,
            )
            this.append(min(cost, before[column - 2] + 1) if exchanged else cost)
        if min(this) > most:
            return None
        before, last = last, this
    return last[-1] if last[-1] <= most else None

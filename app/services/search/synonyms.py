"""Words that mean the same, so that "shipping" finds what the documents call delivery.

A question and a passage are compared by concepts: the stem of a word, or that of the first word of
its class. The index keeps what was written, so the classes may change without indexing anew.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import Stemmer

CLASSES = Path(__file__).with_suffix(".toml")
_porter = Stemmer.Stemmer("porter")


def stem(word: str) -> str:
    """What the word's forms have in common."""
    return str(_porter.stemWord(word.lower()))


def concept(stemmed: str) -> str:
    """What a stem stands for: itself, unless it has a class."""
    return _concepts().get(stemmed, stemmed)


def said_otherwise(word: str) -> Sequence[str]:
    """The word, and every other that means the same."""
    return tuple(dict.fromkeys((word, *_classes().get(concept(stem(word)), ()))))


@cache
def _concepts() -> dict[str, str]:
    """Asked for every word of every passage that is scored, so it is one look-up."""
    return {stem(word): named for named, words in _classes().items() for word in words}


@cache
def _classes() -> dict[str, list[str]]:
    with CLASSES.open("rb") as file:
        classes = [line.split() for line in tomllib.load(file)["said_otherwise"]]
    return {stem(words[0]): words for words in classes}

"""What a message asks for or threatens with, whatever its mood: rules over its words.

Each is written to be silent in doubt: a false alarm calls a person away from somebody.
English is known best; the plain requests and threats in five more languages.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path

RULES = Path(__file__).with_suffix(".toml")
MOST_LETTERS = 4_000
SHOUTED_WORDS = 3
ALIKE = 0.7
# Shorter messages are alike without meaning anything: "yes please" twice is no complaint.
WORDS_TO_COMPARE = 3
WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
FILLERS = frozenset(
    (
        "a", "an", "and", "are", "at", "be", "but", "can", "do", "for", "hello", "hi", "i", "in",
        "is", "it", "me", "my", "of", "ok", "on", "or", "please", "so", "that", "the", "this",
        "to", "we", "with", "you", "your",
    )
)  # fmt: skip

SOMEBODY = (
    r"(?:(?:a|an|the|some|any|your|one of your|another) )?"
    r"(?:(?:real|live|actual|human|senior|other) )?(?:person|people|human(?: being)?"
    r"|someone|somebody|agents?|representatives?|rep|operators?"
    r"|manager|supervisor|colleagues?|advisor|adviser|staff|support team|customer service|boss)"
)

# "I don't want to speak to a person" asks for none, and "my doctor calls me back" neither.
NOT_FOR_PERSON = re.compile(
    r"\b(?:don'?t|do not|didn'?t|rather not|no need to|without|instead of|stop"
    r"|how (?:do|can) (?:my|our)"
    r"|(?:he|she|they|who|doctor|nobody|no one|never|not)(?: will| to| did)?)\b[^.!?]{0,24}"
    r"\b(?:speak|talk|chat|calls?|calling|ring|phone|transfer|speaking|talking|need)\b",
    re.IGNORECASE,
)


def find_signals(text: str, earlier: Sequence[str] = ()) -> tuple[str, ...]:
    """The names of what is found; `earlier` are the visitor's messages before this one."""
    text = text[:MOST_LETTERS].replace("’", "'")
    found = [name for name, rule in _rules().items() if rule.search(text)]
    if "asks_for_person" in found and NOT_FOR_PERSON.search(text):
        found.remove("asks_for_person")
    if "repeated_demand" not in found and _repeats(text, earlier):
        found.append("repeated_demand")
    if _shouts(text):
        found.append("shouting")
    return tuple(found)


@cache
def _rules() -> dict[str, re.Pattern[str]]:
    written = tomllib.loads(RULES.read_text("utf-8"))
    return {
        name: re.compile("|".join(parts).replace("SOMEBODY", SOMEBODY), re.IGNORECASE)
        for name, parts in written.items()
    }


def _repeats(text: str, earlier: Sequence[str]) -> bool:
    words = _content(text)
    return len(words) >= WORDS_TO_COMPARE and any(_alike(words, _content(one)) for one in earlier)


def _content(text: str) -> frozenset[str]:
    # Six letters stand in for a stem: "delivery" and "deliveries" are one demand.
    words = (word.casefold() for word in WORD.findall(text[:MOST_LETTERS]))
    return frozenset(word[:6] for word in words if word not in FILLERS)


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    if len(other) < WORDS_TO_COMPARE:
        return False
    return len(one & other) / min(len(one), len(other)) >= ALIKE


def _shouts(text: str) -> bool:
    words = [word for word in WORD.findall(text) if len(word) > 1]
    loud = [word for word in words if word.isupper() and word.isalpha()]
    return len(loud) >= SHOUTED_WORDS and len(loud) > len(words) / 2

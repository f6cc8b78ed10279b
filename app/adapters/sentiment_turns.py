"""Where a message turns: "thank you, but ..." is about what comes after the "but"."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

# What stands before one of these was courtesy, or history. "Though" may come last.
TURN = re.compile(
    r"(?:(?:^|\W)(?:but|however|unfortunately|sadly|except|pity|shame|(?:al)?though"
    r"|aber|leider|trotzdem|mais|malheureusement|pero|lamentablemente|mas|porém|infelizmente|لكن)"
    r"|[,.;!] (?:only|yet|still)"
    r"|[,.;!](?=[^,.;!?]*\Wthough\W*$))\W+(?=\w+\W+\w)"
)
ABOUT_MYSELF = re.compile(r"(?:i(?:'[a-z]+)?|we(?:'[a-z]+)?|if|only|please) ")
TROUBLE = (
    "failure",
    "fault",
    "waiting",
    "neglect",
    "again",
    "money",
    "lack",
    "letdown",
    "contempt",
)
RELIEF = ("thanks", "praise", "service", "good_marks")
# Of the dictionary's opinion, which lies between -1 and 1.
KIND, UNKIND = 0.35, -0.25

NAMES = (
    "courtesy",
    "turned_bad",
    "made_good",
    "kind_question",
    "kind_refusal",
    "turned_else",
)


class Turned(NamedTuple):
    """The figures of NAMES, and where that begins which counts."""

    figures: tuple[float, ...]
    begins: int


STRAIGHT = Turned((0.0,) * len(NAMES), 0)


def turned(
    text: str, patterns: Mapping[str, re.Pattern[str]], opinion: Callable[[str], float]
) -> Turned:
    """Read both parts of a text in lower case, by the phrases of support and by a dictionary."""
    turn = _last_turn(text)
    if turn is None:
        return STRAIGHT
    before, rest = text[: turn.end()], text[turn.end() :]
    felt_before, felt = opinion(before), opinion(rest)
    kind = felt_before > KIND or bool(patterns["thanks"].search(before))
    asking = rest.endswith("?")
    bad = not asking and (felt < UNKIND or _any(TROUBLE, patterns, rest))
    good = not (asking or bad) and (felt > KIND or _any(RELIEF, patterns, rest))
    to_me = not (asking or bad or good) and bool(ABOUT_MYSELF.match(rest))
    made_good = good and (felt_before < UNKIND or _any(TROUBLE, patterns, before))
    courtesy = kind and not (asking or good or to_me)
    otherwise = not (asking or bad or good)
    found = (courtesy, bad, made_good, kind and asking, kind and to_me, otherwise)
    return Turned(tuple(map(float, found)), turn.end() if courtesy and bad else 0)


def _last_turn(text: str) -> re.Match[str] | None:
    turns = list(TURN.finditer(text))
    return turns[-1] if turns else None


def _any(names: tuple[str, ...], patterns: Mapping[str, re.Pattern[str]], text: str) -> bool:
    return any(patterns[name].search(text) for name in names)

"""Names in a text: what is written with a capital though no sentence begins there.

A name may have a number or a letter of its own: Lantern 100, zone B. That number is no figure.
"""

from __future__ import annotations

import re

from app.services.grounding.languages import ENGLISH, LITTLE
from app.services.grounding.measures import UNITS
from app.services.grounding.words import SAYING_LITTLE, stems_for

_CAPITAL = re.compile(
    r"(?<![\w'’])([A-ZÀ-ÖØ-Þ][\w&'’-]*)"
    r"(?:[ \u00a0](\d{1,4})(?![\w.,:%°]*\d|[ \u00a0]?[%€$°]))?"
)
# Looked for first: where no letter stands alone, none is part of a name.
_LETTER = re.compile(r" [A-HJ-Z](?![\w'’.-])")
_LETTERED = re.compile(r"\b([^\W\d_]{3,}) ([A-HJ-Z])(?![\w'’.-])")
_BEGINS = re.compile(r"(?:^|[.!?:;|>\n]|^\d+\.)[\s\"'“‘(*_-]*$")
_FOLLOWING = re.compile(r"[ \u00a0-]?([^\W\d_]+|km/h)")
_LOOKED_BACK = 6
# Every noun of theirs has a capital.
_ALL_NOUNS = "de"


def names_of(text: str, language: str) -> tuple[list[tuple[str, int]], set[str], set[int]]:
    """Names with their places; words that only begin a sentence; where numbers of names stand."""
    names: list[tuple[str, int]] = []
    initials: set[str] = set()
    numbered: set[int] = set()
    stems = stems_for(language)
    for found in _CAPITAL.finditer(text):
        word, number = found.groups()
        plain = word.lower().removesuffix("'s").removesuffix("’s").strip("'’-")
        is_little = not stems[plain] or (language == ENGLISH and stems[plain] in SAYING_LITTLE)
        if number and not is_little and not _is_measured(text, found.end()):
            names.append((f"{plain} {number}", found.start()))
            numbered.add(found.start(2))
        elif is_little or (word.isupper() and len(word) == 1):
            continue
        elif language == _ALL_NOUNS or _begins(text, found.start()):
            initials.add(plain)
        else:
            names.append((plain, found.start()))
    if _LETTER.search(text):
        names += [(each.group().lower(), each.start()) for each in _LETTERED.finditer(text)]
    return names, initials, numbered


def _begins(text: str, place: int) -> bool:
    return bool(_BEGINS.search(text[max(0, place - _LOOKED_BACK) : place]))


def _is_measured(text: str, place: int) -> bool:
    """What follows may make the number an amount: "Takes 2 days" names nothing."""
    following = _FOLLOWING.match(text, place)
    if not following:
        return False
    word = following[1].lower()
    return word == "working" or (word in UNITS and word not in LITTLE[ENGLISH])

"""A question in the language of the documents, word by word: enough to find what they say.

No translation, and never shown: what the dictionary does not know stays as it is, since it may be
the name of a product, and little words fall away.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path

import Stemmer

from app.services import search
from app.services.grounding import languages as grounding
from app.services.languages import SMALL_WORDS

FILE = Path(search.__file__).parent / "tongues.toml"
LANGUAGES = ("en", "de", "fr", "es", "pt", "ar")
STEMMERS = grounding.STEMMERS | {"ar": "arabic"}
WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
LONGEST_PHRASE = 4
LONGEST_LITTLE = 3
# German joins words; each part must be long enough to be none by chance.
SHORTEST_PART = 4
JOINTS = ("", "s", "n", "en", "es")


def glossed(question: str, language: str, into: str) -> str:
    """The question with what is known of it said in another language; empty if nothing is."""
    if language == into or language not in LANGUAGES or into not in LANGUAGES:
        return ""
    words = WORD.findall(question)
    said = list(_said(words, language, _things(language, into)))
    known = any(is_known for _, is_known in said)
    return " ".join(word for word, _ in said) if known else ""


def _said(
    words: list[str], language: str, things: dict[tuple[str, ...], str]
) -> Iterator[tuple[str, bool]]:
    stems = [_stem(word, language) for word in words]
    little = _little(language)
    place = 0
    while place < len(words):
        for length in range(min(LONGEST_PHRASE, len(words) - place), 0, -1):
            found = things.get(tuple(stems[place : place + length]))
            if found:
                yield found, True
                place += length
                break
        else:
            parts = _parts(stems[place], things) if language == "de" else ""
            if parts:
                yield parts, True
            elif stems[place] not in little and not _says_nothing(words[place]):
                yield words[place], False
            place += 1


def _says_nothing(word: str) -> bool:
    """So short a word is none of a thing, unless it is written like a name."""
    return len(word) <= LONGEST_LITTLE and word.islower()


def _parts(joined: str, things: dict[tuple[str, ...], str]) -> str:
    """What two known words that were written as one mean, if it is two."""
    for end in range(SHORTEST_PART, len(joined) - SHORTEST_PART + 1):
        last = things.get((joined[end:],))
        if not last:
            continue
        for joint in JOINTS:
            first = joined[:end].removesuffix(joint) if joint else joined[:end]
            meant = things.get((_stem(first, "de"),))
            if meant and len(first) >= SHORTEST_PART:
                return f"{meant} {last}"
    return ""


@lru_cache(maxsize=len(LANGUAGES) ** 2)
def _things(language: str, into: str) -> dict[tuple[str, ...], str]:
    """Each phrase by the stems of its words, with what it is called in the other language."""
    things: dict[tuple[str, ...], str] = {}
    for line in _lines():
        named = line[LANGUAGES.index(into)]
        for phrase in line[LANGUAGES.index(language)] if named else ():
            stems = tuple(_stem(word, language) for word in WORD.findall(phrase))
            things.setdefault(stems, named[0])
    return things


@cache
def _lines() -> list[list[list[str]]]:
    with FILE.open("rb") as file:
        things: list[str] = tomllib.load(file)["things"]
    return [
        [
            [phrase.strip() for phrase in part.split(",") if phrase.strip()]
            for part in line.split("|")
        ]
        for line in things
    ]


@cache
def _little(language: str) -> frozenset[str]:
    return frozenset(_stem(word, language) for word in SMALL_WORDS.get(language, "").split())


def _stem(word: str, language: str) -> str:
    """Without accents, since half of the visitors leave them out."""
    apart = unicodedata.normalize("NFKD", word.casefold().replace("’", "'"))
    bare = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return str(_stemmer(language).stemWord(bare))


@cache
def _stemmer(language: str) -> Stemmer.Stemmer:
    return Stemmer.Stemmer(STEMMERS[language])

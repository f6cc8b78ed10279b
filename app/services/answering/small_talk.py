"""What needs no document: greetings, thanks, goodbyes, and questions about the assistant itself.

A message is small talk only if nothing else is in it: "hi, where is my order?" is a question.
"""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from app.services import wording

FILE = Path(__file__).resolve().parent / "small_talk.json"
LONGEST = 160
# What somebody says several of, in the order of what they would like to be answered.
KINDS = (
    *("person", "about_model", "about_bot", "about_name", "help", "how_are_you"),
    *("thanks", "goodbye", "acknowledged", "greeting"),
)
# These differ in wording, and are one to whoever counts them.
SHOWN_AS = {"about_model": "about_bot", "about_name": "about_bot"}
NOT_LETTERS = re.compile(r"[^\w\s]|_")
NO_LANGUAGE = "any"


@dataclass(frozen=True)
class Reply:
    text: str
    kind: str
    language: str


def reply(text: str, organization_name: str, assistant_name: str, locale: str) -> Reply | None:
    """An answer that needs no document, in the language of the phrase; None for anything else."""
    found = _recognized(text, (organization_name, assistant_name))
    if found is None:
        return None
    kind, language = found
    language = locale if language == NO_LANGUAGE else language
    said = wording.say(kind, language, organization=organization_name, assistant=assistant_name)
    return Reply(said, SHOWN_AS.get(kind, kind), language)


def kind_of(text: str) -> str:
    """What kind of small talk it is, or nothing."""
    found = _recognized(text, ())
    return SHOWN_AS.get(found[0], found[0]) if found else ""


def _recognized(text: str, names: tuple[str, ...]) -> tuple[str, str] | None:
    """The kind and its language, if the text consists of such phrases and nothing else."""
    if len(text) > LONGEST:
        return None
    rest = _plain(text)
    if not rest:
        # A thumb or a smile alone.
        return ("acknowledged", NO_LANGUAGE) if text.strip(" ?!.…") else None
    for name in sorted(filter(None, map(_plain, names)), key=len, reverse=True):
        rest = re.sub(rf"\b{re.escape(name)}\b", " ", rest)
    met: dict[str, str] = {}
    phrases = _phrases()
    while rest := rest.strip():
        match = phrases.match(rest)
        if match is None:
            return None
        kind, language = _meanings()[match.group().strip()]
        if kind and met.get(kind, NO_LANGUAGE) == NO_LANGUAGE:
            met[kind] = language
        rest = rest[match.end() :]
    return next(((kind, met[kind]) for kind in KINDS if kind in met), None)


def _plain(text: str) -> str:
    """Lower case, without accents, signs and letters held down ("heyyy")."""
    apart = unicodedata.normalize("NFKD", text.casefold().replace("'", "").replace("’", ""))
    bare = "".join(letter for letter in apart if not unicodedata.combining(letter))
    words = NOT_LETTERS.sub(" ", bare).split()
    return " ".join(re.sub(r"(.)\1{2,}", r"\1", word) for word in words)


@cache
def _meanings() -> dict[str, tuple[str, str]]:
    """Each phrase with its kind and language; a phrase of several languages has none."""
    said: dict[str, dict[str, list[str]]] = json.loads(FILE.read_text("utf-8"))
    meanings: dict[str, tuple[str, str]] = {}
    for kind, languages in said.items():
        for language, phrases in languages.items():
            for phrase in map(_plain, phrases):
                known = meanings.get(phrase)
                shared = known is not None and known[1] != language
                meanings[phrase] = (
                    "" if kind == "filler" else kind,
                    NO_LANGUAGE if shared else language,
                )
    return meanings


@cache
def _phrases() -> re.Pattern[str]:
    longest_first = sorted(_meanings(), key=len, reverse=True)
    return re.compile(rf"(?:{'|'.join(map(re.escape, longest_first))})(?:\s|$)")

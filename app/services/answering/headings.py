"""A heading as a visitor would ask for what stands below it.

Only where a question or a request can be made of it without guessing: a step out of a row, or an
order to do something, is nothing that anybody asks for.
"""

from __future__ import annotations

import re

from app.services.languages import language_of
from app.services.search import lexical
from app.services.wording import FALLBACK, say

QUESTION = re.compile(r"[?？؟]$")
NUMBERED = re.compile(
    r"^(?:\d+|[a-z])[.)]\s+|^(?:step|schritt|étape|paso|passo)\s+\d", re.IGNORECASE
)
# Sections of which nobody would ask.
EMPTY = re.compile(
    r"(?:introduction|overview|notes?|contents|table of contents|summary|appendix|general|misc\w*"
    r"|faq|see also|steps|examples?|an example|the short answer|references|external links"
    r"|afterwards|in short|and then|einleitung|inhalt|introducci[oó]n)\W*",
    re.IGNORECASE,
)
HOW_TO = re.compile(r"how to (?=\w)", re.IGNORECASE)
# "When the money comes" asks for a time; "When it does not come", for what to do then.
CASE = re.compile(
    r"(?:if|when(?=.*\b(?:not|no|none|never|cannot|nothing|\w+n['’]t)\b)) ", re.IGNORECASE
)
CLAUSE = re.compile(r"(?:what|how|where|when|who|whom|which|why) ", re.IGNORECASE)
ORDER = re.compile(
    r"(?:please|never|always|don['’]t|do not"
    r"|(?:add|adjust|ask|bring|call|change|check|choose|clean|close|connect|fill|get|go|hold|keep"
    r"|lay|let|look|make|measure|mount|open|pack|pick|plug|press|pull|push|put|read|remove|replace"
    r"|send|set|start|stick|stop|switch|take|think|tighten|try|turn|use|wait|wipe|write)"
    r" (?:a|an|the|your|it|them|to|into|on|up|off|out|with|about|first|back|not|before|after|only"
    r"|this|that|these|all|both|long|again))\b",
    re.IGNORECASE,
)
# A whole sentence, which tells what happens: "Snow builds up on the lens".
TELLS = re.compile(
    r"^(?:it|they) (?:\w+ )?\w+s?\b"
    r"|^\S+(?: \S+){0,3} (?:is|are|was|were|has|have|does|do|will|can|cannot|must|may"
    r"|\w+[^s\W]s (?:up|off|out|down|not|no|it|you|them))\b",
    re.IGNORECASE,
)
# "What about after the thirty days?": these want no "tell me about" before them.
WHERE_OR_WHEN = re.compile(
    r"(?:after|at|before|between|by|during|for|from|in|on|over|since|under|until|with|without)\b",
    re.IGNORECASE,
)
BOX = re.compile(r"(?:what is )?in the box", re.IGNORECASE)
# What stands before the colon of a title, and is no name of the thing.
SHELF = re.compile(
    r"(?:troubleshooting|faq|guide|how[- ]to|help|manual|policy|questions|problems)\b",
    re.IGNORECASE,
)
OPEN_PRONOUN = re.compile(r"\b(?:it|they|them|its|their|this|these|that|one|ones)\b", re.IGNORECASE)
NAME = re.compile(r"\w*\d|\w+[A-Z]|[A-Z]{2}")
# Who speaks changes sides: "what we ask of you" is said by the visitor.
_SIDES = {
    "you": "I",
    "your": "my",
    "yours": "mine",
    "yourself": "myself",
    "we": "you",
    "us": "you",
    "our": "your",
    "ours": "yours",
}
_OBJECT = re.compile(r"\b(of|for|to|from|with|by|at|about) I\b")
_SIDE = re.compile(rf"\b(?:{'|'.join(_SIDES)})\b", re.IGNORECASE)


def is_asked_for(heading: str) -> bool:
    """Whether somebody may ask for what stands below it."""
    if not heading or NUMBERED.match(heading) or EMPTY.fullmatch(heading):
        return False
    return not ORDER.match(heading) and bool(lexical.stems_of(heading))


def as_asked(heading: str, title: str, text: str, language: str, question: str = "") -> str:
    """What a visitor of this language would say next, or nothing. `text` shows what is a name."""
    heading = heading.rstrip(".:")
    written = language_of(heading, language)
    if QUESTION.search(heading) and written == language:
        return heading
    if language != FALLBACK or written != FALLBACK:
        return say("ask_about", language, heading=heading)
    if CLAUSE.match(heading) and not CASE.match(heading) and not HOW_TO.match(heading):
        is_clear = not OPEN_PRONOUN.search(heading) and len(lexical.stems_of(heading)) > 1
        return f"Tell me {_turned(_lowered(heading, text))}" if is_clear else ""
    return _case(heading, text) or _topic(heading, text, _subject(title, text), question)


def _case(heading: str, text: str) -> str:
    """What becomes a question by itself, if it does."""
    if BOX.fullmatch(heading):
        return "What is in the box?"
    for opening, words in ((HOW_TO, "How do I "), (CASE, "What if ")):
        if opening.match(heading):
            return f"{_turned(opening.sub(words, heading, count=1))}?"
    if TELLS.match(heading):
        return f"What if {_turned(_lowered(heading, text))}?"
    return ""


def _topic(heading: str, text: str, subject: str, question: str) -> str:
    """What is too short to stand alone says of what; unless that was just spoken of."""
    said = _turned(_lowered(heading, text))
    if WHERE_OR_WHEN.match(heading) and OPEN_PRONOUN.search(heading):
        return ""
    is_known = not subject or _shares(subject, question)
    if WHERE_OR_WHEN.match(heading) or (is_known and _is_short(heading)):
        return f"What about {said}?"
    if _is_short(heading) and not _shares(subject, heading):
        said = f"{_turned(subject)}: {said}"
    return say("ask_about", FALLBACK, heading=said)


def _turned(said: str) -> str:
    turned = _SIDE.sub(lambda match: _SIDES[match.group().lower()], said)
    return _OBJECT.sub(r"\1 me", turned)


def _lowered(said: str, text: str) -> str:
    """Without the capital that only the beginning of a line has."""
    first = said.split(maxsplit=1)[0]
    inside = f" {first}" in text and re.search(rf"(?<=[a-z,;] ){re.escape(first)}\b", text)
    followed = re.match(r"\S+ \d", said)
    if NAME.match(first) or inside or followed:
        return said
    return said[:1].lower() + said[1:]


def _subject(title: str, text: str) -> str:
    """What a document is about: "Lantern 60: manual" and "Troubleshooting: it flickers"."""
    first, sign, rest = (
        part.strip() for part in re.split(r"(\s*[:–—|(?]\s*|$)", title, maxsplit=1)
    )
    if sign and rest and SHELF.match(first):
        return _lowered(rest, text)
    return first if sign in {":", "–", "—"} else _lowered(first, text)


def _is_short(heading: str) -> bool:
    return len(set(lexical.stems_of(heading))) < 3


def _shares(one: str, other: str) -> bool:
    return bool(set(lexical.stems_of(one)) & set(lexical.stems_of(other)))

"""Whether a question leans on what was said before, and on what.

By rules alone: a follow-up has pronouns where the thing should stand, begins with "and" or "what
about", or has next to no word of its own. The turn that it leans on is then searched for as well.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from app.services.answering import small_talk
from app.services.search.lexical import STOP_WORDS

TURNS_LOOKED_AT = 5
LONGEST_PREVIOUS = 400
# With as many words of its own, a question stands alone unless it begins like a continuation.
ENOUGH_WORDS = 7
FEW_WORDS = 2
SAID_BEFORE = 4
WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
OPENING = re.compile(
    r"""^\W*(?:
    and|so|but|or|also|then|what\ about|how\ about|what\ if|what\ else|why\ not
    |ok(?:ay)?\W+(?:and|so|but)|same\ for|in\ that\ case|otherwise|if\ so|if\ not
    |even|instead|for\ how\ (?:long|many)
    |until\ when
    |und|aber|oder|also|dann|was\ ist\ mit|wie\ (?:ist|sieht)\ es|und\ wenn|sonst|auch
    |et|mais|ou\ alors|donc|alors|qu['’]en\ est-il|et\ si|sinon|aussi
    |y|pero|entonces|qu[eé]\ hay\ de|y\ si|tambi[eé]n|si\ no
    |e|mas|ent[aã]o|e\ se|e\ quanto|tamb[eé]m|sen[aã]o
    |و\w*|لكن|طيب|إذن|ماذا\ عن|وماذا
    )(?!\w)""",
    re.IGNORECASE | re.VERBOSE,
)
# "The dark room downstairs too?"
ENDING = re.compile(r"\b(?:too|as well|either|auch|aussi|también|também)\W*$", re.IGNORECASE)
# Words that stand for something said before, in the languages that we speak ourselves.
POINTING = frozenset(
    (
        *("it", "its", "it's", "they", "them", "their", "this", "that", "these", "those", "one"),
        *("ones", "he", "she", "him", "her", "same", "other", "another", "both", "either"),
        *("neither", "else", "then", "sie", "er", "ihn", "ihm", "es", "das", "dies", "diese"),
        *("dieser", "dieses", "dafür", "davon", "damit", "daran", "darauf", "dort", "dann"),
        *("il", "elle", "ils", "elles", "celui", "celle", "ceux", "celles", "ça", "cela", "ceci"),
        *("y", "lequel", "laquelle", "ello", "esto", "eso", "estos", "ese", "esa", "ellos"),
        *("ellas", "aquello", "allí", "ele", "ela", "eles", "elas", "isso", "isto", "essa"),
        *("neste", "nisso", "lá", "aquilo", "disso", "هذا", "هذه", "ذلك", "تلك", "هو", "هي"),
        *("هم", "هناك"),
    )
)
# "Is it possible to pay later": this one points at nothing.
EMPTY_IT = re.compile(
    r"\b(?:is|was|would|will|does|how\s+(?:long|much|far))\s+(?:does\s+|would\s+)?it\s+"
    r"(?:possible|safe|true|allowed|ok|okay|necessary|normal|legal|cost\s+to|take\s+(?:to|for|until))"
    r"|\bthere\s+(?:is|are|was|were|any|a|an|some)\b|\b(?:is|are|was|were)\s+there\b"
    r"|\b(?:that|this|these|those)\s+(?:you|i|we|is|are|was|can|did|does|do)\b"
    r"|(?<=\w)\s+that\s+(?=\w+ed\b)|\b(?:i|you|we|they)\s+\w+\s+that\s+\w+",
    re.IGNORECASE,
)
# Said before the thing itself: "I have the Lantern 60. Can it be opened?" stands alone.
SENTENCE_END = re.compile(r"[.!?;:。！？]\s+|[,،]\s+(?=(?:and|but|so|und|et|y|e)\s)")


@dataclass(frozen=True)
class Asked:
    """A question with the visitor's turn that it leans on, empty if it stands alone."""

    question: str
    previous: str
    is_follow_up: bool


def standalone(question: str, earlier_visitor_turns: Sequence[str]) -> Asked:
    """`earlier_visitor_turns` in the order in which they were said, the newest last."""
    question = question.strip()
    previous = _topic(earlier_visitor_turns[-TURNS_LOOKED_AT:])
    if not previous or not leans(question):
        return Asked(question, "", is_follow_up=False)
    return Asked(question, previous, is_follow_up=True)


def leans(question: str) -> bool:
    """Whether the question cannot be understood by itself."""
    words = [word.lower().replace("’", "'") for word in WORD.findall(question)]
    own = [word for word in words if word not in STOP_WORDS and word not in POINTING]
    if (OPENING.match(question) or ENDING.search(question)) and len(own) < ENOUGH_WORDS:
        return True
    if len(own) < FEW_WORDS:
        # A lone name or code is a question of its own: "LIR2032", "Lantern?".
        return not any(map(_is_name, WORD.findall(question)[1:] or [""])) or len(words) > len(own)
    return len(own) < ENOUGH_WORDS and _points_back(question)


def _points_back(question: str) -> bool:
    parts = SENTENCE_END.split(EMPTY_IT.sub(" ", question))
    first = {word.lower().replace("’", "'") for word in WORD.findall(parts[0])}
    if len(parts) > 1 and not first & POINTING:
        # What a later sentence points at may well be the one before it in the same message.
        return False
    return any(map(_points_out, parts))


def _points_out(part: str) -> bool:
    """A word that points has nothing to point at in its sentence, unless much was said before."""
    said = 0
    for word in WORD.findall(part):
        plain = word.lower().replace("’", "'")
        if plain in POINTING:
            return True
        said += plain not in STOP_WORDS
        if said >= SAID_BEFORE:
            return False
    return False


def _topic(turns: Sequence[str]) -> str:
    """The last turn that says what it is about; behind follow-ups, the one they all lean on."""
    for turn in reversed(turns):
        words = [word for word in WORD.findall(turn.lower()) if word not in STOP_WORDS]
        if not words or small_talk.kind_of(turn):
            continue
        if not leans(turn):
            return turn.strip()[-LONGEST_PREVIOUS:]
    return next((turn.strip()[-LONGEST_PREVIOUS:] for turn in turns if _says_something(turn)), "")


def _says_something(turn: str) -> bool:
    words = [word for word in WORD.findall(turn.lower()) if word not in STOP_WORDS]
    return bool(words) and not small_talk.kind_of(turn)


def _is_name(word: str) -> bool:
    return word[:1].isupper() or any(map(str.isdigit, word))

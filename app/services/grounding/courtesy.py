"""Sentences that claim nothing: a greeting, an offer, a way in, an admission of not knowing.

They pass without a source, but only if there is nothing else in them: no figure, no name, no
address, and no word beyond those of courtesy and those of the question itself.
"""

from __future__ import annotations

import re

from app.services.grounding.facts import Facts
from app.services.grounding.words import SAYING_LITTLE, stems_for

_WORDS = """
happy glad pleased help helping hello hi hey welcome thank thanks thank you great good morning
evening afternoon day sorry apologise apologize apology regret unfortunately sure certainly course
absolutely gladly let know like want wish anything else something more further question questions
answer answers details detail information found find here following follows below above steps step
list summary overview short briefly explain explains look looking see check checked asked asking ask
documents document passages passage help pages page articles article knowledge base sources source
mention mentions say says tell cover covers contain contains state states person someone somebody
human colleague colleagues team agent support staff member connect put through touch contact reach
get hand over pass open create ticket message leave try again rephrase another way could would
understand mean clarify specify tell which one please hope helps feel free assistance assist able
enjoy nice bye goodbye soon talk chat conversation hear need anything back later now today just
confirm certain sure right correct available directly instead part sentence topic matter interest
moment kind words means brings reaching writing problem issue trouble concern frustrating
inconvenience patience frustration worry worries welcome figure out sort happening happened
danke gerne hallo helfen weiter fragen frage leider bonjour merci aider gracias hola ayudar ayuda
"""
_ALLOWED = (
    frozenset(stem for word in _WORDS.split() if (stem := stems_for("en")[word])) | SAYING_LITTLE
)
# Only these openings may take up the question's own words: they do not answer it.
_DOCUMENTS = r"(?:documents|documentation|passages|help pages|articles|pages|information|sources)"
_TAKES_UP = re.compile(
    r"^(?:you(?:['’]d|['’]re| would| are| were)? (?:ask(?:ed|ing)?|want|like to know)\b"
    r"|(?:regarding|about|as for|concerning|on the question|to answer)\b"
    r"|(?:here(?:['’]s| is| are)|below|these are|the following)\b"
    r"|i (?:do not|don['’]t|could not|couldn['’]t|cannot|can['’]t|did not|didn['’]t"
    r"|am not (?:able|sure)|was not able|wasn['’]t able|am unable|have no)\b"
    r"|(?:unfortunately|sorry|i['’]?a?m (?:sorry|afraid))\W+(?:but\s+)?"
    rf"(?:i|the {_DOCUMENTS})\b"
    rf"|(?:the|our|these) {_DOCUMENTS}(?: \w+){{0,3}} (?:do|does) ?(?:not|n['’]t) "
    r"(?:say|mention|contain|tell|cover|state|explain|specify|include)\b)",
    re.IGNORECASE,
)
_WAY_IN = ("?", ":", "？", "：")
_BARE_ANSWER = re.compile(r"^\W*(?:yes|no|yep|nope|ja|nein|oui|non|sí|si)\W*$", re.IGNORECASE)


def claims_nothing(sentence: str, facts: Facts, question: Facts) -> bool:
    """Whether it may pass without a source."""
    if not facts.written:
        return True
    if _BARE_ANSWER.match(sentence):
        return False
    if facts.codes - question.codes or _new_figures(facts, question):
        return False
    takes_up = bool(_TAKES_UP.match(sentence)) or sentence.rstrip("*_ ").endswith(_WAY_IN)
    words = {word.stem for word in facts.words} - _ALLOWED
    if facts.names - question.names - question.written:
        return False
    if not takes_up:
        return not words
    return words <= {word.stem for word in question.words}


def is_bare_answer(sentence: str) -> bool:
    """A yes or no without a word more: nothing there to compare."""
    return bool(_BARE_ANSWER.match(sentence))


def _new_figures(facts: Facts, question: Facts) -> bool:
    asked = {(each.figure.value, each.figure.unit) for each in question.amounts}
    return any(
        (each.figure.value, each.figure.unit) not in asked
        for each in facts.amounts
        if not each.figure.is_vague
    )

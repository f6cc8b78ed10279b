"""What visitors say in a phrase, in the words that documents have for it.

"Are you open" asks for hours and has no such word; "won't" falls into two stems that stand in no
document. What is left is only looked up, and never shown.
"""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from pathlib import Path

_PARCEL = r"(?:order|parcel|package|delivery|shipment)"
_PLACE = r"(?:you(?: guys)?|your (?:shop|store|office|company)|the (?:shop|store|office|company))"
_names = tomllib.loads(Path(__file__).with_name("names.toml").read_text("utf-8"))
_ABROAD = f"(?:the )?(?P<land>{'|'.join(_names['abroad'])})"
_PURSES = f"(?:{'|'.join(_names['purses'])})"
_SENDS = r"(?:ship|shipping|deliver|delivery|send|sending|post|postage|dispatch)"
_PAYS = r"(?:accept|take|support|offer|use|pay (?:with|by|via|using))"
_TO_A_LAND = rf"\b{_SENDS}\b.{{0,30}}\bto {_ABROAD}\b"
_WITH_A_PURSE = rf"\b{_PAYS}\b.{{0,20}}\b(?P<one>{_PURSES})\b|^\W*(?P<other>{_PURSES})\W*$"
_ANY = r"(?:do you have |are there |have you got )?(?:any )?(?:open )?"
_PHRASES = (
    # What is left of "won't" and "what's" between the signs, or typed without them, says nothing.
    (
        r"\b(?:ca|wo|do|does|did|is|are|was|were|has|have|had|would|could|should|must)n['’]?t\b",
        " ",
    ),
    (r"(?<=\w)['’](?:s|re|ve|ll|d|m)\b", " "),
    (r"^\W*(?:(?:can|could|would) you )?(?:please )?tell me (?:more )?(?:about )?", " "),
    # What stands before a topic that was suggested, in the languages that the assistant speaks.
    (r"^\W*(?:mehr dazu|en savoir plus|más sobre|mais sobre|المزيد عن)\s*:", " "),
    (r"\bhow (?:much|expensive) (?:is|are|was|were|for|will)\b", "price of"),
    (r"\b(?:cheapest|cheaper|(?:most|least|more|less) (?:expensive|costly))\b", "price"),
    # In "how long does it take" the word asks for a time, and stands in no answer.
    (
        r"\bhow (?:long|much|many|often|soon|old|far|big|large|high|tall|heavy|wide|quick|fast)\b",
        "how",
    ),
    (
        (
            r"\b(?:when|what time|how late|until when) (?:is|are|do|does)"
            rf" {_PLACE} (?:open|close)d?\b"
            r"|\b(?:is|are) (?:you|the shop|the store) (?:open|closed)\b"
            r"|\b(?:business|working|store|shop) hours\b|\bopen(?:ing)? times?\b"
        ),
        "opening hours",
    ),
    (
        (
            rf"\bwhere(?: is| are)?\s+my {_PARCEL}\b"
            rf"|\b(?:track|follow)(?:ing)? (?:my|an?|the) {_PARCEL}\b"
        ),
        "tracking following parcel delivery link",
    ),
    (_TO_A_LAND, r"\g<0> abroad"),
    (_WITH_A_PURSE, r"\g<0> ways to pay"),
    (
        rf"\b{_PARCEL} (?:is |was |got |went )?(?:lost|missing)\b|\b(?:lost|missing) {_PARCEL}\b",
        "parcel has not arrived",
    ),
    (r"\bpick(?:ing)?[ -]?up (?=my|the|an?|our|in|it|orders?|from)", "collect "),
    (r"\bpick (?=(?:my|the|an?|our) \w+ up\b)|\bclick (?:and|&) (?=collect)", "collect "),
    (
        rf"^\W*{_ANY}(?:jobs?|vacanc(?:y|ies)|careers?)\W*$|\bare you hiring\b",
        "jobs open positions",
    ),
    (r"\b(?<=\w )polic(?:y|ies)\b(?! (?:number|holder))", " "),
)
_CALLED = tuple(re.compile(pattern, re.IGNORECASE) for pattern in (_TO_A_LAND, _WITH_A_PURSE))
_COMPILED = tuple((re.compile(pattern, re.IGNORECASE), words) for pattern, words in _PHRASES)


@lru_cache(maxsize=1_000)
def looked_up_as(question: str) -> str:
    """The question as it is compared with documents."""
    for pattern, words in _COMPILED:
        question = pattern.sub(words, question)
    return question


def called_by_name(question: str) -> str:
    """What is named of which documents may only have the kind: Norway, a way to pay."""
    found = (match for each in _CALLED for match in each.finditer(question))
    return " ".join(name for match in found for name in match.groups() if name)

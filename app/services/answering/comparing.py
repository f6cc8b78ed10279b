"""Two things side by side, where no model can weigh them up: what the documents say of each.

"What is the difference between the 60 and the 100" has an answer in hardly any document, and words
that stand in all of them; what each of the two is stands in both.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from app.services.quoting import quoting
from app.services.quoting.quoting import Band, Quoted
from app.services.search import retrieval
from app.services.search.evidence import Draft, Evidence

PASSAGES = 5
LONGEST_NAME = 60
_THE = r"(?:the |your |a |an |der |die |das |dem |den |le |la |les |el |los |las |o |os |as )?"
_END = r"\W*$"
_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\bdifferences? between {_THE}(.+?) and {_THE}(.+?){_END}",
        rf"\bcompare {_THE}(.+?) (?:and|with|to) {_THE}(.+?){_END}",
        rf"\bhow (?:is|are|do|does) {_THE}(.+?) (?:different|differ) from {_THE}(.+?){_END}",
        rf"\b(?:which|what)(?: one)? is better\W+{_THE}(.+?) or {_THE}(.+?){_END}",
        rf"^\W*{_THE}(.+?) (?:vs\.?|versus) {_THE}(.+?){_END}",
        rf"\bunterschiede? zwischen {_THE}(.+?) und {_THE}(.+?){_END}",
        rf"\bdiff[eé]rences? entre {_THE}(.+?) et {_THE}(.+?){_END}",
        rf"\bdiferencias? entre {_THE}(.+?) y {_THE}(.+?){_END}",
        rf"\bdiferenças? entre {_THE}(.+?) e {_THE}(.+?){_END}",
    )
)


def pair_in(question: str) -> tuple[str, str] | None:
    """The two things that are to be compared, if that is what is asked."""
    for pattern in _PATTERNS:
        if match := pattern.search(question):
            one, other = match[1].strip(), match[2].strip()
            return (one, other) if max(len(one), len(other)) <= LONGEST_NAME else None
    return None


def compared(
    organization_id: UUID, pair: tuple[str, str]
) -> tuple[Quoted, Sequence[Evidence]] | None:
    """What is said of the one and of the other; nothing unless both are known."""
    found: list[Evidence] = []
    draft = Draft()
    confidence = 1.0
    for name in pair:
        evidence = retrieval.evidence_for(organization_id, name, limit=PASSAGES)
        quoted = quoting.quote(name, evidence)
        if quoted.band is not Band.ANSWERED:
            return None
        draft.sentences += [
            replace(each, rests_on=tuple(place + len(found) for place in each.rests_on))
            for each in quoted.draft.sentences
        ]
        found += evidence
        confidence = min(confidence, quoted.confidence)
    return Quoted(Band.ANSWERED, draft, confidence, on_topic=1.0), found

"""What else a visitor may want to ask: only what the documents at hand have a section about.

Questions that stand in the documents come first; other headings are said as one would ask for
them. What was asked or answered already is left out, and what hardly bears on the question.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from app.services.answering.headings import NUMBERED, QUESTION, as_asked, is_asked_for
from app.services.search import lexical
from app.services.search.evidence import Evidence

MOST = 3
LONGEST = 70
BETWEEN = " › "
# A section that scored far below the best has little to do with the question.
NEAR_THE_BEST = 0.35


def suggestions(
    question: str,
    evidence: Sequence[Evidence],
    used: Collection[int],
    language: str = "en",
    earlier: Sequence[str] = (),
) -> list[str]:
    """Sections of the cited documents that were not cited; `used` are places of the evidence."""
    if not evidence or not used:
        return []
    cited = {evidence[place].document_id for place in used}
    asked = [_key(text) for text in (question, *earlier)]
    known = [_key(_heading(evidence[place])) for place in used]
    best = max(each.score for each in evidence)
    texts = " ".join(each.text for each in evidence)
    found: list[str] = []
    for place, each in enumerate(evidence):
        heading = _heading(each)
        if place in used or each.document_id not in cited or each.score < NEAR_THE_BEST * best:
            continue
        if not is_asked_for(each.heading.rpartition(BETWEEN)[2].strip()):
            continue
        key = _key(heading)
        if key in known or any(key <= words for words in asked):
            continue
        known.append(key)
        found.append(as_asked(heading, each.title, texts, language, question))
    fitting = [text for text in found if text and len(text) <= LONGEST]
    # Questions come first; otherwise the order of the search remains.
    return sorted(fitting, key=lambda text: not QUESTION.search(text))[:MOST]


def _heading(evidence: Evidence) -> str:
    return NUMBERED.sub("", evidence.heading.rpartition(BETWEEN)[2].strip()).rstrip(".:")


def _key(text: str) -> frozenset[str]:
    return frozenset(lexical.concepts_of(text))

"""What else a visitor may want to ask: only what the documents at hand have a section about.

A heading becomes what somebody would say who asks for it: a question where one can be made of it
without guessing, and otherwise the plain topic.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from app.services.search import lexical
from app.services.search.evidence import Evidence

MOST = 3
LONGEST = 70
BETWEEN = " › "
# A section that scored far below the best has little to do with the question.
NEAR_THE_BEST = 0.35
# Sections of which nobody would ask.
EMPTY = re.compile(
    r"(?:introduction|overview|notes?|contents|table of contents|summary|appendix|general|misc\w*"
    r"|faq|see also|steps|example|an example|the short answer|references|external links|einleitung"
    r"|inhalt|introducci[oó]n)\W*",
    re.IGNORECASE,
)
QUESTION = re.compile(r"[?？؟]$")
NUMBERED = re.compile(r"^\d+[.)]\s+")
HOW_TO = re.compile(r"how to (?=\w)", re.IGNORECASE)
# "When the money comes" asks for a time; "When it does not come", for what to do then.
CASE = re.compile(
    r"(?:if|when(?=.*\b(?:not|no|none|never|cannot|nothing|\w+n['’]t)\b)) ", re.IGNORECASE
)
ADDRESSED = re.compile(r"\byou\b", re.IGNORECASE)
YOUR = re.compile(r"\byour\b", re.IGNORECASE)


def suggestions(question: str, evidence: Sequence[Evidence], used: Collection[int]) -> list[str]:
    """Headings of the cited documents that were not cited, as questions; `used` are places."""
    if not evidence or not used:
        return []
    cited = {evidence[place].document_id for place in used}
    known = {_key(question), *(_key(_heading(evidence[place])) for place in used)}
    best = max(each.score for each in evidence)
    found: list[tuple[bool, str]] = []
    for place, each in enumerate(evidence):
        heading = _heading(each)
        near = each.score >= NEAR_THE_BEST * best
        if place in used or each.document_id not in cited or not near or not _is_telling(heading):
            continue
        if _key(heading) in known:
            continue
        known.add(_key(heading))
        asked = _asked(heading, each.title)
        found.append((not QUESTION.search(asked), asked))
    # Questions come first; otherwise the order of the search remains.
    return [text for _, text in sorted(found, key=lambda pair: pair[0]) if len(text) <= LONGEST][
        :MOST
    ]


def _heading(evidence: Evidence) -> str:
    return NUMBERED.sub("", evidence.heading.rpartition(BETWEEN)[2].strip()).rstrip(".:")


def _is_telling(heading: str) -> bool:
    return bool(heading) and not EMPTY.fullmatch(heading) and bool(lexical.stems_of(heading))


def _asked(heading: str, title: str) -> str:
    """As the visitor would say it; what is too short to stand alone says what it is about."""
    if QUESTION.search(heading):
        return heading
    said = heading if ADDRESSED.search(heading) else YOUR.sub("my", heading)
    for opening, words in ((HOW_TO, "How do I "), (CASE, "What if ")):
        if opening.match(said):
            return f"{opening.sub(words, said, count=1)}?"
    subject = re.split(r"\s*[:–—|(?]\s*", title)[0].strip()
    if len(_key(heading)) > 1 or not subject or _key(subject) & _key(heading):
        return said
    return f"{subject}: {said}"


def _key(text: str) -> frozenset[str]:
    return frozenset(lexical.stems_of(text))

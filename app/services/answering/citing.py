"""The small numbers behind sentences, and what each of them opens."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from app.services.search.evidence import Draft, Evidence, Sentence

LONGEST_QUOTE = 700


class Numbering:
    """Counts the passages in the order in which sentences first rest on them."""

    def __init__(self, evidence: Sequence[Evidence]) -> None:
        self._evidence = evidence
        self._numbers: dict[int, int] = {}

    def numbers(self, sentence: Sentence) -> tuple[int, ...]:
        for place in sentence.rests_on:
            self._numbers.setdefault(place, len(self._numbers) + 1)
        return tuple(self._numbers[place] for place in sentence.rests_on)

    def citations(self, wanted: Sequence[int] | None = None) -> tuple[dict[str, object], ...]:
        """What the numbers stand for; all of them where none are named."""
        return tuple(
            _citation(number, self._evidence[place])
            for place, number in self._numbers.items()
            if wanted is None or number in wanted
        )

    def sentences(self, draft: Draft) -> list[dict[str, object]]:
        return [
            {"text": each.text, "lead": each.lead, "citations": list(self.numbers(each))}
            for each in draft.sentences
        ]


def hosts_of(evidence: Sequence[Evidence]) -> frozenset[str]:
    """The sites that the passages come from: a link to them leads nowhere new."""
    hosts = (urlsplit(each.url).hostname for each in evidence if each.url)
    return frozenset(host for host in hosts if host)


def _citation(number: int, evidence: Evidence) -> dict[str, object]:
    quote = evidence.text
    if len(quote) > LONGEST_QUOTE:
        quote = quote[:LONGEST_QUOTE].rsplit(" ", 1)[0] + " …"
    return {
        "n": number,
        "passage_id": str(evidence.passage_id),
        "document_id": str(evidence.document_id),
        "title": evidence.title,
        "heading": evidence.heading,
        "page": evidence.page,
        "url": evidence.url,
        "quote": quote,
    }

"""What an answer may be made from: passages as plain values, which outlive the database session."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID


@dataclass(frozen=True)
class Evidence:
    """A passage that bears on the question, with what speaks for it (each part from 0 to 1)."""

    passage_id: UUID
    document_id: UUID
    title: str
    text: str
    heading: str = ""
    page: int | None = None
    url: str | None = None
    kind: str = "prose"
    ordinal: int = 0
    score: float = 0.0
    words: float = 0.0
    pairs: float = 0.0
    meaning: float | None = None
    # The texts that stand right before and after it in the same document, if they are there.
    before: str = ""
    after: str = ""


@dataclass(frozen=True)
class Citation:
    """Where a sentence stands: what a visitor can open and read."""

    passage_id: UUID
    document_id: UUID
    title: str
    heading: str = ""
    page: int | None = None
    url: str | None = None
    quote: str = ""


@dataclass(frozen=True)
class Sentence:
    """A sentence of an answer with the evidence it rests on, by its place in the list given."""

    text: str
    rests_on: tuple[int, ...] = ()
    # How what follows is set apart: a space, a line break for an item of a list, a blank line.
    lead: str = " "


@dataclass(frozen=True)
class Withheld:
    """A sentence that the visitor does not get to see, and why: the team may read it."""

    text: str
    reason: str


@dataclass
class Draft:
    """An answer in the making; `sentences` are those that were released."""

    sentences: list[Sentence] = field(default_factory=list)
    withheld: list[Withheld] = field(default_factory=list)

    @property
    def text(self) -> str:
        whole = ""
        for each in self.sentences:
            whole += (each.lead if whole else "") + each.text
        return whole


def cite(evidence: Evidence, quote: str = "") -> Citation:
    """The citation of a passage, quoting the part that matters or all of it."""
    return Citation(
        passage_id=evidence.passage_id,
        document_id=evidence.document_id,
        title=evidence.title,
        heading=evidence.heading,
        page=evidence.page,
        url=evidence.url,
        quote=quote or evidence.text,
    )
